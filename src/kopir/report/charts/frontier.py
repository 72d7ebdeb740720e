"""What more capital buys: the residual loss of the best plan by budget, a panel for each rule."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from kopir.core.codes import Language
from kopir.report.sections.charts import Spec, themed, thousands

COLUMNS = 2
WIDTH, HEIGHT = 290, 150
_ROOM = 1.12
_EXTENT = 50
"""Pixels for the numbers of an axis, so that panels stand below each other."""


def frontier_chart(
    table: pl.DataFrame, *, language: Language, rules: Mapping[str, str], budget: str, residual: str
) -> Spec:
    """Return the frontier of :class:`kopir.strategy.plans.plan.PlanResult` (million USD, million USD a year).

    A plan is best from its capital up to the next step. Axes of losses do not begin at nought, so that steps
    can be told apart; ``rules`` names the rules, ``budget`` and ``residual`` the axes.
    """
    end = max(1.0, float(table["from_budget_musd"].max() or 0.0) * _ROOM)  # type: ignore[arg-type]
    x = alt.X("budget:Q", title=budget, scale=alt.Scale(domain=[0, end], nice=False)).axis(grid=False, tickCount=4)
    y = alt.Y("left:Q", title=residual, scale=alt.Scale(zero=False)).axis(
        tickCount=4, labelExpr=thousands(language), minExtent=_EXTENT
    )
    panels = []
    for name in table["rule"].unique(maintain_order=True):
        rows = table.filter(pl.col("rule") == name).sort("from_budget_musd")
        values = [
            {"budget": at, "left": left}
            for at, left in rows.select("from_budget_musd", "residual_musd").iter_rows()
        ]
        steps = alt.Chart(alt.InlineData(values=[*values, {"budget": end, "left": values[-1]["left"]}]))
        dots = alt.Chart(alt.InlineData(values=values))
        panel = alt.layer(
            steps.mark_line(interpolate="step-after", color="var(--accent)", strokeWidth=2.2).encode(x=x, y=y),
            dots.mark_point(color="var(--accent)", filled=True, size=26).encode(x=x, y=y),
        )
        heading = alt.TitleParams(rules.get(name, name), color="var(--ink)", fontSize=13, anchor="start")
        panels.append(panel.properties(width=WIDTH, height=HEIGHT, title=heading))
    return themed(alt.concat(*panels, columns=COLUMNS, spacing=26))
