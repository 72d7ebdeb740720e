"""Container corridors: named ways from place to place, what they cost, how long they take, what limits them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import add
from typing import Any

from kopir.core.errors import Fault, InputError
from kopir.core.periods import Period, parse_period
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.network.clauses import Asset


@dataclass(frozen=True, slots=True)
class Range:
    """A number with its interval."""

    value: float
    low: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.value + other.value, self.low + other.low, self.high + other.high)


NOTHING = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Stage:
    """A link, or a change of mode or gauge at a place (``from_node`` is ``to_node``).

    ``time`` and ``paper`` (the part that paperless documents would save) are in days, ``cost`` in USD/FEU on top
    of the freight ``rate``; ``cells`` are the cells of the model that the stage rests on.
    """

    asset: Asset
    from_node: str
    to_node: str
    mode: str
    territories: tuple[str, ...]
    time: Range
    paper: Range
    cost: Range
    rate: str | None
    cells: tuple[CellRef, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A freight rate of one period (USD/FEU) and its cell."""

    amount: Range
    cell: CellRef


@dataclass(frozen=True, slots=True)
class Corridor:
    """A named ordered set of links and transfers. ``cut`` are the freight rates that also cover other stages."""

    name: str
    route: str
    nest: str
    option: str | None
    stages: tuple[Stage, ...]
    cut: frozenset[str] = frozenset()

    @property
    def nodes(self) -> tuple[str, ...]:
        """Places passed, in order, each once."""
        return (self.stages[0].from_node, *(stage.to_node for stage in self.stages if stage.asset[0] == "link"))

    @property
    def time(self) -> Range:
        """Days from end to end."""
        return reduce(add, (stage.time for stage in self.stages), NOTHING)

    @property
    def spread(self) -> float:
        """Half the spread of the time from end to end in days, stages being late independently of each other."""
        return math.hypot(*((stage.time.high - stage.time.low) / 2 for stage in self.stages))

    @property
    def paper(self) -> Range:
        """Days that paperless documents and joined customs would save."""
        return reduce(add, (stage.paper for stage in self.stages), NOTHING)

    @property
    def territories(self) -> tuple[str, ...]:
        """Jurisdictions passed, in order; one that is left and entered again stands twice."""
        passed = [state for stage in self.stages for state in stage.territories]
        return tuple(state for index, state in enumerate(passed) if index == 0 or state != passed[index - 1])

    @property
    def transfers(self) -> int:
        """Number of changes of mode or gauge."""
        return sum(stage.asset[0] == "transfer" for stage in self.stages)

    @property
    def rates(self) -> tuple[str, ...]:
        """Freight rates paid, in order, each once."""
        return tuple(dict.fromkeys(stage.rate for stage in self.stages if stage.rate is not None))

    def price(self, rates: Mapping[str, Rate]) -> Range | None:
        """Return what a forty-foot unit pays (USD/FEU), ``None`` where a part of the way has no price.

        A rate is charged once over all stages that name it and is never split; a link without a rate, a rate
        missing from ``rates`` and a rate that reaches beyond the way leave the price unknown.
        """
        unpriced = any(stage.rate is None and stage.asset[0] == "link" for stage in self.stages)
        if unpriced or self.cut & set(self.rates) or not set(self.rates) <= set(rates):
            return None
        own = (stage.cost for stage in self.stages)
        return reduce(add, (*(rates[name].amount for name in self.rates), *own), NOTHING)

    def part(self, origin: str, destination: str) -> Corridor | None:
        """Return the way from ``origin`` to ``destination`` on it, ``None`` where it does not lead there."""
        starts = [i for i, stage in enumerate(self.stages) if _begins(stage, origin)]
        ends = [
            i for i, stage in enumerate(self.stages) if stage.asset[0] == "link" and stage.to_node == destination
        ]
        if not starts or not ends or ends[0] < starts[0]:
            return None
        within = self.stages[starts[0] : ends[0] + 1]
        outside = {stage.rate for stage in (*self.stages[: starts[0]], *self.stages[ends[0] + 1 :])}
        cut = frozenset(name for name in outside if name is not None)
        return Corridor(self.name, self.route, self.nest, self.option, within, cut)


def _begins(stage: Stage, node: str) -> bool:
    return stage.asset[0] == "link" and stage.from_node == node


@dataclass(frozen=True, slots=True)
class CorridorLimit:
    """The most that can pass an asset (TEU/yr), what others take of it, and whether it is enforced."""

    name: str
    asset: Asset
    kind: str
    capacity: Range
    others: Range
    enforced: bool
    cells: tuple[CellRef, ...]

    @property
    def room(self) -> float:
        """What is left to the corridors (TEU/yr)."""
        return max(0.0, self.capacity.value - self.others.value)


def corridors_between(
    model: Model, origin: str, destination: str, opened: Iterable[str] = ()
) -> tuple[Corridor, ...]:
    """Return the corridors that lead from ``origin`` to ``destination``, those of options ``opened`` included.

    Raises :class:`InputError` for an unknown place or option, and when no corridor leads there.
    """
    corridors = read_corridors(model)
    known = {node for corridor in corridors for node in corridor.nodes}
    options = {corridor.option for corridor in corridors} | set(model.table("corridor_limits")["option"])
    faults = [
        Fault(
            "K0901", f"no corridor passes {node!r}", did_you_mean(node, known, "a place of a corridor"), value=node
        )
        for node in (origin, destination)
        if node not in known
    ]
    for option in sorted(set(opened) - options):
        mend = did_you_mean(option, sorted(name for name in options if name), "an option of corridors.csv")
        faults.append(Fault("K0505", f"no corridor waits for option {option!r}", mend, value=option))
    if faults:
        raise InputError(faults)
    today = [corridor for corridor in corridors if corridor.option is None or corridor.option in set(opened)]
    parts = tuple(part for corridor in today if (part := corridor.part(origin, destination)) is not None)
    if not parts:
        reached = sorted(
            {node for one in today if origin in one.nodes for node in one.nodes[one.nodes.index(origin) + 1 :]}
        )
        mend = (
            f"from {origin} corridors lead to {', '.join(reached)}" if reached else "name a place that one leaves"
        )
        raise InputError(Fault("K0901", f"no corridor leads from {origin} to {destination}", mend))
    return parts


def read_corridors(model: Model) -> tuple[Corridor, ...]:
    """Return every corridor of the model, sorted by name, but for those on a transfer not known as of its day."""
    territory = {row["node"]: row["territory"] for row in model.table("nodes").iter_rows(named=True)}
    links = {row["link"]: row for row in model.table("links").iter_rows(named=True)}
    transfers = {row["transfer"]: row for row in model.table("transfers").iter_rows(named=True)}
    stages: dict[str, list[Stage]] = {}
    unknown: set[str] = set()
    for row in model.table("corridor_stages").sort("corridor", "stage").iter_rows(named=True):
        if row["asset_type"] == "link":
            stage = _link_stage(model, links[row["asset"]], row["rate"], territory)
        elif row["asset"] in transfers:
            stage = _transfer_stage(model, transfers[row["asset"]], row["rate"])
        else:
            unknown.add(row["corridor"])
            continue
        stages.setdefault(row["corridor"], []).append(stage)
    return tuple(
        Corridor(row["corridor"], row["route"], row["nest"], row["option"], tuple(stages[row["corridor"]]))
        for row in model.table("corridors").sort("corridor").iter_rows(named=True)
        if row["corridor"] not in unknown
    )


def _link_stage(model: Model, row: Mapping[str, Any], rate: str | None, territory: Mapping[str, str]) -> Stage:
    ends = (territory[row["from_node"]], territory[row["to_node"]])
    time, cells = _ranges(model, "links", row, "time")
    return Stage(
        asset=("link", row["link"]),
        from_node=row["from_node"],
        to_node=row["to_node"],
        mode=row["mode"],
        territories=tuple(row["territories"] or ends),
        time=time[0],
        paper=NOTHING,
        cost=NOTHING,
        rate=rate,
        cells=cells,
    )


def _transfer_stage(model: Model, row: Mapping[str, Any], rate: str | None) -> Stage:
    (time, paper, cost), cells = _ranges(model, "transfers", row, "time", "paper", "cost")
    node = row["node"]
    return Stage(("transfer", row["transfer"]), node, node, "transfer", (), time, paper, cost, rate, cells)


def _ranges(
    model: Model, table: str, row: Mapping[str, Any], *columns: str
) -> tuple[tuple[Range, ...], tuple[CellRef, ...]]:
    """Return the cells of a row as ranges (nothing where blank), and those that the folder states."""
    cells = [CellRef(table, row["line"], column) for column in columns]
    found = [model.quantities.get(cell) for cell in cells]
    ranges = tuple(NOTHING if one is None else Range(one.value, one.low, one.high) for one in found)
    stated = zip(cells, found, strict=True)
    return ranges, tuple(
        cell for cell, one in stated if one is not None and (one.grade != "sourced" or one.fact is not None)
    )


def read_rates(model: Model, period: str, wanted: Iterable[str]) -> dict[str, Rate]:
    """Return the freight rates of ``period``, of those ``wanted``; a rate without period holds in every one.

    Raises :class:`InputError` naming each rate that has no amount in the period: a gap stays a gap.
    """
    found: dict[str, Rate] = {}
    known: dict[str, list[str]] = {}
    for row in model.table("freight_rates").iter_rows(named=True):
        known.setdefault(row["rate"], []).append(row["period"] or period)
        if row["period"] in {None, period}:
            (amount,), _ = _ranges(model, "freight_rates", row, "amount")
            found[row["rate"]] = Rate(amount, CellRef("freight_rates", row["line"], "amount"))
    missing = sorted(set(wanted) - set(found))
    if missing:
        raise InputError(
            [
                Fault(
                    "K0902",
                    f"freight rate {name} has no amount for {period}",
                    f"ask for one of {', '.join(sorted(known[name]))}, or add the row",
                    "freight_rates.csv",
                    value=period,
                )
                for name in missing
            ]
        )
    return found


def read_limits(model: Model, period: str, opened: Iterable[str] = ()) -> tuple[CorridorLimit, ...]:
    """Return the limits that hold in the middle of ``period``; those of options ``opened`` are added.

    An option's capacity joins every other limit of its kind on the same asset.
    """
    whole = parse_period(period)
    assert whole is not None, "periods are checked before they come here"
    day = (whole.first + timedelta(days=whole.days // 2)).isoformat()
    rows = [
        row
        for row in model.table("corridor_limits").sort("limit").iter_rows(named=True)
        if (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
    ]
    gained: dict[tuple[str, str, str], Range] = {}
    for row in rows:
        if row["option"] is not None and row["option"] in set(opened):
            (capacity,), _ = _ranges(model, "corridor_limits", row, "capacity")
            place = (row["asset_type"], row["asset"], row["kind"])
            gained[place] = gained.get(place, NOTHING) + capacity
    limits = []
    for row in (row for row in rows if row["option"] is None):
        (capacity, others), cells = _ranges(model, "corridor_limits", row, "capacity", "others_use")
        capacity += gained.get((row["asset_type"], row["asset"], row["kind"]), NOTHING)
        asset = (row["asset_type"], row["asset"])
        limits.append(CorridorLimit(row["limit"], asset, row["kind"], capacity, others, row["enforced"], cells))
    return tuple(limits)


def check_period(text: str) -> Period:
    """Return the period that ``text`` states; raises :class:`InputError` when it states none."""
    period = parse_period(text)
    if period is None:
        raise InputError(Fault("K0505", "not a period", "write a year such as 2024, or 2024-H1", value=text))
    return period
