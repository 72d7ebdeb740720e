"""Figures that look alike and differ: other perimeter, side, period, modality, or out of all proportion.

Nothing here is averaged and nobody is blamed: two figures that a reader would take for the same are set side by
side, with what sets them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kopir.core.codes import codes
from kopir.core.errors import Fault
from kopir.core.periods import parse_period
from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._measures import measure, perimeter
from kopir.facts.settled._reconciliation import Reconciliation

OUTCOMES = frozenset({"actual", "estimate", "alleged"})
PROMISES = frozenset({"plan", "target", "forecast"})
CROWD = 60
"""Families of look-alikes larger than this are left out: they are series, not contradictions."""
KIN = 8
"""Least number of kindred figures from which one can stand out of all proportion."""
FAR = 1.5
"""How far beyond its soft edge an open wording («over 30 %») still reaches when look-alikes are compared."""
TAKEN_FOR = 5.0
"""No reader takes a figure for another more than this many times as large: a part so small is told as a part."""
BORNE_OUT = 3.0
"""A figure is no stranger where another document gives its own pair one within this factor."""
COUNTED = frozenset({"statistics", "dataset"})
"""Classes of sources whose figures are cells of a table: what slips by a power of ten is told in prose."""
PROPORTION = 3.5
"""Robust deviations (1.4826 × median absolute deviation of logs) beyond which it does."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One observation as a figure of its own: its key, kind, interval, document, and the class of its source."""

    row: int
    key: Key
    kind: str
    low: float
    high: float
    doc: str
    told_by: str

    @property
    def middle(self) -> float:
        """A point of the interval."""
        if math.isinf(self.high):
            return self.low
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Two or more observations that differ, why they may, and how far apart they are (log, 0 where equal).

    ``stranger`` is the one that is out of all proportion, -1 where none is.
    """

    kind: str
    rows: tuple[int, ...]
    facet: str
    gap: float
    stranger: int = -1


def compare_statements(found: Reconciliation) -> list[LookAlikes]:
    """Return look-alikes that differ, one for each pair of values of each pair of keys, in a fixed order."""
    stated = _convertible(_statements(found))
    pairs: dict[tuple[object, ...], LookAlikes] = {}
    for one in (
        *_perimeters(stated),
        *_outcomes(stated),
        *_ageing(stated),
        *_flat_denials(stated),
        *_out_of_proportion(stated),
    ):
        by_row = {item.row: item for item in stated}
        shape = tuple(
            sorted((str(by_row[row].key), by_row[row].kind, by_row[row].low, by_row[row].high) for row in one.rows)
        )
        pairs.setdefault((one.kind, shape), one)
    return sorted(pairs.values(), key=lambda one: (one.kind, one.rows))


def _statements(found: Reconciliation) -> list[Stated]:
    seen, keys = found.system.observations, found.system.keys
    kinds, docs = found.claims["kind"].to_list(), found.claims["doc"].to_list()
    classes = found.claims["class"].to_list()
    return [
        Stated(
            int(row),
            replace(keys[seen.fact[row]], part="") if seen.base[row] >= 0 else keys[seen.fact[row]],
            kinds[seen.claim[row]] if seen.base[row] >= 0 else "level",
            float(seen.low[row] if seen.low[row] or seen.soft_low[row] <= 0 else seen.soft_low[row] / FAR),
            float(
                min(seen.high[row], seen.soft_high[row] * FAR)
                if seen.high[row] > seen.soft_high[row]
                else seen.high[row]
            ),
            docs[seen.claim[row]],
            classes[seen.claim[row]],
        )
        for row in np.flatnonzero(found.copies.counted)
    ]


def unit_faults(found: Reconciliation) -> list[Fault]:
    """Return a fault for each key whose claims come in units that no stated conversion joins."""
    stated = _convertible(_statements(found))
    by_thing: dict[Key, dict[str, int]] = {}
    for one in stated:
        if one.kind == "level":
            by_thing.setdefault(replace(one.key, unit=""), {}).setdefault(one.key.unit, one.row)
    ids, seen = found.claims["id"].to_list(), found.system.observations
    return [
        Fault(
            "K3005",
            f"claims of one thing come in {' and '.join(sorted(rows))} and are kept apart",
            "give the figure in one unit, or add a conversion_factor fact",
            value=f"{key}: {', '.join(sorted(ids[seen.claim[row]] for row in rows.values()))}",
        )
        for key, rows in sorted(by_thing.items(), key=lambda item: str(item[0]))
        if len(rows) > 1
    ]


def _convertible(stated: Sequence[Stated]) -> list[Stated]:
    """Return the statements in one unit where some source states how many of one unit another is.

    A ``conversion_factor`` fact in ``X/Y`` turns X into Y, and X a year into Y a year, where Y is told as well.
    """
    factors: dict[str, tuple[str, float, float]] = {}
    for one in stated:
        if one.key.indicator == "conversion_factor" and one.key.unit.count("/") == 1:
            many, single = one.key.unit.split("/")
            _, low, high = factors.get(many, (single, math.inf, 0.0))
            factors[many] = (single, min(low, one.low), max(high, one.high))
    spoken = {(_loosely(one.key), one.key.unit) for one in stated}
    turned = []
    for one in stated:
        many, _, rate = one.key.unit.partition("/")
        if one.kind == "level" and many in factors and rate in {"", "yr"} and factors[many][1] > 0:
            single, low, high = factors[many]
            unit = f"{single}/{rate}" if rate else single
            if (_loosely(one.key), unit) in spoken:
                one = replace(one, key=replace(one.key, unit=unit), low=one.low / high, high=one.high / low)
        turned.append(one)
    return turned


def _loosely(key: Key) -> Key:
    return Key(key.indicator, key.subject, key.partners, route=key.route, modality=key.modality)


def _families(stated: Sequence[Stated], reduce: Callable[[Stated], Key]) -> Iterator[list[Stated]]:
    families: dict[tuple[Key, str], list[Stated]] = {}
    for one in stated:
        families.setdefault((reduce(one), one.kind), []).append(one)
    for members in families.values():
        if 1 < len(members) <= CROWD:
            yield sorted(members, key=lambda one: one.row)


def _pairs(members: Sequence[Stated]) -> Iterator[tuple[Stated, Stated]]:
    for place, one in enumerate(members):
        yield from ((other, one) for other in members[:place] if apart(one, other) > 0)


def apart(one: Stated, other: Stated) -> float:
    """Return the gap between two intervals in logs (in absolute terms where a sign differs), 0 when they meet."""
    low, high = sorted((one, other), key=lambda item: item.middle)
    if low.high >= high.low:
        return 0.0
    if low.middle <= 0 or high.middle <= 0:
        return abs(high.middle - low.middle) / max(abs(high.middle), abs(low.middle), 1e-300)
    return math.log(high.middle / low.middle)


def _perimeters(stated: Sequence[Stated]) -> Iterator[LookAlikes]:
    def reduce(one: Stated) -> Key:
        standing = measure(one.key.indicator).standing
        return replace(one.key, perimeter="", period="" if standing else one.key.period)

    for members in _families(stated, reduce):
        for other, one in _pairs(members):
            if one.key.perimeter == other.key.perimeter and one.key.period == other.key.period:
                continue
            facet, gap = _facet(one.key, other.key), apart(one, other)
            if facet in {"coverage", "period"} and one.doc == other.doc:
                continue  # a source that tells the two apart has them apart
            if facet == "coverage" and gap > math.log(TAKEN_FOR):
                continue
            if facet == "period" and not _of_one_time(one.key, other.key):
                continue
            kind = {"side": "mirror", "measure": "definition", "stage": "definition"}.get(facet, "perimeter")
            yield LookAlikes(kind, (other.row, one.row), facet, gap)


def _of_one_time(one: Key, other: Key) -> bool:
    """Tell whether two dates of a standing thing leave it no time to change; promises are compared elsewhere."""
    if {one.modality, other.modality} & PROMISES:
        return False
    first, second = parse_period(one.period), parse_period(other.period)
    return first is None or second is None or abs(first.first.year - second.first.year) <= 1


def _facet(one: Key, other: Key) -> str:
    if one.perimeter == other.perimeter:
        return "period"
    facets = [perimeter(key.perimeter).facet for key in (one, other) if key.perimeter]
    return facets[0] if len(set(facets)) == 1 else "coverage"


def _outcomes(stated: Sequence[Stated]) -> Iterator[LookAlikes]:
    """Yield promises that the outcome of their own period and perimeter does not bear out."""
    for members in _families(stated, lambda one: replace(one.key, modality="")):
        for other, one in _pairs(members):
            said = {one.key.modality, other.key.modality}
            if said & OUTCOMES and said & PROMISES:
                yield LookAlikes("forecast_vs_outcome", (other.row, one.row), "modality", apart(one, other))
            elif len(said) > 1 and said <= OUTCOMES:
                yield LookAlikes("dispute", (other.row, one.row), "modality", apart(one, other))


def _ageing(stated: Sequence[Stated]) -> Iterator[LookAlikes]:
    """Yield promises of one value whose date moves: the first and the last of them."""
    promised = [one for one in stated if one.key.modality in PROMISES and one.key.period and one.kind == "level"]
    for members in _families(promised, lambda one: replace(one.key, period="", modality="")):
        same: dict[float, list[Stated]] = {}
        for one in members:
            same.setdefault(float(f"{one.middle:.6g}"), []).append(one)
        for alike in same.values():
            dated = sorted(alike, key=lambda one: (one.key.period, one.row))
            if dated[0].key.period != dated[-1].key.period:
                yield LookAlikes("stale", tuple(one.row for one in dated), "period", 0.0)


def _flat_denials(stated: Sequence[Stated]) -> Iterator[LookAlikes]:
    """Yield figures of one key of which one is zero or negative: yes against no, a fall against a rise."""
    for members in _families(stated, lambda one: one.key):
        for other, one in _pairs(members):
            if one.low <= 0 or other.low <= 0:
                yield LookAlikes("dispute", (other.row, one.row), "", apart(one, other))


def _out_of_proportion(stated: Sequence[Stated]) -> Iterator[LookAlikes]:
    """Yield a told level that stands out of its kin: other partners of one subject, or other years of one key."""
    levels = [one for one in stated if one.kind == "level" and one.low > 0 and math.isfinite(one.middle)]
    families: dict[Key, list[tuple[tuple[str, ...], Stated]]] = {}
    for one in levels:
        for subject, partners in _seen_from_both_sides(one.key):
            kin = Key(one.key.indicator, subject, unit=one.key.unit)
            families.setdefault(kin, []).append((partners, one))
    for members in families.values():
        yield from _strangers(members)
    series: dict[Key, list[Stated]] = {}
    for one in levels:
        series.setdefault(replace(one.key, period="", modality=""), []).append(one)
    for alike in series.values():
        for one in alike:
            others = [other for other in alike if other.key.period != one.key.period]
            if one.told_by in COUNTED or _borne_out(one, alike):
                continue
            gaps = [math.log(one.middle / other.middle) for other in others]
            if len(others) > 1 and min(map(abs, gaps)) > math.log(10) and len({gap > 0 for gap in gaps}) == 1:
                nearest = min(others, key=lambda other: (abs(math.log(one.middle / other.middle)), other.row))
                rows = tuple(sorted((nearest.row, one.row)))
                yield LookAlikes("unit_scale", rows, "proportion", min(map(abs, gaps)), one.row)


def _seen_from_both_sides(key: Key) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield key.subject, key.partners
    if measure(key.indicator).symmetric and len(key.partners) == 1 and key.partners[0] != key.subject:
        yield key.partners[0], (key.subject,)


def _strangers(members: Sequence[tuple[tuple[str, ...], Stated]]) -> Iterator[LookAlikes]:
    about: dict[tuple[str, ...], list[float]] = {}
    named = [(who, one) for who, one in members if who]
    for who, one in named:
        about.setdefault(who, []).append(math.log(one.middle))
    if len(about) < KIN or not measure(members[0][1].key.indicator).adds_over_partners:
        return
    level = {who: float(np.median(logs)) for who, logs in about.items()}
    middle = float(np.median(list(level.values())))
    spread = 1.4826 * float(np.median([abs(one - middle) for one in level.values()]))
    groups = codes("groups")
    for who, one in named:
        gap = math.log(one.middle) - middle
        if any(partner in groups for partner in who):
            continue  # a group of states is larger than most of its kin
        if one.told_by in COUNTED or _borne_out(one, [other for partner, other in named if partner == who]):
            continue
        if spread > 0 and abs(gap) > PROPORTION * spread and abs(gap) > math.log(30):
            yield LookAlikes("unit_scale", (one.row,), "proportion", abs(gap), one.row)


def _borne_out(one: Stated, others: Sequence[Stated]) -> bool:
    """Tell whether another document gives a figure of the same size."""
    return any(
        other.doc != one.doc and abs(math.log(other.middle / one.middle)) < math.log(BORNE_OUT) for other in others
    )
