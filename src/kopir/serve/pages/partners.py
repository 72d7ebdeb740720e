"""Partners: what each refusal costs, partner by function, and a page for each partner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.ties.functions import Direction, FunctionBook, read_functions
from kopir.report.forms.grids import Grid
from kopir.serve.charts.pictures import Picture, picture
from kopir.serve.choice import Choice
from kopir.serve.tables import Shown, shown, why
from kopir.serve.view import View

if TYPE_CHECKING:
    from kopir.model.grounds.answers import Answer
    from kopir.serve.desk import Desk
    from kopir.serve.words import Words
    from kopir.strategy.portfolio.result import PortfolioResult

_COSTS: Mapping[str, tuple[str, str] | None] = {
    "income_musd": ("income_musd_low", "income_musd_high"),
    "leverage_musd": ("leverage_musd_low", "leverage_musd_high"),
    "shapley_musd": None,
    "own_income_musd": None,
}
"""Money of the table of refusals, with the columns of its ends."""
_TIES = ("function", "measure", "year", "value", "unit", "share", "first_year", "first_share")


def partners(desk: Desk, words: Words, choice: Choice) -> View:
    """Return every partner: what its refusal costs, and what ties there are by function."""
    costs = desk.warm()
    held = _portfolio(desk)
    matrix = _matrix(held.result)
    tables = [_cost_table(words, choice, costs.table)]
    if matrix.height:
        tables.append(
            shown(
                words,
                "partners",
                matrix.rename({name: words.name(name) for name in matrix.columns if name != "partner"}),
                names=("partner",),
                href=lambda row, column: _partner_page(choice, row) if column == "partner" else "",
            )
        )
    return View(
        template="partners.html",
        title=words.text("partners.title"),
        context={"tables": tables},
        record={"leverage": costs.as_record(), "ties": held.result.table.to_dicts()},
        main=Grid.of(costs.table),
        parts=(Grid.of(matrix, "partner by function"), Grid.of(held.result.table, "ties")),
        run=costs.run,
    )


def partner(desk: Desk, words: Words, choice: Choice, code: str, *, curved: bool = False) -> View:
    """Return one partner, with its loss by severity and duration where it is to be ``curved``.

    Raises :class:`InputError` for a code that the model does not know.
    """
    if code not in desk.project.setup.clauses.members:
        raise InputError(Fault("K0501", f"unknown jurisdiction {code!r}", "see /partners", value=code[:80]))
    costs, held = desk.warm(), _portfolio(desk)
    own = costs.table.filter(pl.col("partner") == code)
    ties = held.result.table.filter(pl.col("partner") == code)
    columns = [name for name in _TIES if name in ties.columns]
    tables: list[Shown] = []
    if own.height:
        tables.append(_cost_table(words, choice, own))
    if ties.height:
        tables.append(_tie_table(words, ties.select(columns), code))
    years = shares_over_years(words, read_functions(desk.project.model), code)
    curve = _curve(desk, code) if curved and own.height else None
    return View(
        template="partner.html",
        title=words.name(code),
        context={
            "code": code,
            "tables": tables,
            "sentences": _sentences(words, ties),
            "years": _years_picture(words, years),
            "curve": None if curve is None else _curve_picture(words, curve, code),
            "curve_href": choice.at(f"/partners/{code}", curves="1") if own.height and not curved else "",
            "refuse": choice.toggled(deny=code).at("/"),
            "known": bool(own.height),
            "closes": sorted({words.name(asset) for _, asset in desk.project.setup.clauses.controlled_by(code)}),
        },
        record={"partner": code, "leverage": own.to_dicts(), "ties": ties.to_dicts()}
        | {"years": years.to_dicts(), "curves": None if curve is None else curve.to_dicts()},
        main=Grid.of(ties.select(columns) if ties.height else own),
        parts=(
            Grid.of(own, "what its refusal costs"),
            Grid.of(years, "shares by year"),
            *(() if curve is None else (Grid.of(curve, "by severity and duration"),)),
        ),
        run=costs.run,
    )


def _tie_table(words: Words, ties: pl.DataFrame, code: str) -> Shown:
    """Return the ties of a partner, shares in per cent, with what each rests on."""
    shares = [name for name in ("share", "first_share") if name in ties.columns]
    percent = [(pl.col(name) * 100).round(1).alias(f"{name}_pct") for name in shares]

    def href(row: Mapping[str, object], column: str) -> str:
        return _tie(code, row, column.removesuffix("_pct")) if column in {"value", "share_pct"} else ""

    return shown(
        words,
        "ties",
        ties.select(*(name for name in ties.columns if name not in shares), *percent),
        names=("function", "measure"),
        caption=words.text("partners.ties"),
        href=href,
    )


def shares_over_years(words: Words, book: FunctionBook, code: str) -> pl.DataFrame:
    """Return the shares of one partner by function and year, where two years or more are known.

    Both ways: what part of the focal state's function the partner has, and what part of the partner's the focal
    state has (``direction``, in words ``side``).
    """
    focal = words.name(words.model.focal_state)
    directions: tuple[tuple[Direction, str], ...] = (("on_partner", ""), ("on_focal", f"← {focal}"))
    rows = []
    for direction, side in directions:
        for function in book.functions:
            known = {
                tie.year: tie.share
                for tie in book.of(function, direction=direction)
                if tie.partner == code and tie.share is not None and not tie.part
            }
            rows += [
                (function, direction, words.name(function), side, year, one.value, one.low, one.high)
                for year, one in sorted(known.items())
                if len(known) > 1
            ]
    texts = dict.fromkeys(("function", "direction", "title", "side"), pl.String)
    shares = dict.fromkeys(("share", "low", "high"), pl.Float64)
    return pl.DataFrame(rows, schema={**texts, "year": pl.Int64, **shares}, orient="row")


def _years_picture(words: Words, years: pl.DataFrame) -> Picture | None:
    from kopir.report.charts.years import years_chart

    if years.is_empty():
        return None
    about = words.text("partners.years_about", focal=words.name(words.model.focal_state))
    spec = years_chart(years, language=words.language)

    def tell(value: Mapping[str, Any]) -> str:
        reach = words.interval(value["share"], value["low"], value["high"])
        return f"{value['year']}: {words.number(value['share'])} %{f' [{reach}]' if reach else ''}"

    return picture("years", words.text("partners.years"), about, spec, tell)


def _curve(desk: Desk, code: str) -> pl.DataFrame:
    """Return the loss of one refusal by severity and duration."""
    from kopir.strategy.refusal.curves import curves

    result = desk.solved(("curves", code), lambda: curves(desk.project.setup, parties=(code,)))
    return result.table


def _curve_picture(words: Words, table: pl.DataFrame, code: str) -> Picture:
    from kopir.report.sections.charts import curve_chart

    spec = curve_chart(words, table, (code,), measure="loss_musd", axis="curves.axis.loss")
    months, loss = (words.text(f"curves.axis.{one}") for one in ("months", "loss"))

    def tell(value: Mapping[str, Any]) -> str:
        return f"{months}: {value['months']}\n{loss}, {value['severity']}: {words.number(value['mt'])}"

    return picture("curve", words.text("partners.curve"), words.text("partners.curve_about"), spec, tell)


def _portfolio(desk: Desk) -> Answer[PortfolioResult]:
    from kopir.strategy.questions import Questions

    return desk.answer(Questions.portfolio, {"draws": 0})


def _cost_table(words: Words, choice: Choice, table: pl.DataFrame) -> Shown:
    """Return what each refusal costs: money and tonnes with their intervals, and the place."""
    tonnes = [name for name in table.columns if name.startswith(("stranded", "rerouted")) and name.endswith("_mt")]
    columns = [*(name for name in _COSTS if name in table.columns), *tonnes]
    ranked = {"rank_low", "rank_high"} <= set(table.columns)
    rows = []
    for row in table.iter_rows(named=True):
        cells = [(words.name(row["partner"]), _partner_page(choice, row))]
        for name in columns:
            ends = _COSTS.get(name)
            low, high = (None, None) if ends is None else (row.get(end) for end in ends)
            cells.append((words.ranged(row[name], low, high), why(f"leverage:{row['partner']}:{name}")))
        if ranked:
            low, high = row["rank_low"], row["rank_high"]
            cells.append((f"{low}" if low == high else f"{low}–{high}", ""))
        rows.append(tuple(cells))
    headings = ["partner", *columns, *(["rank"] if ranked else [])]
    return Shown(
        key="leverage",
        caption=words.text("table.leverage"),
        headings=tuple(words.heading(name) for name in headings),
        numeric=(False, *([True] * (len(headings) - 1))),
        rows=tuple(rows),
    )


def _tie(partner: str, row: Mapping[str, object], column: str) -> str:
    return why(f"portfolio:{partner}:{row['function']}:{row['measure']}:{column}")


def _partner_page(choice: Choice, row: Mapping[str, object]) -> str:
    language = {"lang": choice.language} if choice.own else {}
    query = "&".join(f"{name}={value}" for name, value in language.items())
    return f"/partners/{row['partner']}" + (f"?{query}" if query else "")


def _matrix(result: PortfolioResult) -> pl.DataFrame:
    """Return the share of each partner in each function now, in per cent: partners down, functions across."""
    known = result.table.filter(pl.col("share").is_not_null()).sort("year")
    if known.is_empty():
        return pl.DataFrame()
    latest = known.group_by("partner", "function").agg(pl.col("share").last())
    wide = latest.pivot("function", index="partner", values="share", sort_columns=True)
    numbers = [name for name in wide.columns if name != "partner"]
    count = pl.sum_horizontal(pl.col(name).is_not_null() for name in numbers)
    ordered = wide.sort(count, "partner", descending=[True, False])
    return ordered.select("partner", *((pl.col(name) * 100).round(1) for name in numbers))


def _sentences(words: Words, ties: pl.DataFrame) -> list[str]:
    """Return each tie in a sentence: its share now and, where it is known, in its first year."""
    told = []
    for row in ties.iter_rows(named=True):
        share, first = row.get("share"), row.get("first_share")
        if share is None:
            continue
        said = {
            "function": words.name(row["function"]),
            "last": words.number(100 * share),
            "last_year": str(row["year"]),
        }
        if first is None or row.get("first_year") in {None, row["year"]}:
            told.append(words.text("partners.now", **said))
        else:
            more = {"first": words.number(100 * first), "first_year": str(row["first_year"])}
            told.append(words.text("partners.sentence", **said, **more))
    return told
