"""Which assets matter most: what each takes alone, and what it adds to the loss of others, as bars."""

from __future__ import annotations

import altair as alt
import polars as pl

from kopir.core.codes import Language
from kopir.report.sections.charts import Spec, themed, thousands

SHOWN = 15
WIDTH, STEP = 430, 30
_ADDED, _ALONE = "var(--accent)", "var(--flow)"


def critical_chart(table: pl.DataFrame, *, language: Language, alone: str, added: str, axis: str) -> Spec:
    """Return bars of the first assets of :class:`kopir.strategy.outages.outages.OutagesResult`'s ``critical``.

    ``alone`` and ``added`` name the two bars of an asset, ``axis`` the unit of both (million USD or Mt a year).
    """
    amounts = [name for name in table.columns if name.startswith(("alone_", "added_"))]
    rows = table.head(SHOWN).select("asset", *sorted(amounts, reverse=True))
    values = [
        {"asset": asset, "what": what, "lost": lost}
        for asset, *both in rows.iter_rows()
        for what, lost in zip((alone, added), both, strict=True)
    ]
    bars = alt.Chart(alt.InlineData(values=values)).mark_bar()
    colours = alt.Scale(domain=[alone, added], range=[_ALONE, _ADDED])
    legend = alt.Legend(orient="top", labelLimit=400, labelFontSize=12, labelColor="var(--ink)")
    return themed(
        bars.encode(
            y=alt.Y("asset:N", title=None, sort=rows["asset"].to_list()).axis(labelLimit=220),
            yOffset=alt.YOffset("what:N", sort=[alone, added]),
            x=alt.X("lost:Q", title=axis).axis(tickCount=4, labelExpr=thousands(language)),
            color=alt.Color("what:N", title=None, scale=colours, legend=legend),
        ).properties(width=WIDTH, height=STEP * rows.height)
    )
