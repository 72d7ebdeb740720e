"""The page that answers: question, finding, confidence, moves, and what would change our mind."""

from __future__ import annotations

import polars as pl

from kopir.report.content import Items, Number, Prose, Section
from kopir.report.grounds import quantity_name
from kopir.report.sections.assumptions import largest_assumptions
from kopir.report.telling import Telling
from kopir.strategy.refusal.moves import TOGETHER

MOVES = 3
_SMALLER = 1e-3


def answer(telling: Telling) -> tuple[Section, ...]:
    """Return the sections of the first page; a section about which nothing was computed is left out."""
    sections = (_question(telling), _finding(telling), _confidence(telling), _moves(telling), _change(telling))
    return tuple(section for section in sections if section is not None)


def _question(telling: Telling) -> Section:
    say = telling.messages
    return Section("question", say.text("question.title"), (say.prose("question.text", focal=telling.focal),))


def _finding(telling: Telling) -> Section:
    say, results = telling.messages, telling.results
    worst = results.worst
    names = {"focal": telling.focal, "partner": telling.name(worst)}
    exported = telling.grounds.number("exports:base_mt", results.exported_mt, "Mt/yr", "baseline")
    blocks = [
        say.prose(
            "finding.control",
            **names,
            share=control_share(telling, worst),
            total=exported,
            year=str(telling.base_year),
        ),
        say.prose(
            "finding.response",
            **names,
            horizon=telling.horizon(results.horizon),
            rerouted=telling.of_exports(worst, "rerouted_mt"),
            stranded=telling.of_exports(worst, "stranded_mt"),
            amount=telling.measure(worst, "stranded_mt"),
        ),
        _by_severity(telling),
        say.prose(
            "finding.money",
            loss=telling.measure(worst, "leverage_musd"),
            budget=telling.measure(worst, "budget_musd"),
            income=telling.measure(worst, "income_musd"),
            foreign=telling.measure(worst, "foreign_musd"),
            frame=telling.frame,
        ),
    ]
    others = [
        partner for partner in results.partners if partner != worst and _leverage(telling, partner) > _SMALLER
    ]
    if others:
        blocks.append(
            say.prose(
                "finding.next",
                partner=telling.name(others[0]),
                stranded=telling.measure(others[0], "stranded_mt"),
                loss=telling.measure(others[0], "leverage_musd"),
            )
        )
    return Section("finding", say.text("finding.title"), tuple(blocks))


def _by_severity(telling: Telling) -> Prose:
    table = telling.results.curves.table.filter(
        (pl.col("party") == telling.results.worst) & (pl.col("months") == 12)
    )
    slots: dict[str, str | Number] = {}
    for name, row in zip(("mild", "hard", "total"), table.sort("severity").iter_rows(named=True), strict=False):
        slots[f"{name}_severity"] = f"{row['severity']:.0%}".replace("%", "")
        slots[name] = telling.grounds.number(
            f"curves:{row['party']}:{row['severity']:g}:12:stranded_mt",
            row["stranded_mt"],
            "Mt",
            f"leverage:{row['party']}",
        )
    return telling.messages.prose("finding.severity", **slots)


def control_share(telling: Telling, partner: str) -> Number:
    """Return per cent of exports that pass what ``partner`` alone can close, undisturbed."""
    results = telling.results
    share = (
        100 * results.controlled(results.worst, partner, "before") / results.exported_mt
        if results.exported_mt
        else 0.0
    )
    return telling.grounds.number(f"control:{partner}:before_pct", share, "%", f"leverage:{partner}")


def _confidence(telling: Telling) -> Section:
    say, results, grounds = telling.messages, telling.results, telling.grounds
    drawn = results.intervals
    firsts = drawn.first.filter(pl.col("partner") == results.worst)["draws"].sum()
    share = results.row(results.worst)["assumed_share"]
    items = [
        say.prose(
            "confidence.rank",
            partner=telling.name(results.worst),
            firsts=grounds.number("intervals:first", float(firsts), "1", "model"),
            draws=str(drawn.draws - drawn.refused),
            inputs=str(drawn.inputs),
        ),
        say.prose(
            "confidence.assumed",
            share=grounds.number(
                f"leverage:{results.worst}:assumed_share",
                None if share is None else 100 * share,
                "%",
                f"leverage:{results.worst}",
            ),
        ),
    ]
    calibration, skill = results.setup.calibration, results.skill
    if calibration is None:
        items.append(say.prose("confidence.uncalibrated"))
    else:
        gap = grounds.number("calibration:gap_musd", calibration.gap, "million USD/yr", "baseline")
        items.append(say.prose("confidence.gap", gap=gap))
    if skill is not None:
        beaten = sum(skill.error_predicted < error for error in (skill.error_no_change, skill.error_proportional))
        items.append(
            say.prose(
                f"confidence.skill.beats_{('none', 'one', 'both')[beaten]}",
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

        def money(column: str, option: str = option, value: float = 0.0) -> Number:
            return telling.grounds.number(f"moves:{option}:{column}", value, "million USD/yr", f"moves:{option}")

        odds = row["break_even_probability"]
        key = "moves.never" if odds is None else "moves.always" if odds <= 0 else "moves.odds"
        items.append(
            say.prose(
                key,
                option=telling.name(option),
                before=money("residual_before_musd", value=row["residual_before_musd"]),
                cut=money("residual_cut_musd", value=row["residual_before_musd"] - row["residual_after_musd"]),
                cost=money("annual_cost_musd", value=row["annual_cost_musd"]),
                odds=telling.grounds.number(
                    f"moves:{option}:break_even_probability",
                    None if odds is None else 100 * odds,
                    "%",
                    f"moves:{option}",
                ),
            )
        )
    head = say.prose(
        "moves.text", partner=telling.name(telling.results.worst), horizon=telling.horizon(found.horizon)
    )
    return Section("moves", say.text("moves.title"), (head, Items(tuple(items), ordered=True)))


def _change(telling: Telling) -> Section:
    say, results = telling.messages, telling.results
    model, worst = results.setup.model, results.worst
    items = [
        say.prose(
            "change.assumption",
            cell=quantity_name(model, part.quantity, say.language),
            value=telling.quantity(part.quantity, f"leverage:{worst}"),
            unit=part.quantity.unit,
            share=telling.grounds.number(
                f"assumption:{part.quantity.ref}:share",
                100 * part.share,
                "%",
                f"leverage:{worst}",
                assumed_share=1.0,
            ),
        )
        for part in largest_assumptions(results, worst)[:2]
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
    rivals = results.intervals.first.filter(pl.col("partner") != worst)["partner"].to_list()
    if rivals:
        items.append(say.prose("change.rank", partner=telling.name(rivals[0])))
    items.append(say.prose("change.clause", partner=telling.name(worst)))
    return Section("change", say.text("change.title"), (Items(tuple(items)),))


def _leverage(telling: Telling, partner: str) -> float:
    return telling.results.row(partner)["leverage_musd"] or 0.0
