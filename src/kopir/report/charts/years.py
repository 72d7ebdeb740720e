"""What ties one partner and the focal state over the years: a small panel for each function."""

from __future__ import annotations

import altair as alt
import polars as pl

from kopir.core.codes import Language
from kopir.report.numbers import rounded
from kopir.report.sections.charts import Spec, themed

COLUMNS = 3
WIDTH, HEIGHT = 180, 90
_ROOM = 0.14
"""Share of the years left free at the right, for the last value."""

_LOW = 9
"""Share (%) below which its number would stand on the axis."""


def years_chart(table: pl.DataFrame, *, language: Language) -> Spec:
    """Return shares over the years, a panel for each ``title`` and ``side`` in the order of the table.

    ``table``: title, side (what stands below the title), year, share, low, high (shares from 0 to 1). A band spans
    low to high, the last share is printed; all panels have the same years and go from 0 to 100 %.
    """
    years = sorted(set(table["year"].to_list()))
    span = max(1, years[-1] - years[0])
    x = alt.X("year:Q", title=None, scale=alt.Scale(domain=[years[0], years[-1] + _ROOM * span], nice=False))
    x = x.axis(values=sorted({years[0], years[-1]}), format="d", grid=False)
    y = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 100])).axis(
        values=[0, 50, 100], labelExpr="datum.value + ' %'"
    )
    panels = []
    for title, side in table.select("title", "side").unique(maintain_order=True).iter_rows():
        rows = table.filter((pl.col("title") == title) & (pl.col("side") == side)).sort("year")
        values = [
            {"year": row["year"], **{name: round(100 * row[name], 4) for name in ("share", "low", "high")}}
            for row in rows.iter_rows(named=True)
        ]
        last = values[-1]
        told = {**last, "text": f"{rounded(last['share'], 0 if last['share'] >= 10 else 1, language)} %"}
        base = alt.Chart(alt.InlineData(values=values))
        band = base.mark_area(color="var(--accent)", opacity=0.22)
        label = alt.Chart(alt.InlineData(values=[told])).mark_text(
            align="left", dx=6, dy=-6 if last["share"] < _LOW else 0, fontWeight="bold"
        )
        panel = alt.layer(
            band.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
            base.mark_line(color="var(--accent)", strokeWidth=2.2).encode(x=x, y=y),
            base.mark_point(color="var(--accent)", filled=True, size=22).encode(x=x, y=y),
            label.encode(x=x, y=y, text="text:N"),
        )
        heading = alt.TitleParams(
            title, color="var(--ink)", fontSize=12, anchor="start", limit=WIDTH + 40, subtitle=side or " "
        )
        heading.subtitleColor = "var(--quiet)"
        panels.append(panel.properties(width=WIDTH, height=HEIGHT, title=heading))
    return themed(alt.concat(*panels, columns=COLUMNS, spacing=22))
