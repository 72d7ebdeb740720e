"""Pairing what was read with what was annotated, and asking each slot whether it is right.

The conditions are those of the published scorer of the annotated texts ("whole claim, strict direction"), written
anew, with three differences: other currencies and measures than the scorer's few must agree too instead of passing
as counted things; the two parties of a turnover may stand in either order; the spelling of a name that is in no
table does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import list_currencies

from benchmarks.reading.checking import MEASURED
from benchmarks.reading.naming import same_actor, same_actors

Record = Mapping[str, Any]

TOLERANCE = 1e-6
"""Relative difference above which two values are not the same."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An annotated claim and the one read at its place."""

    gold: Record
    read: Record


@dataclass(frozen=True, slots=True)
class Match:
    """The pairs among ``gold`` annotated and ``read`` claims that count; what is ignored is in neither."""

    pairs: tuple[Pair, ...]
    gold: int
    read: int

    def f1(self, slots: Sequence[str] = ()) -> float | None:
        """F1 of pairs right in every slot named; None where there is nothing to find and nothing was read."""
        total = self.gold + self.read
        return 2 * sum(right(pair, slots) for pair in self.pairs) / total if total else None


def overlap(a: Record, b: Record) -> float:
    """Return shared characters over all characters of two spans."""
    shared = min(a["end"], b["end"]) - max(a["start"], b["start"])
    return 0.0 if shared <= 0 else shared / (max(a["end"], b["end"]) - min(a["start"], b["start"]))


def pairs_of(gold: Sequence[Record], read: Sequence[Record]) -> list[Pair]:
    """Pair spans that overlap, largest share first, each claim once."""
    near: dict[str, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    for row in gold:
        near[row["doc"]][0].append(row)
    for row in read:
        near[row["doc"]][1].append(row)
    out: list[Pair] = []
    for annotated, found in near.values():
        order = sorted(
            ((overlap(g, r), i, j) for i, g in enumerate(annotated) for j, r in enumerate(found) if overlap(g, r)),
            reverse=True,
        )
        left, right_ = set(range(len(annotated))), set(range(len(found)))
        for _, i, j in order:
            if i in left and j in right_:
                left.remove(i)
                right_.remove(j)
                out.append(Pair(annotated[i], found[j]))
    return out


def match(gold: Sequence[Record], read: Sequence[Record], *, core_only: bool) -> Match:
    """Match claims; with ``core_only`` a reading on a side fact counts neither for nor against."""
    wanted = [g for g in gold if g["tier"] == "core" or (not core_only and g["tier"] == "aux")]
    kept = {id(g) for g in wanted}
    pairs = pairs_of(gold, read)
    counted = tuple(pair for pair in pairs if id(pair.gold) in kept)
    ignored = sum(id(pair.gold) not in kept and pair.gold["tier"] != "negative" for pair in pairs)
    return Match(counted, len(wanted), len(read) - ignored)


def right(pair: Pair, slots: Sequence[str]) -> bool:
    """Tell whether a pair agrees in every slot named."""
    return all(SLOTS[slot](pair.gold, pair.read) for slot in slots)


def _value(gold: Record, read: Record) -> bool:
    ours, theirs = _bounds(gold), _bounds(read)
    return all(
        (a is None and b is None)
        or (a is not None and b is not None and abs(a - b) <= TOLERANCE * max(1.0, abs(a)))
        for a, b in zip(ours, theirs, strict=True)
    )


def _bounds(row: Record) -> tuple[float | None, float | None]:
    value = row.get("value")
    return (row.get("lo"), row.get("hi")) if value is None else (value, value)


def _unit(row: Record) -> str:
    """Return the unit; things counted by any noun are one unit."""
    unit = str(row.get("unit"))
    head = unit.partition("/")[0]
    return unit if head in MEASURED or head in list_currencies() else "count"


def _partners(row: Record) -> tuple[str, ...]:
    return tuple(row.get("partners") or ())


def _parties(row: Record) -> tuple[str, ...]:
    return (*filter(None, [row.get("subject")]), *_partners(row))


def _same_pair(gold: Record, read: Record) -> bool:
    """Tell whether both name the same parties of a turnover, in whatever order."""
    if gold.get("indicator") != "trade_turnover":
        return False
    return same_actors(_parties(gold), _parties(read))


def _equal(slot: str) -> Callable[[Record, Record], bool]:
    return lambda gold, read: (gold.get(slot) or None) == (read.get(slot) or None)


def _stated(slot: str) -> Callable[[Record, Record], bool]:
    return lambda gold, read: bool(gold.get(slot)) == bool(read.get(slot))


SLOTS: Mapping[str, Callable[[Record, Record], bool]] = {
    "value": _value,
    "unit": lambda gold, read: _unit(gold) == _unit(read),
    "rate": _equal("rate"),
    "comparator": _equal("comparator"),
    "kind": _equal("kind"),
    "indicator": _equal("indicator"),
    "subject": lambda g, r: same_actor(g.get("subject"), r.get("subject")) or _same_pair(g, r),
    "partners": lambda g, r: same_actors(_partners(g), _partners(r)) or _same_pair(g, r),
    "period": _equal("period"),
    "modality": _equal("modality"),
    "commodity": _equal("commodity"),
    "route": _equal("route"),
    "perimeter": _stated("perimeter"),
    "polarity": _equal("polarity"),
    "attribution": _stated("attribution"),
}
"""Slot by slot, whether a reading is right; a perimeter and a speaker only by being there at all."""
FIGURE = ("value", "unit", "comparator")
WHOLE = (*FIGURE, "rate", "kind", "indicator", "subject", "partners", "period", "modality")
