"""Computed statements: the growth, difference or share that what sources state comes to, where none states it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._measures import measure
from kopir.facts.named._kinship import Told, distance, same_measure, when
from kopir.facts.named._statements import Statement, meets

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
KINDS = frozenset({"change_pct", "change_abs", "share", "mult"})


def computed(told: Told, held: Sequence[Statement]) -> list[Statement]:
    """Return what a growth, a difference or a share comes to by the levels held of what is said.

    A share may have many wholes: only one that it equals is returned. Everything else has the year before it.
    """
    if told.said.kind == "level" and told.said.key.indicator == "trade_balance":
        flows = [one for one in held if one.key.indicator in {"export", "import"}]
        return list(_balances(told if told.said.key.period else _of_last_year(told, flows), held))
    if told.said.kind == "level" and told.said.key.indicator == "trade_turnover":
        return list(_turnovers(told, held))
    if told.said.kind not in KINDS:
        return []
    level = replace(told, said=replace(told.said, kind="level"))
    levels = [one for one in held if one.kind == "level" and one.is_closed and one.is_report and one.value > 0]
    if not told.said.key.period:
        level = _of_last_year(level, levels)
    now = [
        one
        for one in levels
        if distance(level, one) is not None and when(level, one) == "same" and same_measure(told.said, one)
    ]
    if told.said.kind == "share":
        return [one for one in _shares(now, levels) if meets(told.said, one)]
    return [one for one in _changes(now, levels, told.said.kind) if one.kind == told.said.kind]


def derived(held: Sequence[Statement]) -> list[Statement]:
    """Return each growth, step, multiple, share, balance and turnover that outcomes held come to."""
    levels = [one for one in held if one.kind == "level" and one.is_closed and one.is_report and one.value > 0]
    found = [one for kind in ("change_pct", "change_abs", "mult") for one in _changes(levels, levels, kind)]
    found += _shares(levels, levels)
    flows = {(one.key, one.subject): one for one in levels if one.key.indicator in {"export", "import"}}
    for (key, whose), out in flows.items():
        into = flows.get((replace(key, indicator="import"), whose)) if key.indicator == "export" else None
        if into is None:
            continue
        low, high = sorted((out.low - into.high, out.high - into.low), key=abs)
        gap = abs(out.value - into.value)
        balance = _made(out, into, "-", gap, (min(abs(low), abs(high)), max(abs(low), abs(high))), "level")
        found.append(replace(balance, key=replace(key, indicator="trade_balance")))
        whole = _made(out, into, "+", out.value + into.value, (out.low + into.low, out.high + into.high), "level")
        found.append(replace(whole, key=replace(key, indicator="trade_turnover")))
        more, less = (into, out) if into.value > out.value else (out, into)
        found.append(
            _made(more, less, "/", more.value / less.value, (more.low / less.high, more.high / less.low), "mult")
        )
    stated = {(one.key, one.kind, one.parties) for one in held}
    return [
        one for one in found if (one.key, one.kind, one.parties) not in stated or one.kind in {"share", "mult"}
    ]


def _of_last_year(told: Told, held: Sequence[Statement]) -> Told:
    """Return a figure without a time as one of the last whole year of which an outcome is held."""
    years = (one.key.period for one in held if one.is_report and re.fullmatch(r"\d{4}", one.key.period))
    return replace(told, said=replace(told.said, key=replace(told.said.key, period=max(years, default=""))))


def _balances(told: Told, held: Sequence[Statement]) -> Iterator[Statement]:
    """Yield exports less imports of what is said, with the sign that the figure was read with."""
    flows: dict[str, list[Statement]] = {"export": [], "import": []}
    for name, found in flows.items():
        flow = replace(told, said=replace(told.said, key=replace(told.said.key, indicator=name)))
        found += [
            one
            for one in held
            if one.key.indicator == name
            and one.kind == "level"
            and one.is_closed
            and one.is_report
            and one.unit == told.said.unit
            and when(flow, one) == "same"
            and distance(flow, one) == 0
        ]
    for out in flows["export"]:
        for into in flows["import"]:
            if out.key == replace(into.key, indicator="export"):
                sign = 1.0 if (out.value - into.value) * told.said.value > 0 else -1.0
                ends = sorted((sign * (out.low - into.high), sign * (out.high - into.low)))
                made = _made(out, into, "-", sign * (out.value - into.value), (ends[0], ends[1]), "level")
                yield replace(made, key=replace(out.key, indicator="trade_balance"))


def _turnovers(told: Told, held: Sequence[Statement]) -> Iterator[Statement]:
    """Yield exports and imports together, of each time and party of which no turnover is held."""
    flows = [one for one in held if one.kind == "level" and one.is_closed and one.is_report]
    stated = {(one.subject, one.parties, one.key.period) for one in flows if one.key.indicator == "trade_turnover"}
    into = {one.key: one for one in flows if one.key.indicator == "import"}
    for out in flows if told.said.unit else ():
        other = into.get(replace(out.key, indicator="import")) if out.key.indicator == "export" else None
        if other is None or (out.subject, out.parties, out.key.period) in stated or out.unit != told.said.unit:
            continue
        ends = (out.low + other.low, out.high + other.high)
        made = _made(out, other, "+", out.value + other.value, ends, "level")
        yield replace(made, key=replace(out.key, indicator="trade_turnover"))


def _changes(now: Sequence[Statement], levels: Sequence[Statement], kind: str) -> Iterator[Statement]:
    by_key: dict[tuple[Key, frozenset[str]], list[Statement]] = {}
    for one in levels:
        by_key.setdefault((one.key, one.parties), []).append(one)
    for one in now:
        year = one.key.period
        if not year[:4].isdigit():
            continue
        past = replace(one.key, period=_YEAR.sub(lambda each: str(int(each[0]) - 1), year))
        for other in by_key.get((past, one.parties), ()):
            if kind == "change_abs":
                yield _made(one, other, "-", one.value - other.value, (one.low - other.high, one.high - other.low))
            elif other.low > 0 and kind == "mult":
                yield _made(
                    one, other, "/", one.value / other.value, (one.low / other.high, one.high / other.low), kind
                )
            elif other.low > 0:
                ends = (100 * (one.low / other.high - 1), 100 * (one.high / other.low - 1))
                yield _made(one, other, "/", 100 * (one.value / other.value - 1), ends, kind)


def _shares(parts: Sequence[Statement], levels: Sequence[Statement]) -> Iterator[Statement]:
    near: dict[tuple[str, str], list[Statement]] = {}
    for one in levels:
        near.setdefault((one.unit, one.key.period), []).append(one)
    for part in parts:
        for whole in near.get((part.unit, part.key.period), ()):
            if _is_part(part, whole):
                ends = (
                    (100 * part.low / whole.high, 100 * part.high / whole.low) if whole.low > 0 else (0.0, 100.0)
                )
                yield _made(part, whole, "/", 100 * part.value / whole.value, ends, "share")


def _is_part(part: Statement, whole: Statement) -> bool:
    """Tell whether one figure counts some of what another does: a partner's, a good's, transit of all freight."""
    if part.value >= whole.value:
        return False
    same_good = part.key.commodity == whole.key.commodity
    if part.key.indicator == whole.key.indicator:
        wider = whole.parties < part.parties and same_good
        return wider or (whole.parties == part.parties and bool(part.key.commodity) and not whole.key.commodity)
    kin = measure(part.key.indicator).kin
    return bool(kin) and kin == measure(whole.key.indicator).kin and part.parties == whole.parties and same_good


def _made(
    one: Statement, other: Statement, sign: str, value: float, ends: tuple[float, float], kind: str = "change_abs"
) -> Statement:
    words = f"{one.row['text']} {sign} {other.row['text']}"
    shown = f"{value:.3g}" if kind == "change_abs" else f"{value:.1f}"
    row = {
        **one.row,
        "kind": kind,
        "value": float(shown),
        "text": shown,
        "computed": words,
        "comparator": "eq",
        "parts": (one.key, other.key),
    }
    low, high = ends
    return replace(one, kind=kind, value=value, low=low, high=high, comparator="eq", row=row)
