"""The two pages that answer: question, finding, confidence, moves, what changed and what would change our mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl
from babel.dates import format_date

from kopir.model.contents.since import changed_rows
from kopir.report.content import Block, Items, Number, Prose, Section
from kopir.report.sections.assumptions import largest_assumptions
from kopir.report.sections.pictures import exposure_map, function_picture, severity_picture
from kopir.report.sections.trades import Trade, goods_name, listed, trades
from kopir.report.telling import Telling
from kopir.strategy.refusal.moves import TOGETHER

MOVES = 3
CHANGES = 3
TRADES = 4
ASSUMPTIONS = 2
_SMALLER = 1e-3
_BORNE = ("budget_musd", "foreign_musd")


def answer(telling: Telling) -> tuple[Section, ...]:
    """Return the sections of the two pages; one about which nothing was computed is left out."""
    told = trades(telling)
    sections = (
        _question(telling, told),
        _finding(telling, told),
        _confidence(telling),
        _moves(telling),
        _changed(telling),
        _change(telling),
        _pictures(telling),
    )
    return tuple(section for section in sections if section is not None)


def _question(telling: Telling, told: tuple[Trade, ...]) -> Section:
    say = telling.messages
    ways = {
        way: listed(telling, [goods_name(telling, one.goods) for one in told if one.way == way])
        for way in ("sells", "buys")
    }
    crossing = listed(telling, [goods_name(telling, one.goods) for one in told if one.way == "crosses"])
    key = "both" if all(ways.values()) else next((way for way, goods in ways.items() if goods), "")
    key = key or ("crosses" if crossing else "nothing")
    words = {"focal": telling.focal, "sold": ways["sells"], "bought": ways["buys"], "crossing": crossing}
    return Section("question", say.text("question.title"), (say.prose(f"question.{key}", **words),))


def _finding(telling: Telling, told: tuple[Trade, ...]) -> Section:
    say, results = telling.messages, telling.results
    worst = results.worst
    blocks: list[Block] = [_of_trade(telling, one) for one in told[:TRADES]]
    if not told:
        blocks.append(say.prose("finding.nothing", focal=telling.focal))
    elif _value(telling, worst, "leverage_musd") > _SMALLER:
        blocks += [
            say.prose(
                "finding.money" if any(_value(telling, worst, name) for name in _BORNE) else "finding.money_plain",
                partner=telling.name(worst),
                income=telling.measure(worst, "income_musd"),
                budget=telling.measure(worst, "budget_musd"),
                foreign=telling.measure(worst, "foreign_musd"),
                horizon=telling.horizon(results.horizon),
            ),
            *_unsure(telling),
            *_later(telling),
            _by_severity(telling),
            *_next(telling),
        ]
    figure = exposure_map(telling)
    return Section("finding", say.text("finding.title"), (*blocks, *((figure,) if figure else ())))


def _of_trade(telling: Telling, one: Trade) -> Prose:
    """Return the sentence for goods that are sold, bought or sent across."""
    ground = f"leverage:{one.partner or telling.results.worst}"
    stem = f"traded:{one.way}:{one.partner}:{one.goods}"

    def amount(name: str, value: float) -> Number:
        return telling.grounds.number(f"{stem}:{name}", value, "Mt/yr", ground)

    return telling.messages.prose(
        f"finding.{one.way}" if one.partner else f"finding.{one.way}_safe",
        focal=telling.focal,
        goods=goods_name(telling, one.goods),
        year=str(telling.base_year),
        partner=telling.name(one.partner) if one.partner else "",
        total=amount("before_mt", one.before_mt),
        after=amount("after_mt", one.after_mt),
        lost=amount("lost_mt", one.lost_mt),
    )


def _unsure(telling: Telling) -> tuple[Prose, ...]:
    """Return the sentence on whose refusals might cost more than the first, where any might."""
    table, worst = telling.results.leverage.table, telling.results.worst
    level = table.filter((pl.col("rank_low") == 1) & (pl.col("partner") != worst))["partner"].to_list()
    if not level:
        return ()
    others = listed(telling, [telling.name(partner) for partner in level])
    return (telling.messages.prose("finding.unsure", others=others),)


def _later(telling: Telling) -> tuple[Prose, ...]:
    worst = telling.results.worst
    if _value(telling, worst, "deferral_musd") <= _SMALLER:
        return ()
    return (telling.messages.prose("finding.later", deferral=telling.measure(worst, "deferral_musd")),)


def _next(telling: Telling) -> tuple[Prose, ...]:
    results = telling.results
    others = [
        (value, partner)
        for partner in results.partners
        if partner != results.worst and (value := _value(telling, partner, "income_musd")) > _SMALLER
    ]
    if not others:
        return ()
    _, partner = max(others, key=lambda one: (one[0], one[1]))
    name = telling.name(partner)
    return (telling.messages.prose("finding.next", partner=name, income=telling.measure(partner, "income_musd")),)


def _by_severity(telling: Telling) -> Prose:
    table = telling.results.curves.table.filter(
        (pl.col("party") == telling.results.worst) & (pl.col("months") == 12)
    )
    slots: dict[str, str | Number] = {}
    for name, row in zip(("mild", "hard", "total"), table.sort("severity").iter_rows(named=True), strict=False):
        slots[f"{name}_severity"] = f"{row['severity']:.0%}".replace("%", "")
        slots[name] = telling.grounds.number(
            f"curves:{row['party']}:{row['severity']:g}:12:loss_musd",
            row["loss_musd"],
            "million USD",
            f"leverage:{row['party']}",
            assumed_share=telling.results.row(row["party"])["assumed_share"],
        )
    return telling.messages.prose("finding.severity", **slots)


def _confidence(telling: Telling) -> Section:
    say, results, grounds = telling.messages, telling.results, telling.grounds
    drawn = results.intervals
    firsts = drawn.first.filter(pl.col("partner") == results.worst)["draws"].sum()
    share = results.row(results.worst)["assumed_share"]
    items = []
    if not results.setup.model.facts:
        items.append(say.prose("confidence.no_facts"))
    if drawn.draws > drawn.refused:
        items.append(
            say.prose(
                "confidence.rank",
                partner=telling.name(results.worst),
                firsts=grounds.number("intervals:first", float(firsts), "1", "model"),
                draws=str(drawn.draws - drawn.refused),
                inputs=str(drawn.inputs),
            )
        )
    if share is not None:
        ground = f"leverage:{results.worst}"
        low, high = (None if end is None else 100 * end for end in results.assumed_ends(results.worst))
        number = grounds.number(
            f"{ground}:assumed_share", 100 * share, "%", ground, (low, high), assumed_share=0.0
        )
        items.append(say.prose("confidence.assumed", share=number))
    if results.setup.calibration is None:
        items.append(say.prose("confidence.uncalibrated"))
    skill = results.skill
    if skill is not None:
        items.append(
            say.prose(
                "confidence.skill",
                year=str(skill.year),
                before=str(skill.year - 1),
                error=grounds.number("skill:error_predicted", skill.error_predicted, "Mt", "history"),
                no_change=grounds.number("skill:error_no_change", skill.error_no_change, "Mt", "history"),
                proportional=grounds.number("skill:error_proportional", skill.error_proportional, "Mt", "history"),
            )
        )
    return Section("confidence", say.text("confidence.title"), (Items(tuple(items)),))


def _moves(telling: Telling) -> Section | None:
    say, found = telling.messages, telling.results.moves
    if found is None:
        return None
    better = found.table.filter(
        (pl.col("option") != TOGETHER)
        & (pl.col("residual_after_musd") < pl.col("residual_before_musd") * (1 - _SMALLER) - _SMALLER)
    ).head(MOVES)
    if better.is_empty():
        return Section("moves", say.text("moves.title"), (say.prose("moves.none"),))
    items = []
    for row in better.iter_rows(named=True):
        option = row["option"]

        def money(column: str, value: float, option: str = option) -> Number:
            return telling.grounds.number(f"moves:{option}:{column}", value, "million USD/yr", f"moves:{option}")

        odds = row["break_even_probability"]
        key = "moves.never" if odds is None else "moves.always" if odds <= 0 else "moves.odds"
        items.append(
            say.prose(
                key,
                option=telling.name(option),
                cut=money("residual_cut_musd", row["residual_before_musd"] - row["residual_after_musd"]),
                cost=money("annual_cost_musd", row["annual_cost_musd"]),
                odds=telling.grounds.number(
                    f"moves:{option}:break_even_probability",
                    None if odds is None else 100 * odds,
                    "%",
                    f"moves:{option}",
                ),
            )
        )
    first = better.row(0, named=True)
    head = say.prose(
        "moves.text",
        before=telling.grounds.number(
            f"moves:{first['option']}:residual_before_musd",
            first["residual_before_musd"],
            "million USD/yr",
            f"moves:{first['option']}",
        ),
        horizon=telling.horizon(found.horizon),
    )
    return Section("moves", say.text("moves.title"), (head, Items(tuple(items), ordered=True)))


def _changed(telling: Telling) -> Section | None:
    """Return what came or went since the base year, latest first; nothing for a model of no day."""
    say, model = telling.messages, telling.results.setup.model
    if model.as_of is None:
        return None
    rows = sorted(changed_rows(model), key=lambda one: (one.since, one.row), reverse=True)
    title = say.text("changed.title", year=str(telling.base_year))
    if not rows:
        return Section("changed", title, (say.prose("changed.nothing", year=str(telling.base_year)),))
    items = [
        _change_told(telling, one.row, one.since, gone="no longer holds" in one.what) for one in rows[:CHANGES]
    ]
    if len(rows) > CHANGES:
        items.append(Prose((say.plural("changed.more", len(rows) - CHANGES),)))
    return Section("changed", title, (Items(tuple(items)),))


def _change_told(telling: Telling, row: str, since: str, *, gone: bool) -> Prose:
    say, model = telling.messages, telling.results.setup.model
    table, _, line = row.partition(":")
    day = format_date(date.fromisoformat(since), "long", locale=say.language)
    held = model.folder.tables[table].typed.row(by_predicate=pl.col("line") == int(line), named=True)
    if table == "denial":
        key = _clause_key(held, gone=gone)
        who = " + ".join(telling.name(one) for one in held["clause"])
        return say.prose(key, since=day, partner=who, asset=telling.name(held["asset"]))
    named = [
        telling.name(value) for name, value in held.items() if isinstance(value, str) and _is_named(telling, value)
    ]
    return say.prose("changed.gone" if gone else "changed.came", since=day, what=", ".join(named) or table)


def _clause_key(clause: Mapping[str, object], *, gone: bool) -> str:
    """Return the message for a clause that came or went: one in force holds already, others are what could be."""
    if not clause["in_force"]:
        return "changed.ended" if gone else "changed.closes"
    if gone:
        return "changed.opened"
    return "changed.shut" if clause["effectiveness_low"] == 1 else "changed.limited"


def _is_named(telling: Telling, value: str) -> bool:
    return telling.name(value) != value


def _change(telling: Telling) -> Section:
    say, results = telling.messages, telling.results
    worst = results.worst
    items = [
        say.prose(
            "change.assumption",
            cell=telling.rate(part.quantity),
            value=_unmarked(telling.quantity(part.quantity, f"leverage:{worst}")),
            unit=say.unit(part.quantity.unit),
            share=telling.grounds.number(
                f"assumption:{part.quantity.ref}:share",
                100 * part.share,
                "%",
                f"leverage:{worst}",
                assumed_share=0.0,
            ),
        )
        for part in largest_assumptions(results, worst)[:ASSUMPTIONS]
    ]
    binding = results.leverage.binding.filter(pl.col("denier") == worst).sort(
        "limit_mt", "asset", descending=[True, False]
    )
    items += [
        say.prose(
            "change.limit",
            asset=telling.name(row["asset"]),
            limit=telling.grounds.number(
                f"binding:{worst}:{row['asset_type']}:{row['asset']}:limit_mt",
                row["limit_mt"],
                "Mt/yr",
                f"leverage:{worst}",
            ),
        )
        for row in binding.head(2).iter_rows(named=True)
    ]
    items.append(say.prose("change.clause", partner=telling.name(worst)))
    return Section("change", say.text("change.title"), (Items(tuple(items)),))


def _pictures(telling: Telling) -> Section | None:
    figures = [one for one in (severity_picture(telling), function_picture(telling)) if one is not None]
    return Section("pictures", telling.messages.text("pictures.title"), tuple(figures)) if figures else None


def _unmarked(number: Number) -> Number:
    """Return a number whose sentence says already that it is assumed."""
    return replace(number, rest="recorded")


def _value(telling: Telling, partner: str, column: str) -> float:
    return telling.results.row(partner)[column] or 0.0
