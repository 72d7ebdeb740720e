"""Functions and ties: the needs that partners serve, and what each partner's part was in each year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from kopir.core.folders.folder import Folder
from kopir.core.periods import parse_period
from kopir.core.units import conversion_factor
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Grade, Quantity
from kopir.model.network.capacity import Horizon

Direction = Literal["on_partner", "on_focal"]
"""Who relies on whom: the focal state on the partner, or the partner on the focal state."""
FunctionKind = Literal["network", "variety", "quantity", "described"]

LEAST_DAYS = 365
"""Days from which a figure is that of a year."""

HORIZONS: tuple[Horizon, ...] = ("short", "medium", "long")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval, and the cells it is computed from."""

    value: float
    low: float
    high: float
    cells: tuple[CellRef, ...]
    grade: Grade


@dataclass(frozen=True, slots=True)
class Function:
    """A need that ties serve, as its row of functions.csv states it.

    ``measure`` is the indicator whose shares tell the partners' weights; ``sigma`` the elasticity of
    substitution by horizon. ``expenditure`` and ``cap`` are in million USD a year.
    """

    function: str
    kind: FunctionKind
    part_of: str | None
    commodity: str | None
    measure: str | None
    expenditure: Quantity | None
    cost_share: Quantity | None
    sigma: Mapping[Horizon, Quantity]
    cap: Quantity | None
    line: int


@dataclass(frozen=True, slots=True)
class Tie:
    """What one partner was to a function in one year: a row of shares.csv.

    ``share`` is the partner's share of ``measure`` (0 to 1), stated or ``value`` over ``whole``; ``value`` and
    ``whole`` are in ``unit``; ``since`` is a year. ``None`` where the row does not say. ``part`` is the period
    that its facts state where that is less than a year (``2025-01/2025-06``), blank for a whole year or more.
    """

    function: str
    partner: str
    year: int
    measure: str | None
    direction: Direction
    share: Estimate | None
    value: Estimate | None
    whole: Estimate | None
    unit: str
    since: Estimate | None
    facts: tuple[str, ...]
    note: str
    line: int
    part: str = ""


@dataclass(frozen=True)
class FunctionBook:
    """All functions of a model by code, and all ties in order of function, measure, direction, partner, year.

    ``regions`` are the codes of parts of the world that sources count as one: who is in them is not known.
    """

    functions: Mapping[str, Function]
    ties: tuple[Tie, ...]
    regions: frozenset[str] = frozenset()

    def sectors(self, function: str) -> tuple[str, ...]:
        """Return the functions that are part of ``function``, sorted."""
        return tuple(sorted(one.function for one in self.functions.values() if one.part_of == function))

    def of(
        self,
        function: str,
        *,
        measure: str | None = None,
        direction: Direction = "on_partner",
        year: int | None = None,
    ) -> tuple[Tie, ...]:
        """Return the ties of a function in ``measure`` (its own unless named), of one year if given."""
        wanted = measure or self.functions[function].measure
        return tuple(
            tie
            for tie in self._by_function.get(function, ())
            if (tie.measure, tie.direction) == (wanted, direction) and year in {None, tie.year}
        )

    def shares(self, function: str, year: int) -> Mapping[str, Estimate]:
        """Return the known shares of the partners in a function's own measure over a whole year, by partner.

        A region is no partner, and half a year is not a year: both are left to what is not named.
        """
        return {
            tie.partner: tie.share
            for tie in self.of(function, year=year)
            if tie.share is not None and not tie.part and tie.partner not in self.regions
        }

    @cached_property
    def _by_function(self) -> Mapping[str, tuple[Tie, ...]]:
        found: dict[str, list[Tie]] = defaultdict(list)
        for tie in self.ties:
            found[tie.function].append(tie)
        return {name: tuple(ties) for name, ties in found.items()}


def read_functions(model: Model) -> FunctionBook:
    """Return the functions and ties of ``functions.csv`` and ``shares.csv``."""
    functions = {
        row["function"]: Function(
            function=row["function"],
            kind=row["kind"],
            part_of=row["part_of"],
            commodity=row["commodity"],
            measure=row["measure"],
            expenditure=quantity_of(model.quantities, "functions", row, "expenditure"),
            cost_share=quantity_of(model.quantities, "functions", row, "cost_share"),
            sigma={
                horizon: sigma
                for horizon in HORIZONS
                if (sigma := quantity_of(model.quantities, "functions", row, f"sigma_{horizon}")) is not None
            },
            cap=quantity_of(model.quantities, "functions", row, "cap"),
            line=row["line"],
        )
        for row in model.table("functions").sort("function").iter_rows(named=True)
    }
    held = set(model.table("shares")["line"].to_list())
    ties = [
        replace(tie, part=_part(tie, model))
        for tie in read_ties(model.folder, model.quantities)
        if tie.line in held
    ]
    kinds = model.table("jurisdictions").select("jurisdiction", "kind").iter_rows()
    regions = frozenset(name for name, kind in kinds if kind == "region")
    return FunctionBook(functions, tuple(sorted(ties, key=_order)), regions)


def _part(tie: Tie, model: Model) -> str:
    """Return the period of the facts behind a tie where it is shorter than a year."""
    known = (one for one in (tie.share, tie.value) if one is not None)
    for ref in (ref for one in known for ref in one.cells):
        fact = model.facts.get(model.quantities[ref].fact or "")
        period = None if fact is None else parse_period(fact.period)
        if fact is not None and period is not None and period.days < LEAST_DAYS:
            return fact.period
    return ""


def read_ties(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> list[Tie]:
    """Return the ties of ``shares.csv`` in the order of its rows."""
    measures = dict(folder.tables["functions"].typed.select("function", "measure").iter_rows())
    return [
        _tie(row, quantities, measures.get(row["function"]))
        for row in folder.tables["shares"].typed.iter_rows(named=True)
    ]


def _tie(row: Mapping[str, Any], quantities: Mapping[CellRef, Quantity], measure: str | None) -> Tie:
    unit = row["unit"] or ""
    value, whole = (estimate(quantity_of(quantities, "shares", row, name), unit) for name in ("value", "whole"))
    share = estimate(quantity_of(quantities, "shares", row, "share"), "1")
    return Tie(
        function=row["function"],
        partner=row["partner"],
        year=int(row["year"]),
        measure=row["measure"] or measure,
        direction=row["direction"],
        share=_ratio(value, whole) if share is None and value is not None and whole is not None else share,
        value=value,
        whole=whole,
        unit=unit,
        since=estimate(quantity_of(quantities, "shares", row, "since"), "year"),
        facts=tuple(row["facts"]),
        note=row["note"] or "",
        line=row["line"],
    )


def quantity_of(
    quantities: Mapping[CellRef, Quantity], table: str, row: Mapping[str, Any], column: str
) -> Quantity | None:
    """Return what a quantity cell of a row amounts to, ``None`` where it is blank."""
    return quantities.get(CellRef(table, row["line"], column))


def estimate(quantity: Quantity | None, unit: str) -> Estimate | None:
    """Return a quantity in ``unit``, in which a literal is already.

    Raises :class:`kopir.core.errors.UnitError` where it does not convert.
    """
    if quantity is None:
        return None
    factor = conversion_factor(quantity.unit, unit) if quantity.unit else 1.0
    ends = (quantity.value * factor, quantity.low * factor, quantity.high * factor)
    return Estimate(*ends, (quantity.ref,), quantity.grade)


def _ratio(value: Estimate, whole: Estimate) -> Estimate:
    grade: Grade = "assumed" if "assumed" in {value.grade, whole.grade} else "derived"
    return Estimate(
        value.value / whole.value,
        value.low / whole.high,
        min(value.high / whole.low, 1.0),
        (*value.cells, *whole.cells),
        grade,
    )


def _order(tie: Tie) -> tuple[str, str, str, str, int]:
    return (tie.function, tie.measure or "", tie.direction, tie.partner, tie.year)
