"""The course of a scenario: what is lost a day, with the step that is looked at."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import polars as pl

from kopir.report.sections.charts import Spec, themed

WIDTH, HEIGHT = 560, 150


def course_chart(table: pl.DataFrame, step: int, *, axis: str) -> Spec:
    """Return the loss of each step (million USD a day), with a rule at ``step`` (counted from 0).

    ``table`` is that of :class:`kopir.strategy.course.stress.StressResult`: ``first``, ``days``, ``loss_musd``.
    """
    values = [
        {"first": row["first"].isoformat(), "loss": round(row["loss_musd"] / row["days"], 6)}
        for row in table.iter_rows(named=True)
    ]
    end: date = table["first"][-1] + timedelta(days=table["days"][-1])
    values.append({"first": end.isoformat(), "loss": values[-1]["loss"]})
    x = alt.X("first:T", title=None).axis(grid=False, format="%Y-%m-%d", labelOverlap=True, tickCount=5)
    y = alt.Y("loss:Q", title=axis).axis(tickCount=4)
    base = alt.Chart(alt.InlineData(values=values))
    area = base.mark_area(interpolate="step-after", color="var(--tint3)", line={"color": "var(--accent)"})
    here = alt.Chart(alt.InlineData(values=[values[step]])).mark_rule(color="var(--ink)", strokeWidth=2)
    return themed(alt.layer(area.encode(x=x, y=y), here.encode(x=x)).properties(width=WIDTH, height=HEIGHT))
