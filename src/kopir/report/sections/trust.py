"""Sections about trust: skill beside naive forecasts, largest assumptions, checks, method, limits, fairness."""

from __future__ import annotations

import polars as pl
from babel.numbers import format_decimal

from kopir.model.contents.names import said_in
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import columns_of
from kopir.report.content import Block, Cell, Items, Prose, Section, Table
from kopir.report.messages import Messages
from kopir.report.sections.assumptions import largest_assumptions
from kopir.report.telling import Telling
from kopir.strategy.precedents.quality import stored_quality

ASSUMPTIONS = 12
_METHOD = ("value", "leverage", "calibration", "intervals", "capacity", "booking", "shapley")
_LIMITS = ("static", "intent", "deferral", "second_round", "territory", "data")


def skill(telling: Telling) -> Section:
    """Return the base year foretold from earlier years, the uncalibrated gap, and the record of disruptions."""
    say, found = telling.messages, telling.results.skill
    calibration = telling.results.setup.calibration
    blocks: list[Block] = []
    if found is not None:
        columns = ("observed", "predicted", "no_change", "proportional")
        rows: list[tuple[Cell, ...]] = [
            (
                telling.name(row["route"]),
                *(
                    telling.grounds.number(f"skill:{row['route']}:{column}", row[column], "Mt", "history")
                    for column in columns
                ),
            )
            for row in found.table.iter_rows(named=True)
        ]
        errors = (found.error_predicted, found.error_no_change, found.error_proportional)
        numbers = (
            telling.grounds.number(f"skill:error_{column}", error, "Mt", "history")
            for column, error in zip(columns[1:], errors, strict=True)
        )
        rows.append((say.text("skill.error"), "", *numbers))
        years = {"year": str(found.year), "before": str(found.year - 1), "first": str(found.fitted_on[0])}
        blocks += [
            say.prose(
                "skill.text", **years, factor=telling.grounds.number("skill:factor", found.factor, "1", "history")
            ),
            Table(
                "skill",
                say.text("skill.caption", **years),
                tuple(say.text(f"skill.column.{column}") for column in ("route", *columns)),
                tuple(rows),
            ),
        ]
    if calibration is not None:
        gap = telling.grounds.number("calibration:gap_musd", calibration.gap, "million USD/yr", "baseline")
        blocks.append(say.prose("skill.gap", gap=gap, year=str(telling.base_year)))
    return Section("skill", say.text("skill.title"), (*blocks, _elsewhere(say)))


def _elsewhere(say: Messages) -> Prose:
    """Return how well disruptions elsewhere were told: those fitted on, and each collection when it was unseen.

    The figures are those stored beside the record that comes with kopir; they rest on no cell of the model.
    """
    quality = stored_quality()
    last = quality.unseen[-1]

    def told(value: float, form: str) -> str:
        return format_decimal(value, form, locale=say.language)

    return say.prose(
        "skill.elsewhere",
        seen=told(quality.seen.ratio, "0.00"),
        seen_count=str(quality.seen.disruptions),
        unseen="; ".join(told(one.ratio, "0.00") for one in quality.unseen),
        unseen_count=str(sum(one.disruptions for one in quality.unseen)),
        held=told(100 * last.inside, "0"),
        meant=told(100 * (last.meant or 0.0), "0"),
    )


def assumptions(telling: Telling) -> Section:
    """Return the assumed rates that the largest loss multiplies most."""
    say, results = telling.messages, telling.results
    worst = results.worst
    ground = f"leverage:{worst}"
    rows: list[tuple[Cell, ...]] = [
        (
            telling.rate(part.quantity),
            telling.quantity(part.quantity, ground),
            say.unit(part.quantity.unit),
            telling.grounds.number(
                f"assumption:{part.quantity.ref}:share", 100 * part.share, "%", ground, assumed_share=1.0
            ),
            said_in(results.setup.model, part.quantity.basis, say.language),
        )
        for part in largest_assumptions(results, worst)[:ASSUMPTIONS]
    ]
    count, assumed = telling.grounds.counts("model")
    text = say.prose(
        "assumptions.text",
        assumed=telling.grounds.number("model:assumed_cells", float(assumed), "1", "model"),
        count=telling.grounds.number("model:cells", float(count), "1", "model"),
    )
    columns = tuple(
        say.text(f"assumptions.column.{column}") for column in ("cell", "value", "unit", "share", "basis")
    )
    caption = say.text("assumptions.caption", partner=telling.name(worst), frame=telling.frame)
    blocks: tuple[Block, ...] = (text, Table("assumptions", caption, columns, tuple(rows))) if rows else (text,)
    return Section("assumptions", say.text("assumptions.title"), blocks)


def checks(telling: Telling) -> Section:
    """Return rows that have to come out as they must whatever the data: the brief tests itself."""
    say, results = telling.messages, telling.results
    losses = [row["leverage_musd"] for row in results.leverage.table.iter_rows(named=True)]
    everybody = frozenset(results.setup.model.settings.players)
    again = results.setup.valuation(results.horizon).flow(Denial(everybody, severity=0.0))
    nobody = results.undisturbed.value - again.value
    hit = pl.max_horizontal(*columns_of(results.leverage.goods, "sensitivity")) > 1e-6
    used = results.leverage.table.filter(hit)["leverage_musd"].to_list()
    small = min(used, default=None)
    expected: list[tuple[str, float | None, str, bool]] = [
        ("nobody", nobody, "million USD/yr", abs(nobody) <= 1e-6 * max(1.0, abs(again.value))),
        ("least", min(losses), "million USD/yr", min(losses) >= -1e-6 * max(1.0, abs(again.value))),
        ("small", small, "million USD/yr", small is not None and small > 0),
    ]
    if results.coalitions is not None:
        everyone = float(results.coalitions.game[-1])
        difference = float(results.coalitions.shares["shapley_musd"].sum()) - everyone
        expected.append(("shapley", difference, "million USD/yr", abs(difference) <= 1e-6 * max(1.0, everyone)))
    if results.dependence is not None and results.dependence.table.height:
        differences = [
            (results.dependence.table.filter(goods=one.name)["base_mt"][0] - traded, traded)
            for one in results.leverage.goods
            for traded in [results.traded_mt(one)]
        ]
        worst, traded = max(differences, key=lambda one: abs(one[0]))
        expected.append(("exports", worst, "Mt/yr", abs(worst) <= 1e-3 * max(1.0, traded)))
    rows: list[tuple[Cell, ...]] = [
        (
            say.text(f"checks.{name}"),
            telling.grounds.number(f"checks:{name}", value, unit, "model", assumed_share=0.0),
            say.text(f"checks.unit.{'money' if 'USD' in unit else 'mass'}"),
            say.text("checks.holds" if holds else "checks.fails"),
        )
        for name, value, unit, holds in expected
    ]
    columns = tuple(say.text(f"checks.column.{column}") for column in ("check", "value", "unit", "outcome"))
    table = Table("checks", say.text("checks.caption"), columns, tuple(rows))
    return Section("checks", say.text("checks.title"), (table,))


def statements(telling: Telling) -> tuple[Section, ...]:
    """Return method, limits and the statement of fairness."""
    say, results = telling.messages, telling.results
    words = {"focal": telling.focal, "seed": str(results.seed), "year": str(telling.base_year)}
    rate = f"{100 * results.setup.model.settings.model.discount_rate:g}"
    method = tuple(say.prose(f"method.{key}", **words, rate=rate) for key in _METHOD)
    limits = tuple(say.prose(f"limits.{key}", **words, rate=rate) for key in _LIMITS)
    return (
        Section("method", say.text("method.title"), (Items(method),)),
        Section("limits", say.text("limits.title"), (Items(limits),)),
        Section("fairness", say.text("fairness.title"), (say.prose("fairness.text", **words),)),
    )
