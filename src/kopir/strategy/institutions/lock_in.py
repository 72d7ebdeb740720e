"""Lock-in: how long a standard of equipment stays in the stock, whoever delivers from now on.

A share ``r`` of the stock is replaced each year, so that the share of a standard moves from ``s`` today towards
its share ``d`` of new deliveries: ``s(t) = d + (s - d)(1 - r)**t`` (perpetual inventory with geometric
retirement: OECD 2009, Measuring Capital, second edition). Shares and years are described; a loss is not, for
nothing that is sourced gives one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.ties.functions import read_functions

YEARS = (1, 3, 10, 20)
LEVELS = (0.75, 0.5, 0.25)
Interval = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Standard:
    """A row of equipment.csv; every number is value, low and high (shares of one), ``None`` where unknown."""

    function: str
    standard: str
    stock: Interval
    deliveries: Interval
    renewal: Interval
    coproduced: Interval | None
    local: Interval | None
    line: int


@dataclass(frozen=True)
class LockInResult:
    """Suppliers, standards and what sources say; every interval is value, low, high.

    - ``suppliers``: partner, year, share of deliveries in the function's own measure (null where nobody gives
      one), facts.
    - ``stock``: the share of each standard in the stock after some years, by case.
    - ``years``: years until that share is down to a level, by case; null means never; levels above today's share
      are left out.
    - ``licence``: of each standard with co-production, the share of all deliveries made at home, and the part of
      all deliveries that the licensor can still withhold.
    - ``statements``: each fact behind the rows, with its source; ``against`` names facts it stands against.
    """

    suppliers: pl.DataFrame
    stock: pl.DataFrame
    years: pl.DataFrame
    licence: pl.DataFrame
    statements: pl.DataFrame

    @property
    def table(self) -> pl.DataFrame:
        """The years until a share is below a level."""
        return self.years

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values."""
        parts = ("suppliers", "stock", "years", "licence", "statements")
        return {name: getattr(self, name).to_dicts() for name in parts}


def share_after(stock: float, deliveries: float, renewal: float, years: float) -> float:
    """Return the share of a standard in the stock after ``years``; all shares 0 to 1."""
    return deliveries + (stock - deliveries) * math.pow(1 - renewal, years)


def years_below(stock: float, deliveries: float, renewal: float, level: float) -> float:
    """Return the years until the share of a standard is down to ``level``; infinite where it never is."""
    if stock <= level:
        return 0.0
    if deliveries >= level or renewal <= 0:
        return math.inf
    return 1.0 if renewal >= 1 else math.log((level - deliveries) / (stock - deliveries)) / math.log(1 - renewal)


def lock_in(model: Model, *, elsewhere: float = 0.5) -> LockInResult:
    """Return lock-in by horizon for each function of equipment.csv.

    ``elsewhere`` (0 to 1) is the share of a standard's deliveries that one case turns to other standards.
    Raises :class:`InputError` for a share outside 0 to 1.
    """
    if not 0 <= elsewhere <= 1:
        mend = "write a share between 0 and 1"
        raise InputError(Fault("K0505", "a share outside 0 to 1", mend, value=f"{elsewhere:g}"))
    standards = read_standards(model)
    cases = [(one, name, case) for one in standards for name, case in _cases(one, standards, elsewhere).items()]
    functions = sorted({one.function for one in standards})
    return LockInResult(
        suppliers=_suppliers(model, functions),
        stock=_grid(cases, "year", YEARS, share_after),
        years=_grid(cases, "level", LEVELS, years_below),
        licence=_licence(standards),
        statements=_statements(model, functions),
    )


def read_standards(model: Model) -> tuple[Standard, ...]:
    """Return the rows of equipment.csv by function and standard."""
    found = []
    for row in model.table("equipment").sort("function", "standard").iter_rows(named=True):
        numbers = {
            column: (quantity.value, quantity.low, quantity.high)
            for column in ("stock", "deliveries", "renewal", "coproduced", "local")
            if (quantity := model.quantities.get(CellRef("equipment", row["line"], column))) is not None
        }
        found.append(
            Standard(
                function=row["function"],
                standard=row["standard"],
                stock=numbers["stock"],
                deliveries=numbers["deliveries"],
                renewal=numbers["renewal"],
                coproduced=numbers.get("coproduced"),
                local=numbers.get("local"),
                line=row["line"],
            )
        )
    return tuple(found)


def _cases(one: Standard, standards: Iterable[Standard], elsewhere: float) -> dict[str, Standard]:
    """Return the standard as it is delivered, with co-production and, if it leads the stock, in part elsewhere."""
    taken = [
        other.coproduced
        for other in standards
        if other.function == one.function and other is not one and other.coproduced is not None
    ]
    value, low, high = one.deliveries
    cases = {"deliveries as they are": one}
    if taken or one.coproduced:
        made, least, most = one.coproduced or (0.0, 0.0, 0.0)
        others, others_least, others_most = (math.fsum(share[part] for share in taken) for part in range(3))
        produced = (
            value * max(0.0, 1 - made - others) + made,
            low * max(0.0, 1 - least - others_most) + least,
            high * max(0.0, 1 - most - others_least) + most,
        )
        cases["with co-production"] = replace(one, deliveries=produced)
    leads = one.stock[0] == max(other.stock[0] for other in standards if other.function == one.function)
    for share in dict.fromkeys((elsewhere, 1.0)) if leads else ():
        left = 1 - share
        cases[f"{share:.0%} of deliveries elsewhere"] = replace(
            one, deliveries=(value * left, low * left, high * left)
        )
    return cases


def _grid(
    cases: Iterable[tuple[Standard, str, Standard]],
    heading: str,
    points: Iterable[float],
    measure: Callable[[float, float, float, float], float],
) -> pl.DataFrame:
    """Return a measure of each case at each point, with its ends: it is monotone in every share, so at corners."""
    rows = []
    for one, name, case in cases:
        for point in points:
            if heading == "level" and point >= one.stock[2]:
                continue
            central = measure(case.stock[0], case.deliveries[0], case.renewal[0], point)
            corners = [
                measure(*corner, point)
                for corner in product(case.stock[1:], case.deliveries[1:], case.renewal[1:])
            ]
            ends = [part if math.isfinite(part) else None for part in (central, min(corners), max(corners))]
            rows.append((one.function, one.standard, name, float(point), *ends, f"equipment:{one.line}"))
    texts = dict.fromkeys(("function", "standard", "case"), pl.String)
    numbers = dict.fromkeys((heading, "value", "low", "high"), pl.Float64)
    return pl.DataFrame(rows, schema={**texts, **numbers, "id": pl.String}, orient="row")


def _licence(standards: Iterable[Standard]) -> pl.DataFrame:
    rows = []
    for one in standards:
        if one.coproduced is None:
            continue
        local = one.local or (0.0, 0.0, 0.0)
        value, low, high = one.coproduced
        held = (value * (1 - local[0]), low * (1 - local[2]), high * (1 - local[1]))
        rows.append((one.function, one.standard, *one.coproduced, *held, f"equipment:{one.line}"))
    made, held_names = (tuple(f"{name}{end}" for end in ("", "_low", "_high")) for name in ("made", "withheld"))
    schema = {
        **dict.fromkeys(("function", "standard"), pl.String),
        **dict.fromkeys((*made, *held_names), pl.Float64),
        "id": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _suppliers(model: Model, functions: Iterable[str]) -> pl.DataFrame:
    book = read_functions(model)
    rows = [
        (
            tie.function,
            tie.partner,
            tie.year,
            *((None,) * 3 if tie.share is None else (tie.share.value, tie.share.low, tie.share.high)),
            " ".join(tie.facts),
            tie.note,
            f"shares:{tie.line}",
        )
        for tie in book.ties
        if tie.function in set(functions) and tie.direction == "on_partner"
    ]
    schema = {
        **dict.fromkeys(("function", "partner"), pl.String),
        "year": pl.Int64,
        **dict.fromkeys(("share", "low", "high"), pl.Float64),
        **dict.fromkeys(("facts", "note", "id"), pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("function", "year", "partner")


def _statements(model: Model, functions: Iterable[str]) -> pl.DataFrame:
    """Return the facts named by the rows of the functions' tables, with their sources, by subject and period."""
    wanted = set(functions)
    named = {
        fact
        for table in ("equipment", "shares")
        for row in model.table(table).iter_rows(named=True)
        if row["function"] in wanted
        for fact in row["facts"]
    }
    sources = {row["source"]: row for row in model.table("sources").iter_rows(named=True)}
    facts = [row for row in model.table("facts").iter_rows(named=True) if row["fact"] in named & set(model.facts)]
    rows = [
        (
            fact["fact"],
            fact["note"],
            fact["period"],
            fact["modality"],
            "; ".join(sources[name]["title"] for name in fact["sources"]),
            " ".join(sorted({sources[name]["side"] or "" for name in fact["sources"]})),
            "; ".join(sources[name]["date"] or "" for name in fact["sources"]),
            " ".join(sorted(other["fact"] for other in facts if _against(fact, other))),
        )
        for fact in sorted(facts, key=lambda row: (row["partners"], row["period"] or "", row["fact"]))
    ]
    columns = ("fact", "says", "period", "modality", "source", "side", "date", "against")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _against(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether a year told as alleged or planned meets a state of the same tie reported in or after that year."""
    first, second = (one, other) if one["indicator"] == "event_year" else (other, one)
    same = all(first[name] == second[name] for name in ("subject", "partners", "commodity"))
    told = first["indicator"] == "event_year" and first["modality"] in {"alleged", "plan"}
    seen = second["indicator"] == "status_flag" and second["modality"] == "actual"
    return same and told and seen and str(second["period"])[:4] >= str(first["period"])[:4]
