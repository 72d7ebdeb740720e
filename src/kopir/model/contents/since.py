"""What changed since the base year: rows that came or went, and facts about later times that the base lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from kopir.core.folders.schema import TableSchema
from kopir.core.periods import Period, parse_period
from kopir.core.runs import Changed
from kopir.model.contents.model import Model, holding

REPORTED = ("actual", "estimate")
"""Modalities that tell what was; plans, targets and forecasts change nothing by themselves."""


def changed_rows(model: Model) -> tuple[Changed, ...]:
    """Return the dated rows that hold on the day of ``model`` and did not at the end of its base year, or did.

    A row that one of the same key follows is told by its successor. Empty without a day and for a day up to
    the end of the base year.
    """
    if model.as_of is None or model.as_of.isoformat() <= model.base_day:
        return ()
    day = model.as_of.isoformat()
    gone = {(one.table, one.line) for one in model.left_out}
    found = []
    for _, table in sorted(model.folder.tables.items()):
        if "valid_from" not in table.typed.columns:
            continue
        begun = table.typed.filter(holding(day) & ~holding(model.base_day))
        ended = table.typed.filter(holding(model.base_day) & ~holding(day))
        successors = {_key(row, table.schema) for row in begun.iter_rows(named=True)}
        found += [_told(row, table.schema, row["valid_from"], "holds") for row in begun.iter_rows(named=True)]
        for row in ended.iter_rows(named=True):
            if _key(row, table.schema) not in successors:
                day_after = date.fromisoformat(row["valid_to"]) + timedelta(days=1)
                found.append(_told(row, table.schema, day_after.isoformat(), "no longer holds"))
    kept = [one for one in found if (one.row.split(":")[0], int(one.row.split(":")[1])) not in gone]
    return tuple(sorted(kept, key=lambda one: (one.since, one.row)))


def facts_since(model: Model) -> pl.DataFrame:
    """Return the facts that report of times after the base year and that no number of the model rests on.

    Columns: ``fact``, ``period``, ``value``, ``unit``, ``what`` (its note), and ``base``: the fact of the base
    year about the same (indicator, subject, partners, route, commodity, perimeter) on which cells rest, if any.
    ``twelve_months`` is the base year moved on: its figure, more by the first months of the year after, less by
    the same months of the base year; null where these are not held or the later fact does not begin that year.
    """
    typed = model.folder.tables["facts"].typed
    used = _used(model)
    same = ("indicator", "subject", "partners", "route", "commodity", "perimeter")
    rows = [
        row
        for row in typed.iter_rows(named=True)
        if row["fact"] in model.facts and row["modality"] in REPORTED and not row["formula"]
    ]
    base = {
        tuple(str(row[name]) for name in same): row["fact"]
        for row in rows
        if row["period"] == str(model.settings.model.base_year) and row["fact"] in used
    }
    told = [
        (
            row["fact"],
            row["period"],
            row["value"],
            row["unit"],
            row["note"] or "",
            base.get(tuple(str(row[name]) for name in same)),
            _twelve_months(model, row, rows, base.get(tuple(str(row[name]) for name in same))),
        )
        for row in rows
        if row["fact"] not in used and _begins(row["period"]) > model.base_day
    ]
    schema = {
        "fact": pl.String,
        "period": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "what": pl.String,
        "base": pl.String,
        "twelve_months": pl.Float64,
    }
    return pl.DataFrame(told, schema=schema, orient="row").sort("period", "fact")


def _twelve_months(
    model: Model, later: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], base: str | None
) -> float | None:
    """Return the twelve months to the end of a later fact, in its unit; a rate counts by its days."""
    year = model.settings.model.base_year
    period = parse_period(later["period"] or "")
    if base is None or period is None or (period.first.month, period.first.day) != (1, 1):
        return None
    if period.first.year != year + 1 or period.last.year != year + 1:
        return None
    earlier = Period(period.first.replace(year=year), _year_before(period.last))
    same = ("indicator", "subject", "partners", "route", "commodity", "perimeter", "unit")
    prior = next(
        (
            row["value"]
            for row in rows
            if parse_period(row["period"] or "") == earlier and all(row[name] == later[name] for name in same)
        ),
        None,
    )
    whole = next(row for row in rows if row["fact"] == base)
    if prior is None or whole["unit"] != later["unit"]:
        return None
    if "/" not in later["unit"]:
        return float(whole["value"] + later["value"] - prior)
    days = date(year, 12, 31).timetuple().tm_yday
    amount = whole["value"] * days + later["value"] * period.days - prior * earlier.days
    return float(amount / (days + period.days - earlier.days))


def _year_before(day: date) -> date:
    return (
        day.replace(year=day.year - 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )


def _used(model: Model) -> set[str]:
    """Return the facts on which numbers and clauses of the model rest, through formulas too."""
    wanted = {one.fact for one in model.quantities.values() if one.fact is not None}
    for table in model.folder.tables.values():
        if table.schema.name != "facts" and "facts" in table.typed.columns:
            wanted |= {fact for facts in table.typed["facts"].to_list() for fact in facts or ()}
    frontier = list(wanted)
    while frontier:
        fact = model.facts.get(frontier.pop())
        more = set(fact.inputs) - wanted if fact is not None else set()
        wanted |= more
        frontier += more
    return wanted


def _begins(period: str | None) -> str:
    parsed = parse_period(period) if period else None
    return "" if parsed is None else parsed.first.isoformat()


def _key(row: Mapping[str, Any], schema: TableSchema) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in schema.key if name != "valid_from")


def _told(row: Mapping[str, Any], schema: TableSchema, since: str, how: str) -> Changed:
    name = " ".join(
        "+".join(row[part]) if isinstance(row[part], list) else str(row[part])
        for part in schema.key
        if part != "valid_from" and row[part]
    )
    basis = row.get("legal_basis") or row.get("basis") or ""
    what = f"{schema.name} {name} {how}" + (f": {basis}" if basis else "")
    return Changed(f"{schema.name}:{row['line']}", since, what, tuple(row.get("facts") or ()))
