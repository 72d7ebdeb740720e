"""A second reading of a figure that the reader is not sure of: by what its own words name.

Slots that were carried over from elsewhere are left out, those that the clause names are put in, and the measure
is any that its words may stand for. So read, a figure is borne out by what is held of it; it is contradicted by a
slip that has a name, or where its own sentence names party, measure and time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from kopir.core.codes import codes
from kopir.core.periods import parse_period
from kopir.evidence import measures_of
from kopir.facts.checked._computed import KINDS
from kopir.facts.claimed._keys import normal_key
from kopir.facts.claimed._measures import measure
from kopir.facts.named._anchors import Anchors
from kopir.facts.named._kinship import Told, distance
from kopir.facts.named._statements import REPORTS, TURNED, Statement, same_unit

_ANY_SHARE = "other_share"
_CAPACITIES = frozenset({"capacity", "transit_capacity"})
_TAKEN = frozenset({"buy", "receive"})
_DELIVERED = frozenset({"supply", "sell"})
_NOBODY = frozenset[str]()
_CHANGES = frozenset({"change_pct", "mult"})
_YEAR = 4
_ENERGY = "MWh"
"""A unit that one good alone is told in, whatever good stands beside."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A figure read by its own words.

    ``binds`` tells that a difference without a name may contradict it, ``open`` that no word says what is
    measured, ``plans`` that only plans may be meant (a capacity promised, told as what was carried), ``whole``
    that nothing which the words name is left out, ``sole`` that of the good it names one measure alone is held.
    """

    told: Told
    binds: bool
    open: bool
    plans: bool
    whole: bool
    sole: bool


@dataclass(frozen=True, slots=True)
class _Measured:
    """A measure that words may stand for, and who it is of."""

    indicator: str
    subject: str
    plans: bool = False
    turned: bool = False


def variants(told: Told, found: Anchors, held: Sequence[Statement]) -> Iterator[Variant]:
    """Yield the readings of a figure that its words allow and of which anything is held, the closest first.

    Where nothing is held of the measures that its words stand for, and where none does, any measure is meant.
    """
    words = _NOBODY if "cue behind" in found.own else measures_told(found, told.said.kind)
    any_held = False
    for one in _drawn(told, found, held, words):
        any_held = True
        yield one
    if words and not any_held:
        yield from _drawn(told, found, held, _NOBODY)


def _drawn(told: Told, found: Anchors, held: Sequence[Statement], words: frozenset[str]) -> Iterator[Variant]:
    parties = frozenset(one for one in found.parties if _is_party(one)) - {told.focal}
    others = frozenset(one for one in found.around if one in codes("states")) - {told.focal}
    named = "party inside" in found.own or others <= parties
    strayed = not told.sites and (
        (bool(told.said.routes) and not others)
        or any(told.focal in codes("groups")[one].members for one in told.said.parties if one in codes("groups"))
    )
    named_goods = frozenset({"power"}) if told.said.unit == _ENERGY else found.goods
    goods = (*sorted(named_goods), "")
    for said in _kinds(told.said):
        near: dict[str, list[Statement]] = {}
        for one in held:
            if (same_unit(said, one) and one.kind == said.kind) or (said.kind in KINDS and one.kind == "level"):
                near.setdefault(one.key.indicator, []).append(one)
        times = list(_periods(told, found))
        for good, (period, stands, mode), who in product(goods, times, _whom(found, parties, others, told.focal)):
            bought = bool(found.cues & _TAKEN) and who == parties and "party inside" in found.own
            bought = bought and not any(one.parties & who for one in near.get("import", ()))
            for how in _measures(said, words, near, who, told.focal, bought=bought):
                key = replace(
                    said.key, indicator=how.indicator, commodity=good, period=period, perimeter="", modality=mode
                )
                so = replace(said, key=normal_key(key), parties=who, subject=how.subject, routes=_NOBODY)
                again = replace(told, said=so, named=who, before=_NOBODY, timed=stands)
                alike = replace(again, said=replace(so, kind="level")) if said.kind in KINDS else again
                meant = [
                    one
                    for one in near[how.indicator]
                    if distance(again, one) is not None or distance(alike, one) is not None
                ]
                if not meant:
                    continue
                timeless = not period and all(not one.key.period for one in meant)
                carried = "carried" in found.own and bool(who or (good and "good inside" in found.own))
                told_change = said.kind == "change_pct" and "cue inside" in found.own and len(period) in {0, _YEAR}
                dated = (
                    timeless or told_change or ((stands or carried) and bool(period) and not period.endswith("/"))
                )
                whole = who == parties and named and (bool(good) or "good" not in found.own) and not strayed
                counted = said.row["kind"] == "count"
                plain = said is told.said and said.kind != "change_abs" and not how.turned and not counted
                binds = dated and whole and plain and bool(words) and _sole(how.indicator, said, words)
                of_all = who == _NOBODY and (not others or "party behind" in found.own) and not strayed
                sole = "good inside" in found.own and bool(good) and len(_kept_of(good, near)) == 1
                yield Variant(again, binds, not words, how.plans, whole or of_all, sole)


def _kept_of(good: str, near: Mapping[str, Sequence[Statement]]) -> set[str]:
    """Return the measures of which anything is held of a good."""
    return {
        measure(name).kin or name for name, held in near.items() if any(one.key.commodity == good for one in held)
    }


def _is_party(code: str) -> bool:
    return code in codes("states") or code in codes("groups")


def _whom(found: Anchors, parties: frozenset[str], others: frozenset[str], focal: str) -> list[frozenset[str]]:
    """Return who may be meant: whom the clause names; else also nobody, or whom its sentence names beside.

    A sentence that names nobody may go on about those of the one before.
    """
    inside = "party inside" in found.own
    if inside and parties:
        return [parties]
    told = [parties, _NOBODY] if parties else [_NOBODY]
    if "party behind" in found.own:
        told.reverse()
    told += [others] if inside and others else []
    if len(parties) > 1 and not inside and found.nearest in parties:
        told.append(frozenset({found.nearest}))
    earlier = frozenset(one for one in found.earlier if _is_party(one)) - {focal}
    return [*told, earlier] if earlier and not found.around else told


def _kinds(said: Statement) -> list[Statement]:
    """Return a figure as read, and a difference as a level too: «the year before it was 5.2 bn»."""
    if said.kind != "change_abs":
        return [said]
    low, high = sorted((abs(said.low), abs(said.high)))
    return [said, replace(said, kind="level", value=abs(said.value), low=low, high=high)]


def _periods(told: Told, found: Anchors) -> Iterator[tuple[str, bool, str]]:
    """Yield the times that may be meant, whether the words say so, and the mode: what is to come is a plan.

    A word of plans beside the figure makes it one too. That is the time that stands nearest, before it a finer one
    of the same year that was read. A time carried over from the sentence before may not be meant: then the latest
    held may be; one to come is none of an outcome's. Of «from 5.2 to 3.4» the first is
    of the year before.
    """
    mine, mode = told.said.key.period, told.said.key.modality
    stands = "period" in found.own
    if "now" in found.own and not stands:
        yield "", True, mode
        return
    first, read = parse_period(found.period), parse_period(mine)
    times = [(found.period, stands)] if found.period and found.period != mine else []
    if told.said.kind in _CHANGES and mine[:4].isdigit() and len(mine) == _YEAR:  # «less than in 2024»
        times.append((str(int(mine) + 1), False))
    finer = read is not None and first is not None and first.first <= read.first and read.last <= first.last
    if finer and (found.period == mine or "turned" not in found.own):
        times.insert(0, (mine, stands))
    elif mine and not told.said.key.indicator:
        times.append((mine, False))
    if not found.period and len(mine) > _YEAR:  # «in the first half», of a year that nothing names
        times.append((mine, False))
    if "from" in found.own:
        year = found.period[:4] or (str(int(told.date[:4]) - 1) if told.date[:4].isdigit() else "")
        times += [(str(int(year) - 1), False)] if year.isdigit() else []
    for period, own in times if stands else [*times, ("", False)]:
        when = parse_period(period)
        coming = mode == "actual" and bool(told.date) and when is not None and str(when.last) > told.date
        if coming and not own and not found.modes:  # a time to come that the sentence before names
            continue
        yield period, own, mode
        if coming or (mode == "actual" and found.modes):
            yield period, own, "plan"
        elif mode not in REPORTS and not found.modes:  # read as a plan, by no word of its clause
            yield period, own, "actual"
    if found.modes:  # a goal mostly names no time of its own
        yield "", False, mode if mode != "actual" else "plan"


def _measures(
    said: Statement, words: frozenset[str], near: Iterable[str], who: frozenset[str], focal: str, *, bought: bool
) -> list[_Measured]:
    """Return the measures held that the words allow, that of the reading first; any of them where no word tells.

    Of what only plans may be meant it is told: a promised capacity for what is carried. What a partner takes in,
    the state sends out.
    """
    kin = {measure(one).kin for one in words} - {""}
    mistaken = {other for one in words for other in measure(one).mistaken_for}
    found: list[_Measured] = []
    for name in near:
        as_told = not words or name in words or measure(name).kin in kin or (said.kind == "share")
        if not as_told and name not in mistaken:
            continue
        if said.kind == "share":
            found.append(_Measured(name, ""))
            continue
        read = said.subject if said.subject in who else focal
        found += [_Measured(name, one, plans=not as_told) for one in dict.fromkeys((read, focal))]
    if said.subject in who or (bought and who):
        turned = {TURNED[name] for name in words & set(TURNED)} & set(near)
        found += [_Measured(name, focal, turned=True) for name in sorted(turned)]
    mine = said.key.indicator
    return sorted(
        found,
        key=lambda one: (one.plans, one.turned, one.indicator != mine, one.indicator not in words, one.indicator),
    )


def _sole(indicator: str, said: Statement, words: frozenset[str]) -> bool:
    """Tell whether no other measure may be meant: the one read, the only one of the words, a share of no name."""
    mine = {said.key.indicator, measure(said.key.indicator).kin} - {""}
    return (
        bool({indicator, measure(indicator).kin} & mine)
        or words == {indicator}
        or (said.kind == "share" and indicator == _ANY_SHARE)
    )


def measures_told(found: Anchors, kind: str) -> frozenset[str]:
    """Return the measures that the words may stand for; what one delivers the other takes in.

    That something «makes up» so much says of a level nothing.
    """
    cues = found.cues if kind == "share" else found.cues - {"share"}
    told = {one for cue in cues for one in measures_of(cue)}
    if "capacity" not in cues:  # a port is no word of what it could take
        told -= _CAPACITIES
    if "able" in found.own:
        told |= _CAPACITIES
    return frozenset(told | ({"import"} if cues & _DELIVERED else set()))
