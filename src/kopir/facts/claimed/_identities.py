"""Accounting identities over facts: given ones, and those that the meaning of the keys implies.

==================================  ============================================================
turnover = export + import          same parties, period, perimeter
year = its months, quarters, halves where the parts cover it; else parts ≤ whole
group = members + the rest          of one side, other slots equal and the other side named
whole = named parts + the rest      parts of a deal, shares of one whole
narrow perimeter ≤ wide perimeter   where the table of perimeters says which is within which
==================================  ============================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.periods import Period, parse_period
from kopir.core.spelling import did_you_mean
from kopir.facts.claimed._keys import Key, normal_key, parse_key
from kopir.facts.claimed._measures import measure, perimeter

REST = "rest"


@dataclass(frozen=True, slots=True)
class Identity:
    """``total`` is the sum of ``parts`` (``relation`` ``sum``) or at least each of them (``le``).

    ``given`` tells identities that the user states from those that the keys imply.
    """

    relation: str
    total: Key
    parts: tuple[Key, ...]
    given: bool = False

    def __str__(self) -> str:
        return f"{self.total} {'=' if self.relation == 'sum' else '>='} {' + '.join(map(str, self.parts))}"


def given_identities(records: Iterable[Mapping[str, object]]) -> list[Identity]:
    """Return identities written as records.

    A record is ``{"type": "sum", "total": key, "parts": [keys]}`` or
    ``{"type": "le", "small": key, "large": key}``. Raises :class:`InputError` (K3011) with every key whose
    indicator is not registered.
    """
    found = []
    faults: list[Fault] = []
    for record in records:
        if record["type"] == "sum":
            parts = record["parts"]
            assert isinstance(parts, list)
            found.append(Identity("sum", _key(record["total"]), tuple(_key(part) for part in parts), given=True))
        else:
            found.append(Identity("le", _key(record["large"]), (_key(record["small"]),), given=True))
    known = codes("indicators")
    for identity in found:
        for key in (identity.total, *identity.parts):
            if key.indicator not in known:
                mend = did_you_mean(key.indicator, known, "a registered indicator")
                faults.append(Fault("K3011", f"unknown indicator {key.indicator!r}", mend, value=str(key)))
    if faults:
        raise InputError(faults)
    return found


def _key(text: object) -> Key:
    return normal_key(parse_key(str(text)))


def implied_identities(keys: Sequence[Key]) -> list[Identity]:
    """Return the identities that hold between ``keys`` by their meaning, in a fixed order.

    They may name facts that no key of ``keys`` is: the third term of a turnover, and the ``rest``.
    """
    known = set(keys)
    found = [*_turnovers(known), *_periods(known), *_groups(known), *_parts(known), *_perimeters(known)]
    unique = {(identity.relation, identity.total, frozenset(identity.parts)): identity for identity in found}
    return sorted(unique.values(), key=str)


def _turnovers(keys: set[Key]) -> Iterator[Identity]:
    for key in keys:
        if key.indicator == "trade_turnover" and len(key.partners) == 1 and not key.part:
            for subject, partner in ((key.subject, key.partners[0]), (key.partners[0], key.subject)):
                out = replace(key, indicator="export", subject=subject, partners=(partner,))
                into = replace(out, indicator="import")
                if out in keys or into in keys:
                    yield Identity("sum", key, (out, into))
        elif key.indicator == "export" and len(key.partners) == 1 and key.unit == "USD" and not key.commodity:
            into = replace(key, indicator="import")
            if into in keys:
                yield Identity("sum", normal_key(replace(key, indicator="trade_turnover")), (key, into))


def _periods(keys: set[Key]) -> Iterator[Identity]:
    families: dict[Key, list[tuple[Period, Key]]] = {}
    for key in keys:
        period = parse_period(key.period) if measure(key.indicator).adds_over_time else None
        if period is not None and "/" not in key.unit:
            families.setdefault(replace(key, period=""), []).append((period, key))
    for family in families.values():
        for whole, total in family:
            inside = sorted(
                (p, k)
                for p, k in ((p, (str(k), k)) for p, k in family)
                if p != whole and whole.first <= p.first and p.last <= whole.last
            )
            if not inside:
                continue
            cover = _cover(whole, [(p, k) for p, (_, k) in inside])
            if cover:
                yield Identity("sum", total, tuple(cover))
            yield from (Identity("le", total, (k,)) for _, (_, k) in inside if k not in (cover or ()))


def _cover(whole: Period, pieces: Sequence[tuple[Period, Key]]) -> list[Key] | None:
    """Return pieces that fill ``whole`` without gap or overlap (longest first), ``None`` when none do."""
    chosen: list[Key] = []
    day = whole.first
    while True:
        fitting = [(p, k) for p, k in pieces if p.first == day]
        if not fitting:
            return None
        period, key = max(fitting, key=lambda pair: pair[0].last)
        chosen.append(key)
        if period.last == whole.last:
            return chosen
        day = period.last.fromordinal(period.last.toordinal() + 1)


def _groups(keys: set[Key]) -> Iterator[Identity]:
    groups = codes("groups")
    families: dict[tuple[Key, str], dict[str, Key]] = {}
    for key in keys:
        if measure(key.indicator).adds_over_partners:
            if key.partners:  # what a group sells to the world leaves out what its members sell each other
                families.setdefault((replace(key, subject=""), "subject"), {})[key.subject] = key
            if len(key.partners) <= 1:
                families.setdefault((replace(key, partners=()), "partners"), {})["".join(key.partners)] = key
            if measure(key.indicator).symmetric and len(key.partners) == 1:
                # Symmetric keys put either side first: see each from its other side as well.
                other = replace(key, subject=key.partners[0], partners=())
                families.setdefault((other, "partners"), {})[key.subject] = key
    for members in families.values():
        for code, total in members.items():
            inside = groups[code].members if code in groups else ()
            named = [members[state] for state in sorted(inside) if state in members and members[state] != total]
            if named:
                whole_group = len(named) == len(inside)
                rest = () if whole_group else (replace(total, part=REST),)
                yield Identity("sum", total, (*named, *rest))
        if "" in members and len(members) > 1:
            yield from _all_partners(members)


def _all_partners(members: Mapping[str, Key]) -> Iterator[Identity]:
    """Yield the total over all partners as at least the sum of those named, groups standing for their members."""
    groups = codes("groups")
    total = members[""]
    counted = {state for code in members if code in groups for state in groups[code].members}
    states = [members[code] for code in sorted(members) if code and code not in groups and code not in counted]
    states = [key for key in states if key != total and key.subject == total.subject]
    if states:
        yield Identity("sum", total, (*states, replace(total, part=REST)))
    yield from (Identity("le", total, (members[code],)) for code in sorted(members) if code in groups)


def _parts(keys: set[Key]) -> Iterator[Identity]:
    families: dict[Key, list[Key]] = {}
    for key in keys:
        if key.part and key.part != REST:
            families.setdefault(replace(key, part=""), []).append(key)
    for whole, parts in families.items():
        total = whole
        container = measure(whole.indicator).part_of
        if whole not in keys and container and replace(whole, indicator=container) in keys:
            total = replace(whole, indicator=container)
        yield Identity("sum", total, (*sorted(parts, key=str), replace(total, part=REST)))


def _perimeters(keys: set[Key]) -> Iterator[Identity]:
    for key in keys:
        for wider in perimeter(key.perimeter).within if key.perimeter else ():
            if replace(key, perimeter=wider) in keys:
                yield Identity("le", replace(key, perimeter=wider), (key,))
