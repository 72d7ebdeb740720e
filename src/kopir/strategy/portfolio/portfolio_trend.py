"""How the portfolio moved over the years: concentration by function and year, and whether partners specialised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
import polars as pl

from kopir.model.grounds.cited import Cells
from kopir.model.network.network import Floats
from kopir.model.ties.functions import Estimate, FunctionBook
from kopir.strategy.portfolio.portfolio import Bounds, concentration_bounds, specialisation_bounds

Direction = Literal["true", "not true", "undetermined"]
LEAST_FUNCTIONS = 3
"""Functions that a panel must have in both of its years for specialisation to be compared."""

SCHEMA: Mapping[str, Any] = {
    "function": pl.String,
    "measure": pl.String,
    "year": pl.Int64,
    "partners": pl.Int64,
    "named": pl.Float64,
    "leader": pl.String,
    **dict.fromkeys(("leader_share", "hhi_low", "hhi_high", "effective_low", "effective_high"), pl.Float64),
}


@dataclass(frozen=True)
class Verdict:
    """Whether the state moved "from balancing to selective strengthening".

    Taken to mean that over the ``functions`` of the panel each came to rest more on a partner of its own:
    functional specialisation (0 to 1, see
    :func:`kopir.strategy.portfolio.portfolio.specialisation_bounds`) rose from ``first_year`` to ``last_year`` by
    more than the unnamed rest can explain. ``answer`` is *true* when it rose so, *not true* when it fell so,
    *undetermined* otherwise or when no two years share enough functions. ``leaders`` is the number of different
    leading partners in the last year; ``concentrated`` and ``spread`` name functions whose concentration rose
    or fell beyond its bounds between the two years. ``shares`` are the cells it rests on.
    """

    answer: Direction
    first_year: int | None
    last_year: int | None
    functions: tuple[str, ...]
    before: Bounds | None
    after: Bounds | None
    leaders: int
    concentrated: tuple[str, ...]
    spread: tuple[str, ...]
    cells: Cells

    def as_record(self) -> dict[str, object]:
        """Return the verdict as plain values, its cells as ids."""
        plain = asdict(self) | {"cells": [str(ref) for ref in self.cells]}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


@dataclass(frozen=True)
class TrendResult:
    """Concentration by function and year, from the partners' shares in the function's own measure.

    ``table``: function, measure, year, partners named, ``named`` (the sum of their shares), the leading partner
    and its share (null where another, or one who is not named, may have more), ends of the
    Herfindahl-Hirschman index and of the effective number of partners over everything that the unnamed rest may
    be. Sorted by function and year. ``inputs`` gives the cells behind each row, by function and year.
    """

    table: pl.DataFrame
    verdict: Verdict
    inputs: Mapping[tuple[str, int], Cells]


def trend(book: FunctionBook) -> TrendResult:
    """Return how concentrated each function was in each year for which shares are known."""
    rows: list[dict[str, object]] = []
    inputs: dict[tuple[str, int], Cells] = {}
    known = _known(book)
    for (function, year), shares in sorted(known.items()):
        rows.append(
            {"function": function, "measure": book.functions[function].measure, "year": year} | _row(shares)
        )
        inputs[function, year] = _cells(shares)
    return TrendResult(pl.DataFrame(rows, schema=SCHEMA), _verdict(known), inputs)


_Shares = Mapping[str, Estimate]
_Known = Mapping[tuple[str, int], _Shares]


def _known(book: FunctionBook) -> _Known:
    years = {(tie.function, tie.year) for tie in book.ties if tie.direction == "on_partner"}
    found = {(function, year): book.shares(function, year) for function, year in sorted(years)}
    return {key: shares for key, shares in found.items() if shares and book.functions[key[0]].measure}


def _row(shares: _Shares) -> dict[str, object]:
    bounds = _concentration(shares)
    leader = _leader(shares)
    return {
        "partners": sum(one.value > 0 for one in shares.values()),
        "named": min(sum(one.value for one in shares.values()), 1.0),
        "leader": leader,
        "leader_share": None if leader is None else shares[leader].value,
        "hhi_low": bounds.low,
        "hhi_high": bounds.high,
        "effective_low": 1 / bounds.high if bounds.high > 0 else None,
        "effective_high": 1 / bounds.low if bounds.low > 0 else None,
    }


def _leader(shares: _Shares) -> str | None:
    """Return the partner who certainly has the largest share, ``None`` where another or an unnamed one may."""
    first = min(shares, key=lambda partner: (-shares[partner].value, partner))
    others = [one.high for partner, one in shares.items() if partner != first]
    unnamed = 1 - sum(one.low for one in shares.values())
    return first if shares[first].low > max([*others, unnamed, 0.0]) else None


def _concentration(shares: _Shares) -> Bounds:
    return concentration_bounds([one.low for one in shares.values()], [one.high for one in shares.values()])


def _cells(shares: _Shares) -> Cells:
    return tuple(sorted({ref for one in shares.values() for ref in one.cells}))


def _verdict(known: _Known) -> Verdict:
    panel = _panel(known)
    if panel is None:
        return Verdict("undetermined", None, None, (), None, None, 0, (), (), ())
    first, last, functions = panel
    before, after = (specialisation_bounds(_matrix(known, functions, year)) for year in (first, last))
    moved = {
        function: _moved(_concentration(known[function, first]), _concentration(known[function, last]))
        for function in functions
    }
    cells = {ref for function in functions for year in (first, last) for ref in _cells(known[function, year])}
    answers: Mapping[int, Direction] = {1: "true", -1: "not true", 0: "undetermined"}
    return Verdict(
        answer=answers[_moved(before, after)],
        first_year=first,
        last_year=last,
        functions=functions,
        before=before,
        after=after,
        leaders=len({_leader(known[function, last]) for function in functions} - {None}),
        concentrated=tuple(function for function, way in moved.items() if way > 0),
        spread=tuple(function for function, way in moved.items() if way < 0),
        cells=tuple(sorted(cells)),
    )


def _moved(before: Bounds, after: Bounds) -> int:
    """Return 1 when a measure rose whatever the rest is, -1 when it fell, 0 when its ends overlap."""
    return int(after.low > before.high) - int(after.high < before.low)


def _panel(known: _Known) -> tuple[int, int, tuple[str, ...]] | None:
    """Return the two years farthest apart that share enough functions, those with more functions first."""
    by_year: dict[int, set[str]] = {}
    for function, year in known:
        by_year.setdefault(year, set()).add(function)
    pairs = [
        (last - first, len(by_year[first] & by_year[last]), first, last)
        for first, last in combinations(sorted(by_year), 2)
        if len(by_year[first] & by_year[last]) >= LEAST_FUNCTIONS
    ]
    if not pairs:
        return None
    _, _, first, last = max(pairs)
    return first, last, tuple(sorted(by_year[first] & by_year[last]))


def _matrix(known: _Known, functions: Sequence[str], year: int) -> Floats:
    partners = sorted({partner for function in functions for partner in known[function, year]})
    return np.array(
        [
            [
                known[function, year][partner].value if partner in known[function, year] else 0.0
                for function in functions
            ]
            for partner in partners
        ]
    )
