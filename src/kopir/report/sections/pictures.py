"""The three pictures of the two pages: the map, the loss by severity and duration, partners by function."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import altair as alt
import polars as pl

from kopir.report.content import Cell, Figure, Number, Table
from kopir.report.numbers import printed, rounded, significant
from kopir.report.sections.charts import SHADES, Spec, curve_chart, themed
from kopir.report.sections.kinds import drawn, drawn_only
from kopir.report.sections.map import response_map
from kopir.report.telling import Telling

PANELS = 2
PARTNERS, FUNCTIONS = 8, 8
"""Rows and columns of the picture; the table behind it holds all."""
_STEPS = (0.005, 0.1, 0.25, 0.45, 0.7)
_LONGEST = 13


def exposure_map(telling: Telling) -> Figure | None:
    """Return the map of what the worst refusal leaves, states shaded by what theirs costs, or nothing to draw."""
    say = telling.messages
    spec = response_map(telling)
    if spec is None:
        return None
    partner = telling.name(telling.results.worst)
    caption = f"{say.text('pictures.exposure', partner=partner)}{drawn_only(telling)}"
    return Figure(
        "exposure",
        caption,
        say.text("pictures.exposure_described", partner=partner),
        spec,
        drawn(telling).key("flows"),
    )


def severity_picture(telling: Telling) -> Figure | None:
    """Return the loss by severity and duration of the refusals that cost most."""
    say, results = telling.messages, telling.results
    parties = results.partners[:PANELS]
    table = results.curves.table.filter(pl.col("party").is_in(parties))
    if table.is_empty() or float(table["loss_musd"].max() or 0.0) <= 0:  # type: ignore[arg-type]
        return None
    spec = curve_chart(telling, table, parties, measure="loss_musd", axis="curves.axis.loss")
    return Figure("severity", say.text("pictures.severity"), say.text("curves.description"), spec, "curves_musd")


@dataclass(frozen=True)
class Tie:
    """What ties a partner to the focal state in a function: its share, and what its refusal costs, if known."""

    function: str
    partner: str
    year: int | None
    share: float | None
    loss_musd: float | None


def ties(telling: Telling) -> tuple[Tie, ...]:
    """Return the ties of the portfolio, one a function and partner, each with its latest share."""
    found: dict[tuple[str, str], Tie] = {}
    for row in telling.results.portfolio.table.iter_rows(named=True):
        key = (row["function"], row["partner"])
        one = Tie(*key, row["year"], row["share"], row["leverage_musd"])
        held = found.get(key)
        if held is not None:
            newer = held.share is None or (one.share is not None and (one.year or 0) > (held.year or 0))
            loss = held.loss_musd if one.loss_musd is None else one.loss_musd
            chosen = one if newer else held
            one = Tie(*key, chosen.year, chosen.share, loss)
        found[key] = one
    return tuple(found[key] for key in sorted(found))


def function_picture(telling: Telling) -> Figure | None:
    """Return partners by functions: shade is the share, numbers are printed; nothing where no tie is known."""
    held = ties(telling)
    if not held:
        return None
    say = telling.messages
    spec = _grid(telling, held)
    return Figure(
        "functions", say.text("pictures.functions"), say.text("pictures.functions_described"), spec, "ties"
    )


def tie_table(telling: Telling) -> Table | None:
    """Return every tie that the picture draws from, with its year."""
    held = ties(telling)
    if not held:
        return None
    say, grounds = telling.messages, telling.grounds
    rows: list[tuple[Cell, ...]] = []
    for one in held:
        ground = next(
            (name for name in (f"ties:{one.function}", f"leverage:{one.partner}") if grounds.has(name)), "model"
        )
        stem = f"tie:{one.function}:{one.partner}"
        share = None if one.share is None else 100 * one.share
        rows.append(
            (
                telling.name(one.function),
                telling.name(one.partner),
                str(one.year or ""),
                grounds.number(f"{stem}:share", share, "%", ground),
                grounds.number(f"{stem}:loss_musd", one.loss_musd, "million USD/yr", ground),
            )
        )
    heads = tuple(say.text(f"pictures.column.{name}") for name in ("function", "partner", "year", "share", "loss"))
    return Table("ties", say.text("pictures.table", frame=telling.frame), heads, tuple(rows), folded=True)


def _grid(telling: Telling, held: tuple[Tie, ...]) -> Spec:
    functions, partners = _shown(telling, held)
    values = []
    for one in held:
        if one.function in functions and one.partner in partners:
            share = one.share or 0.0
            values.append(
                {
                    "function": _wrapped(telling.name(one.function)),
                    "partner": telling.name(one.partner),
                    "share": round(share, 6),
                    "dark": share > _STEPS[3],
                    "first": _share_text(telling, one),
                    "second": _loss_text(telling, one),
                }
            )
    pad = 6 + 13 * max(heading.count("|") for heading in map(_wrapped, map(telling.name, functions)))
    x = alt.X("function:N", sort=[_wrapped(telling.name(one)) for one in functions], title=None)
    x = x.axis(
        orient="top",
        labelAngle=0,
        labelExpr="split(datum.label, '|')",
        domain=False,
        ticks=False,
        labelLineHeight=13,
        labelPadding=pad,
    )
    y = alt.Y("partner:N", sort=[telling.name(one) for one in partners], title=None)
    y = y.axis(domain=False, ticks=False)
    fill = alt.Fill(
        "share:Q", legend=None, scale=alt.Scale(type="threshold", domain=list(_STEPS), range=list(SHADES))
    )
    base = alt.Chart(alt.InlineData(values=values))
    ink = alt.condition("datum.dark", alt.value("var(--on-shade)"), alt.value("var(--ink)"))
    layers: list[alt.Chart] = [base.mark_rect(stroke="var(--paper)", strokeWidth=2).encode(x=x, y=y, fill=fill)]
    first = base.mark_text(fontSize=11, dy=-6)
    second = base.mark_text(fontSize=11, dy=8, fontWeight="bold")
    layers += [
        first.encode(x=x, y=y, text="first:N", color=ink),
        second.encode(x=x, y=y, text="second:N", color=ink),
    ]
    width, height = max(240, 92 * len(functions)), 36 * len(partners)
    return themed(alt.layer(*layers).properties(width=width, height=height))


def _wrapped(text: str) -> str:
    """Return a heading on lines of at most a dozen letters where its words allow, parted by bars."""
    return "|".join(textwrap.wrap(text, _LONGEST, break_long_words=False))


def _shown(telling: Telling, held: tuple[Tie, ...]) -> tuple[list[str], list[str]]:
    """Return the functions and partners that are drawn: those with losses first, then those with most ties."""

    def by_weight(of: str) -> list[str]:
        weight: dict[str, tuple[float, int]] = {}
        for one in held:
            loss, count = weight.get(getattr(one, of), (0.0, 0))
            weight[getattr(one, of)] = (loss + max(0.0, one.loss_musd or 0.0), count + (one.share is not None) + 1)
        return sorted(weight, key=lambda name: (-weight[name][0], -weight[name][1], name))

    return by_weight("function")[:FUNCTIONS], by_weight("partner")[:PARTNERS]


def _share_text(telling: Telling, one: Tie) -> str:
    if one.share is None:
        return "" if one.loss_musd is not None else "•"
    return f"{rounded(100 * one.share, 0 if one.share >= 0.1 else 1, telling.messages.language)} %"


def _loss_text(telling: Telling, one: Tie) -> str:
    if one.loss_musd is None:
        return ""
    number = Number("", one.loss_musd, "million USD/yr", "")
    if abs(one.loss_musd) >= 1000:
        shown = rounded(one.loss_musd, significant(one.loss_musd, 2), telling.messages.language)
        return telling.messages.text("pictures.loss", loss=shown)
    return telling.messages.text("pictures.loss", loss=printed(number, telling.messages.language))
