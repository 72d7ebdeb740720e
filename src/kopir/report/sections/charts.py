"""Charts as Vega-Lite specifications: small multiples of curves, and the heatmap of partners and measures.

Colours are CSS variables, so that one drawing serves light, dark and print; every value that colour shows is
also printed, and lines differ by dash.
"""

from __future__ import annotations

from typing import Any, Protocol

import altair as alt
import polars as pl
from babel.numbers import get_group_symbol

from kopir.core.codes import Language
from kopir.report.content import Number
from kopir.report.messages import Messages
from kopir.report.numbers import SIGNS, printed, rounded, significant
from kopir.report.sections.kinds import Kind, kinds
from kopir.report.telling import Telling

Spec = dict[str, Any]
FONT = "system-ui, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
SHADES = tuple(f"var(--shade{step})" for step in range(6))
"""Six steps from nothing to the largest of a column."""

_TONNES = ("control", "stranded")
_HEAT = (
    "sensitivity_musd",
    "leverage_musd",
    "budget_musd",
    "foreign_musd",
    "own_income_musd",
)
_DASHES = ([1, 3], [6, 4], [1, 0])


def themed(chart: Any, *, title_size: int = 13) -> Spec:  # noqa: ANN401 - altair has no common type of its charts
    """Return the specification of a chart in the manner of the brief."""
    ink, quiet = "var(--ink)", "var(--quiet)"
    configured = chart.configure(
        background="transparent",
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=ink,
            titleColor=ink,
            gridColor="var(--grid)",
            domainColor=quiet,
            tickColor=quiet,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=260,
        ),
        header=alt.HeaderConfig(labelColor=ink, titleColor=ink, labelFontSize=title_size, labelFontWeight="bold"),
        text=alt.MarkConfig(color=ink, fontSize=12),
    )
    spec: Spec = configured.to_dict()
    spec.pop("$schema", None)
    return spec


def thousands(language: Language) -> str:
    """Return the expression of an axis whose numbers have thousands apart in the manner of a language."""
    return f"replace(format(datum.value, ',~r'), /,/g, '{get_group_symbol(language)}')"


class Speaker(Protocol):
    """What has texts in a language and names for codes: a brief that is told, or the words of a page."""

    @property
    def messages(self) -> Messages:
        """The texts."""

    def name(self, code: str) -> str:
        """Return the name of a code."""


def curve_chart(
    telling: Speaker,
    table: pl.DataFrame,
    parties: tuple[str, ...],
    *,
    measure: str,
    axis: str = "curves.axis.stranded",
) -> Spec:
    """Return a measure over the months of a refusal, one panel a partner, one line a severity."""
    say, language = telling.messages, telling.messages.language
    severities = sorted(set(table["severity"].to_list()))
    panels = []
    top = max(1e-9, float(table[measure].max() or 0.0)) * 1.08  # type: ignore[arg-type]
    x = alt.X("months:Q", title=say.text("curves.axis.months"), scale=alt.Scale(domain=[0, 44]))
    x = x.axis(values=[1, 6, 12, 24, 36], grid=False)
    for party in parties:
        rows = table.filter(pl.col("party") == party)
        values = [
            {
                "months": row["months"],
                "mt": row[measure],
                "severity": f"{100 * row['severity']:g} %",
                "end": rounded(row[measure], min(2, significant(row[measure], 2)), language),
            }
            for row in rows.sort("severity", "months").iter_rows(named=True)
        ]
        last = max(value["months"] for value in values)
        ends = [
            value | {"label": f"{value['severity']}: {value['end']}"}
            for value in values
            if value["months"] == last
        ]
        y = alt.Y("mt:Q", title=say.text(axis), scale=alt.Scale(domain=[0, top])).axis(
            labelExpr=thousands(language)
        )
        names = [f"{100 * severity:g} %" for severity in severities]
        dash = alt.StrokeDash(
            "severity:N", legend=None, scale=alt.Scale(domain=names, range=list(_DASHES[-len(names) :]))
        )
        lines = alt.Chart(alt.InlineData(values=values)).mark_line(color="var(--accent)", strokeWidth=2.2)
        dots = alt.Chart(alt.InlineData(values=values)).mark_point(color="var(--accent)", filled=True, size=22)
        labels = alt.Chart(alt.InlineData(values=_apart(ends, top))).mark_text(align="left", dx=6, fontSize=11)
        panel = alt.layer(
            lines.encode(x=x, y=y, strokeDash=dash),
            dots.encode(x=x, y=y),
            labels.encode(x=x, y=alt.Y("at:Q", scale=alt.Scale(domain=[0, top])), text="label:N"),
        )
        panels.append(panel.properties(width=290, height=170, title=_title(telling.name(party))))
    return themed(alt.concat(*panels, columns=2, spacing=26))


def _apart(ends: list[dict[str, Any]], top: float) -> list[dict[str, Any]]:
    """Return labels at the ends of lines, moved up so that none covers another."""
    gap, floor = top * 0.085, -top * 0.045
    placed = []
    for end in sorted(ends, key=lambda value: (value["mt"], value["severity"])):
        floor = max(end["mt"], floor + gap)
        placed.append(end | {"at": floor})
    return placed


def _title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, color="var(--ink)", fontSize=13, anchor="start", font=FONT)


def heatmap(telling: Telling) -> Spec:
    """Return partners by measures: shade is the share of its column's largest loss, the number is printed."""
    say = telling.messages
    tonnes = {
        (kind, measure): kind.of(say.text(f"heatmap.column.{measure}")) for kind, measure in _of_goods(telling)
    }
    money = [*_HEAT[:2], *(() if telling.results.coalitions is None else ("shapley",)), *_HEAT[2:]]
    heads = tonnes | {(None, measure): say.text(f"heatmap.column.{measure}") for measure in money}
    values = []
    for column, head in heads.items():
        numbers = {partner: _heat_number(telling, partner, *column) for partner in telling.results.partners}
        largest = max((number.value for number in numbers.values() if number.value is not None), default=0.0)
        for partner, number in numbers.items():
            share = max(0.0, number.value) / largest if number.value is not None and largest > 0 else 0.0
            values.append(
                {
                    "partner": telling.name(partner),
                    "measure": head,
                    "share": round(share, 6),
                    "dark": share > 0.45,
                    "text": _central(number, telling),
                }
            )
    x = alt.X("measure:N", sort=list(heads.values()), title=None)
    x = x.axis(
        orient="top",
        labelAngle=0,
        labelExpr="split(datum.label, '|')",
        domain=False,
        ticks=False,
        labelPadding=20,
        labelLineHeight=14,
    )
    y = alt.Y("partner:N", sort=[telling.name(partner) for partner in telling.results.partners], title=None)
    y = y.axis(domain=False, ticks=False, labelFontSize=13)
    fill = alt.Fill(
        "share:Q",
        legend=None,
        scale=alt.Scale(type="threshold", domain=[0.005, 0.1, 0.25, 0.45, 0.7], range=list(SHADES)),
    )
    base = alt.Chart(alt.InlineData(values=values))
    cells = base.mark_rect(stroke="var(--paper)", strokeWidth=2).encode(x=x, y=y, fill=fill)
    ink = alt.condition("datum.dark", alt.value("var(--on-shade)"), alt.value("var(--ink)"))
    texts = base.mark_text(fontSize=12).encode(x=x, y=y, text="text:N", color=ink)
    width, height = 84 * len(heads), 30 * len(telling.results.partners)
    return themed(alt.layer(cells, texts).properties(width=width, height=height))


def _of_goods(telling: Telling) -> list[tuple[Kind, str]]:
    return [(kind, measure) for kind in kinds(telling) for measure in _TONNES]


def _heat_number(telling: Telling, partner: str, kind: Kind | None, measure: str) -> Number:
    results = telling.results
    if kind is not None and measure == "control":
        return Number("", results.controlled(results.worst, partner, "before", kind.goods), "Mt/yr", "")
    if kind is not None:
        return telling.measure(partner, kind.goods.column(measure))
    if measure == "shapley":
        assert results.coalitions is not None
        rows = results.coalitions.shares.filter(pl.col("player") == partner)
        return Number("", rows["shapley_musd"][0], "million USD/yr", "")
    return telling.measure(partner, measure)


def _central(number: Number, telling: Telling) -> str:
    """Return a number without its interval, which stands in the table."""
    plain = Number(number.id, number.value, number.unit, number.ground, rest=number.rest)
    return printed(plain, telling.messages.language).rstrip("".join(SIGNS.values()))
