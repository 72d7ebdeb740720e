"""Faults of an annotation: places, words, codes, periods, and slots that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from babel.numbers import list_currencies

from benchmarks.reading.annotations import SLOTS, Record, tier
from kopir.core.codes import Kind, codes

WORDS: Mapping[str, frozenset[str]] = {
    "comparator": frozenset(["eq", "approx", "gt", "ge", "lt", "le", "upto", "almost", "range"]),
    "kind": frozenset(["level", "change_pct", "change_abs", "mult", "share", "count", "rank", "duration"]),
    "modality": frozenset(["actual", "plan", "target", "forecast", "alleged", "denied"]),
    "polarity": frozenset({"pos", "neg"}),
    "tier": frozenset({"core", "aux"}),
}
RATES = frozenset({"yr", "mo", "d"})
RELATIVE = frozenset(
    ["last_year", "this_year", "next_year", "last_month", "this_month", "next_month", "last_quarter"]
)
MEASURED = frozenset(
    [
        "pct",
        "bp",
        "x",
        "t",
        "TEU",
        "km",
        "m",
        "ha",
        "km2",
        "m3",
        "bbl",
        "tkm",
        "MW",
        "kWh",
        "minute",
        "hour",
        "day",
        "month",
        "year",
        "degree",
        "rank",
    ]
)
"""Units that are written as given; everything else is a currency or a counted noun."""
_DAY = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_PERIOD = re.compile(rf"(?P<a>{_DAY})(?:/(?P<b>{_DAY})?)?|\d+(?:\.\d+)?[ymd]_to_doc")
_NOUN = re.compile(r"[a-z][a-z_0-9]*")
_BODY = re.compile(r"(?P<state>[A-Z]{3})_[A-Z]+$")
_PERSON = re.compile(r"[A-Z]\.[A-Z][\w'’-]*")
_NAME = re.compile(r"[A-Za-z0-9][\w&.'’-]*")
_SLIPS = {
    "UAE": "ARE",
    "UK": "GBR",
    "US": "USA",
    "EC": "EU",
    "EEC": "EU",
    "GER": "DEU",
    "FRG": "DEU",
    "GDR": "DDR",
}
"""What is often written for a state or group, and its code."""
_EXTRA = frozenset({"text", "near", "note", "doc", "lang", "start", "end"})


def faults(rows: Sequence[Record], texts: Mapping[str, str], wanted: Collection[str]) -> Iterator[str]:
    """Name each fault in one line; ``wanted`` are the passages that the file must deal with."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for number, row in enumerate(rows, 1):
        doc = str(row.get("doc"))
        where = f"line {number}, {doc}, {row.get('text') or [row.get('start'), row.get('end')]}"
        spans = seen.setdefault(doc, [])
        if doc not in texts:
            yield f"{where}: no such passage"
        elif wanted and doc not in wanted:
            yield f"{where}: the passage is not in this part"
        elif not row.get("empty"):
            for what in (*_place(row, texts[doc], spans), *_slots(row)):
                yield f"{where}: {what}"
    empty = {str(row["doc"]) for row in rows if row.get("empty")}
    yield from (f"{doc}: said to be empty, but has claims" for doc in sorted(empty) if seen.get(doc))
    yield from (
        f"{doc}: not annotated (no claim in it: write the empty line)" for doc in sorted(set(wanted) - set(seen))
    )


def _place(row: Record, text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    start, end = row.get("start"), row.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        core, near = row.get("text"), row.get("near") or row.get("text")
        times = text.count(near) if isinstance(near, str) else 0
        yield f"no place: {near!r} stands {times} times in the passage" + (
            f", {core!r} {near.count(core)} times in it" if isinstance(core, str) and near != core else ""
        )
        return
    if not 0 <= start < end <= len(text):
        yield f"offsets {start}..{end} lie outside the passage of {len(text)} characters"
        return
    core = text[start:end]
    if row.get("text") is not None and row["text"] != core:
        yield f"the passage has {core!r} there"
    if core != core.strip():
        yield "the span begins or ends with a space"
    if any(min(end, b) > max(start, a) for a, b in spans):
        yield "overlaps another claim"
    spans.append((start, end))


def _slots(row: Record) -> Iterator[str]:
    for name in sorted(set(row) - set(SLOTS) - _EXTRA):
        yield f"unknown slot {name!r}"
    for name, words in WORDS.items():
        if row.get(name) not in words:
            yield f"{name} {row.get(name)!r} is none of {', '.join(sorted(words))}"
    yield from _numbers(row)
    yield from _codes(row)
    if row.get("period") is not None and not period_is_well_formed(row["period"]):
        yield f"period {row['period']!r} is not well formed"
    if row.get("tier") in WORDS["tier"] and row["tier"] != tier(row):
        yield f"tier should be {tier(row)}"


def _numbers(row: Record) -> Iterator[str]:
    value, low, high = (row.get(name) for name in ("value", "lo", "hi"))
    if any(x is not None and not _is_number(x) for x in (value, low, high)):
        yield "value, lo and hi are numbers or null"
        return
    if row.get("comparator") == "range":
        if value is not None or low is None or high is None or low > high:
            yield "a range has no value, and lo is at most hi"
    elif value is None:
        yield "no value"
    if row.get("kind") in {"change_pct", "share"} and row.get("unit") not in {"pct", "bp"}:
        yield f"kind {row['kind']} is counted in pct (or bp)"
    if row.get("kind") == "mult" and row.get("unit") != "x":
        yield "kind mult is counted in x"
    if row.get("unit") == "x" and row.get("kind") != "mult":
        yield "unit x belongs to kind mult"


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)


def _codes(row: Record) -> Iterator[str]:
    tests: dict[str, Callable[[str], bool]] = {
        "unit": unit_is_known,
        "rate": RATES.__contains__,
        "indicator": _registered("indicators"),
        "subject": actor_is_known,
        "route": _registered("routes"),
        "commodity": lambda code: _registered("commodities")(code) or bool(_NOUN.fullmatch(code)),
    }
    for name, known in tests.items():
        code = row.get(name)
        if code is None and name != "unit":
            continue
        if not isinstance(code, str) or not known(code):
            yield f"{name} {code!r} is not known"
    partners = row.get("partners")
    if not isinstance(partners, list) or not all(isinstance(p, str) for p in partners):
        yield "partners is a list of codes"
        return
    yield from (f"partner {p!r} is not known" for p in partners if not actor_is_known(p))
    if row.get("subject") in partners:
        yield "the subject is its own partner"
    if "WORLD" in partners:
        yield "a total with the world has no partner"
    for name in ("perimeter", "attribution"):
        if row.get(name) is not None and (not isinstance(row[name], str) or len(row[name]) > 60):
            yield f"{name} is a short name"


def _registered(kind: Kind) -> Callable[[str], bool]:
    return lambda code: code in codes(kind)


@cache
def unit_is_known(unit: str) -> bool:
    """Tell whether a unit is a measure, a currency (ISO 4217) or a counted noun, each perhaps per something."""
    head, _, per = unit.partition("/")
    known = head in MEASURED or head in list_currencies() or bool(_NOUN.fullmatch(head))
    return known and (not per or per in MEASURED or bool(_NOUN.fullmatch(per)))


@cache
def actor_is_known(code: str) -> bool:
    """Tell whether a code is a state, group, route, body of a state, person or firm."""
    if any(code in codes(kind) for kind in ("states", "groups", "routes")):
        return True
    if _PERSON.fullmatch(code):
        return True
    body_of = _BODY.match(code)
    if body_of:
        return body_of["state"] in codes("states")
    return bool(_NAME.fullmatch(code)) and not code[0].islower() and code not in _SLIPS


def period_is_well_formed(period: Any) -> bool:
    """Tell whether a period is a year, month, day, a span of these, an open one or a relative one."""
    if not isinstance(period, str):
        return False
    if period in RELATIVE:
        return True
    found = _PERIOD.fullmatch(period)
    return found is not None and (not found["b"] or found["a"][:7] <= found["b"] or found["a"] <= found["b"])
