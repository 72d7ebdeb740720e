"""Can the capacities of a model carry a target by its deadline: the most that its links can take together.

The most is a maximum flow (Ford and Fulkerson 1956) through the links of the target, with conversions, several
goods and shared capacities as rows, and every other flow giving way. Capacities that bind are found by lifting: a
full capacity binds when the most grows without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from kopir.core.periods import parse_period
from kopir.core.units import conversion_factor, units
from kopir.flow.value import Flow, ValueFunction
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import ClauseBook, Denial, read_clauses
from kopir.model.network.network import Floats, Kind, Network

BOUND = 1e-6
"""Mt a year within which a capacity counts as full."""
_BEGUN = frozenset({"under_way"})
_DECIDED = _BEGUN | {"decided"}
_ALIVE = _DECIDED | {"proposed"}
"""States of options that a verdict tells apart; what is left is shelved."""
_RAISING = frozenset({"amount", "depth", "firm", "gain", "nameplate", "ramp", "ratio"})
_CAPPING = frozenset({"lead_time", "loss", "others_use"})
_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "target": pl.String,
    "deadline": pl.String,
    "wanted_mt": pl.Float64,
    "today_mt": pl.Float64,
    "under_way_mt": pl.Float64,
    "decided_mt": pl.Float64,
    "proposed_mt": pl.Float64,
    "most_mt": pl.Float64,
    "low_mt": pl.Float64,
    "high_mt": pl.Float64,
    "verdict": pl.String,
    "as_decided": pl.String,
    "options": pl.List(pl.String),
    "too_late": pl.List(pl.String),
    "binding": pl.List(pl.String),
    "why": pl.String,
}


@dataclass(frozen=True)
class FeasibilityResult:
    """Whether the capacities of a model allow its targets.

    ``table`` has a row for each row of ``targets.csv`` that asks for a mass (Mt a year): ``today_mt`` is the most
    that its links can carry with nothing built, ``under_way_mt`` with the options under way, ``decided_mt``
    with those decided as well, ``proposed_mt`` with those proposed, ``most_mt`` with every option whose lead time
    ends by the deadline, shelved ones too, ``low_mt`` and ``high_mt`` the same with every capacity and
    lead time at the bad and at the good end of its interval. ``verdict`` is *allowed* or *not allowed* where both
    ends agree, *open* where they do not, null where the model has no such links; ``as_decided`` is *yes* or *no*
    for what is under way and decided alone. ``options`` are those without
    which the target is missed, ``too_late`` those that would let more through but come after it, ``binding`` the
    capacities that hold back what can be carried, with their Mt a year.
    """

    table: pl.DataFrame


def target_feasibility(model: Model) -> FeasibilityResult:
    """Return whether the capacities of ``model`` allow the targets of its ``targets.csv``.

    Lead times count from the end of the base year; an option serves a target when it is there before the end of
    the deadline's period. Raises :class:`kopir.core.errors.ModelError` where no flow satisfies the model.
    """
    rows = [
        _answer(model, row, wanted)
        for row in model.table("targets").sort("target").iter_rows(named=True)
        if (wanted := _mass(model, row)) is not None
    ]
    return FeasibilityResult(pl.DataFrame(rows, schema=dict(_SCHEMA)))


def _mass(model: Model, row: Mapping[str, object]) -> float | None:
    """Return what a target asks for in Mt, ``None`` where it is no mass."""
    quantity = model.quantities.get(CellRef("targets", int(str(row["line"])), "value"))
    if quantity is None or quantity.unit not in units():
        return None
    unit = quantity.unit.removesuffix("/yr")
    return quantity.value * conversion_factor(unit, "Mt") if units()[unit].dimension == "mass" else None


def _answer(model: Model, row: Mapping[str, object], wanted: float) -> dict[str, object]:
    links, deadline = row["links"], str(row["deadline"])
    told: dict[str, object] = {"target": row["target"], "deadline": deadline, "wanted_mt": wanted}
    months = _months(model, deadline)
    if months is None:
        return told | {"why": "the deadline is no period of the calendar"}
    if months <= 0:
        return told | {"why": f"over: the base year of the model is {model.settings.model.base_year}"}
    if not isinstance(links, list) or not links:
        return told | {"why": _without_links(model, row["route"])}
    most = _Most(model, links)
    ends = [_Most(model, links, _ends(model, good=good)) for good in (False, True)]
    low, high = (one.reached(one.in_time(months)) for one in ends)
    plan = most.in_time(months)
    upto = [most.reached(_of_states(model, plan, states)) for states in (_BEGUN, _DECIDED, _ALIVE)]
    allowed = low >= wanted - BOUND
    verdict = "allowed" if allowed else "not allowed" if high < wanted - BOUND else "open"
    reached = most.reached(plan)
    return told | {
        "today_mt": most.reached(()),
        "under_way_mt": upto[0],
        "decided_mt": upto[1],
        "proposed_mt": upto[2],
        "most_mt": reached,
        "low_mt": low,
        "high_mt": high,
        "verdict": verdict,
        "as_decided": "yes" if upto[1] >= wanted - BOUND else "no",
        "options": most.needed(plan, wanted) if reached >= wanted - BOUND else [],
        "too_late": [
            name
            for name in most.network.gains.options
            if name not in plan and most.reached([*plan, name]) > reached + BOUND
        ],
        "binding": most.binding(plan),
        "why": f"{months} months to the end of {deadline}; every other flow gives way, costs do not count",
    }


def _without_links(model: Model, route: object) -> str:
    if route in set(model.table("links")["route"].to_list()):
        return f"the row names no links: write into targets.csv which links of {route} must carry it"
    return f"the network has no route {route}" if route else "no question of a route"


def _months(model: Model, deadline: str) -> int | None:
    period = parse_period(deadline)
    if period is None:
        return None
    return (period.last.year - model.settings.model.base_year - 1) * 12 + period.last.month


def _of_states(model: Model, plan: Sequence[str], states: frozenset[str]) -> list[str]:
    """Return the options of a plan that are in one of these states."""
    known = dict(model.table("options").select("option", "status").iter_rows())
    return [option for option in plan if known[option] in states]


def _ends(model: Model, *, good: bool) -> dict[CellRef, float]:
    """Return every capacity and lead time at the end of its interval that lets more, or less, through."""
    return {
        quantity.ref: quantity.high if good == (quantity.ref.column in _RAISING) else quantity.low
        for quantity in model.uncertain()
        if quantity.ref.column in _RAISING | _CAPPING
    }


class _Most:
    """The most that some links can carry together, under one choice of values."""

    def __init__(self, model: Model, links: Iterable[str], values: Mapping[CellRef, float] | None = None) -> None:
        network = build_network(model, values)
        chosen = np.zeros(len(network.assets), dtype=np.bool_)
        chosen[[network.asset_index["link", link] for link in links if ("link", link) in network.asset_index]] = (
            True
        )
        cost = np.where(chosen[network.activities.asset] & network.of_kind(Kind.FLOW), -1.0, 0.0)
        self.network: Network = replace(network, activities=replace(network.activities, cost=cost))
        clauses: ClauseBook = read_clauses(model)
        self._open = network.open_shares(clauses.availability(Denial()))

    def in_time(self, months: int) -> list[str]:
        """Return the options whose lead time is over within ``months``."""
        gains = self.network.gains
        return [name for name, lead in zip(gains.options, gains.lead_time, strict=True) if lead <= months]

    def reached(self, plan: Iterable[str]) -> float:
        """Return the most with the options of ``plan`` (Mt a year)."""
        return self._flow(self.network, plan).value

    def needed(self, plan: Sequence[str], wanted: float) -> list[str]:
        """Return options of ``plan`` that reach ``wanted``, none of which can be spared; the dear leave first."""
        gains = self.network.gains
        dear = sorted(plan, key=lambda name: (-gains.annual_cost[gains.options.index(name)], name))
        kept = list(plan)
        for name in dear:
            fewer = [one for one in kept if one != name]
            if self.reached(fewer) >= wanted - BOUND:
                kept = fewer
        return sorted(kept)

    def binding(self, plan: Iterable[str]) -> list[str]:
        """Return the capacities without which more could be carried, with what they let through (Mt a year).

        Where no single capacity holds the flow back, those that are full do so together.
        """
        plan = list(plan)
        flow = self._flow(self.network, plan)
        capacity = self._capacity(plan)
        used = self.network.limits.share @ flow.total
        full = np.flatnonzero(np.isfinite(capacity) & (used >= capacity - BOUND) & (used > BOUND))
        alone = [row for row in full if self._lifted([int(row)], plan) > flow.value + BOUND]
        held = alone or (list(full) if self._lifted([int(row) for row in full], plan) > flow.value + BOUND else [])
        names = {self.network.assets[self.network.limits.asset[row]]: float(capacity[row]) for row in held}
        return [f"{name} {room:.3g}" for (_, name), room in sorted(names.items())] or ["supplies and markets"]

    def _lifted(self, rows: Sequence[int], plan: Sequence[str]) -> float:
        capacity = self.network.limits.capacity
        usable = capacity.usable.copy()
        usable[list(rows)] = np.inf
        limits = replace(self.network.limits, capacity=replace(capacity, usable=usable))
        return self._flow(replace(self.network, limits=limits), plan).value

    def _capacity(self, plan: Sequence[str]) -> Floats:
        gains = self._plan(plan) @ self.network.gains.limit
        capacity: Floats = self.network.limits.capacity.usable + gains
        closed: Floats = capacity * self._open[self.network.limits.asset]
        return closed

    def _flow(self, network: Network, plan: Iterable[str]) -> Flow:
        function = ValueFunction(network)
        return function.solve(function.situation(network.limits.capacity.usable, self._open, self._plan(plan)))

    def _plan(self, plan: Iterable[str]) -> Floats:
        chosen = set(plan)
        return np.array([name in chosen for name in self.network.gains.options], dtype=np.float64)
