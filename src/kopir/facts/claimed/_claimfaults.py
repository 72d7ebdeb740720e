"""What is wrong with claims: each fault names the file and line, the slot, the value and the mend."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
from babel.numbers import is_currency

from kopir.core.codes import codes
from kopir.core.errors import Fault
from kopir.core.folders.tables import MAX_FAULTS
from kopir.core.outward import shown
from kopir.core.periods import parse_period
from kopir.core.spelling import did_you_mean
from kopir.core.units import units
from kopir.facts.claimed._keys import LEVEL_KINDS, MODALITIES, RATIO_KINDS
from kopir.facts.claimed._measures import measure
from kopir.facts.claimed._wording import COMPARATORS

KINDS = (*sorted(LEVEL_KINDS | RATIO_KINDS), "change_abs")
LARGEST = 1e30
"""No quantity of the world economy comes near it: a figure beyond it is a slip of the exponent."""
RATES = frozenset({"yr", "mo", "d", "h", "week", "day", "month", "year"})
_FREE = frozenset({"count", "date", "duration", "flag", "rank"})
"""Kinds whose unit is whatever is counted."""
_NUMBERS = ("value", "lo", "hi")
_WHOLE = ("start", "end")
_TEXTS = (
    "id", "doc", "source", "text", "sentence", "comparator", "unit", "rate", "kind", "indicator", "subject",
    "route", "commodity", "perimeter", "period", "modality", "attribution", "base", "part",
)  # fmt: skip
_LOOSE_PERIOD = re.compile(r"[a-z0-9]*[a-z]_?[a-z0-9_]*")
"""Periods that have no dates of their own: «last_year», «15y_to_doc»."""
_UNREGISTERED_SHOWN = 5


def claim_faults(claims: pl.DataFrame, *, strict: bool = False) -> list[Fault]:
    """Return what is wrong with claims, by claim.

    ``strict`` also checks spans, periods, units, signs and double ids, as of a table that somebody wrote. Faults
    name the columns ``file`` and ``line`` where the table has them, else the document. Of each kind at most
    ``MAX_FAULTS`` are named.
    """
    checks = [_figure_faults, _word_faults]
    if strict:
        checks += [_span_faults, _period_faults, _unit_faults, _double_ids, _sign_faults]
    faults = [fault for check in checks for fault in check(claims)[:MAX_FAULTS]]
    return sorted(faults, key=lambda fault: (fault.file or "", fault.line or 0))


def record_faults(record: Mapping[str, Any], file: str, line: int) -> list[Fault]:
    """Return the fields of one record that hold another type than they should."""
    faults = []
    for name, allowed, what, mend in (
        *(
            (name, (int, float), "a number", "write a plain number with a point, without unit")
            for name in _NUMBERS
        ),
        *((name, (int,), "a whole number", "count characters from the start of the document") for name in _WHOLE),
        *((name, (str,), "text", "write text in quotes, or null") for name in _TEXTS),
    ):
        held = record.get(name)
        if held is not None and (not isinstance(held, allowed) or isinstance(held, bool)):
            faults.append(
                Fault(
                    "K0205" if str not in allowed else "K3004", f"not {what}", mend, file, line, name, shown(held)
                )
            )
    partners = record.get("partners")
    if partners is not None and not (isinstance(partners, list) and all(isinstance(one, str) for one in partners)):
        faults.append(
            Fault("K3004", "not a list of codes", 'write ["TUR", "RUS"]', file, line, "partners", shown(partners))
        )
    return faults


def unregistered(claims: pl.DataFrame) -> list[Fault]:
    """Return warnings of parties, routes and goods that no registry holds: a code is kept as one of its own.

    A word in lower case describes, it names nobody.
    """
    known = {kind: set(codes(kind)) for kind in ("states", "groups", "routes", "commodities")}
    parties = known["states"] | known["groups"] | known["routes"]
    seen: dict[tuple[str, str], int] = {}
    for column, allowed in (
        ("subject", parties),
        ("partners", parties),
        ("route", parties),
        ("commodity", known["commodities"]),
    ):
        words = claims[column].explode(empty_as_null=True) if column == "partners" else claims[column]
        for word, count in words.drop_nulls().value_counts().iter_rows():
            if word and not word.islower() and word not in allowed:
                seen[column, word] = count
    faults = []
    for column, word in sorted(seen)[:_UNREGISTERED_SHOWN]:
        mend = did_you_mean(word, parties if column != "commodity" else known["commodities"], "a registered code")
        why = f"{word!r} is in no registry: kept as a code of its own, in {seen[column, word]} claims"
        faults.append(Fault("K0207", why, mend, None, None, column, word))
    if len(seen) > _UNREGISTERED_SHOWN:
        why = f"{len(seen) - _UNREGISTERED_SHOWN} more codes are in no registry"
        faults.append(Fault("K0110", why, "mend the ones listed first"))
    return faults


def _figure_faults(claims: pl.DataFrame) -> list[Fault]:
    nothing = [pl.col(name).is_null() | (pl.col(name) == "") for name in ("doc", "source")]
    bounded = pl.col("lo").is_not_null() & pl.col("hi").is_not_null()
    slack = 1e-9 * pl.col("value").abs()
    outside = (pl.col("value") < pl.col("lo") - slack) | (pl.col("value") > pl.col("hi") + slack)
    figures = pl.col(*_NUMBERS).fill_null(0)
    infinite = pl.any_horizontal(~figures.is_finite())
    huge = ~infinite & pl.any_horizontal(figures.abs() > LARGEST)
    tests = (
        (pl.all_horizontal(nothing), "K3001", "doc", "the claim names no document", "name who says it"),
        (
            pl.col("value").is_null() & ~bounded,
            "K3002",
            "value",
            "it holds no figure",
            "give a value, or lo and hi",
        ),
        (infinite, "K3002", "value", "the figure is not finite", "give a finite number"),
        (huge, "K3002", "value", f"the figure is beyond {LARGEST:.0e}", "correct the exponent"),
        (pl.col("lo") > pl.col("hi"), "K3003", "lo", "the bounds are reversed", "exchange lo and hi"),
        (
            outside & (pl.col("lo") <= pl.col("hi")),
            "K3003",
            "value",
            "it lies outside its bounds",
            "correct either",
        ),
    )
    faults = []
    for test, code, column, why, mend in tests:
        for row in claims.filter(test).iter_rows(named=True):
            value = row["id"] if column == "doc" else f"{row['value']} [{row['lo']}..{row['hi']}]"
            faults.append(_fault(row, code, why, mend, column, value))
    return faults


def _word_faults(claims: pl.DataFrame) -> list[Fault]:
    faults = []
    for column, words, what in _vocabularies():
        allowed = set(words)
        unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in(sorted(allowed))
        for row in claims.filter(unknown).iter_rows(named=True):
            mend = did_you_mean(row[column], allowed, f"a registered {what}")
            faults.append(_fault(row, "K3004", f"unknown {what} {row[column]!r}", mend, column))
    return faults


def _vocabularies() -> Sequence[tuple[str, Iterable[str], str]]:
    return (
        ("indicator", codes("indicators"), "indicator"),
        ("kind", KINDS, "kind of figure"),
        ("comparator", COMPARATORS, "comparator"),
        ("modality", MODALITIES, "modality"),
    )


def _span_faults(claims: pl.DataFrame) -> list[Fault]:
    wrong = (pl.col("start") < 0) | (pl.col("end") < pl.col("start"))
    mend = "give where the figure begins and ends, in characters"
    return [
        _fault(row, "K3003", "the span ends before it begins", mend, "end", f"{row['start']}..{row['end']}")
        for row in claims.filter(wrong).iter_rows(named=True)
    ]


def _period_faults(claims: pl.DataFrame) -> list[Fault]:
    said = claims["period"].drop_nulls().unique().to_list()
    wrong = [text for text in said if text and not _is_period(text)]
    mend = "write 2025, 2025-06, 2025-H1, 2025-Q3 or from/to of these"
    return [
        _fault(row, "K0210", "not a period", mend, "period")
        for row in claims.filter(pl.col("period").is_in(wrong)).iter_rows(named=True)
    ]


def _is_period(text: str) -> bool:
    if parse_period(text) is not None or _LOOSE_PERIOD.fullmatch(text):
        return True
    first, slash, last = text.partition("/")
    return bool(slash) and (not first or not last) and parse_period(first or last) is not None


def _unit_faults(claims: pl.DataFrame) -> list[Fault]:
    measured = claims.filter(~pl.col("kind").is_in(sorted(_FREE)))
    said = measured["unit"].drop_nulls().unique().to_list()
    wrong = [name for name in said if name and not _is_unit(name)]
    rows = measured.filter(pl.col("unit").is_in(wrong)).iter_rows(named=True)
    return [
        _fault(
            row,
            "K0215",
            f"unknown unit {row['unit']!r}",
            did_you_mean(row["unit"], units(), "a unit of the table"),
            "unit",
        )
        for row in rows
    ]


def _is_unit(name: str) -> bool:
    return name in units() or all(
        part in units() or part in RATES or part in _counted() or is_currency(part) for part in name.split("/")
    )


@cache
def _counted() -> frozenset[str]:
    """Return what the figures of documents are counted in."""
    found: set[str] = set()
    for language in (files("kopir.evidence") / "languages").iterdir():
        table = language / "units.csv"
        if table.is_file():
            rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
            found.update(row["unit"] for row in rows if not row["unit"].startswith("="))
    return frozenset(found)


def _sign_faults(claims: pl.DataFrame) -> list[Fault]:
    """Return the levels below zero of what only adds up: an export, a turnover, an output."""
    codes_below = claims.filter(pl.col("value") < 0)["indicator"].drop_nulls().unique().to_list()
    additive = [code for code in codes_below if measure(code).adds_over_time]
    wrong = (
        (pl.col("kind").fill_null("level") == "level")
        & (pl.col("value") < 0)
        & pl.col("indicator").is_in(additive)
    )
    mend = "drop the sign, or give a fall as kind change_abs"
    return [
        _fault(row, "K3002", f"a level of {row['indicator']} below zero", mend, "value")
        for row in claims.filter(wrong).iter_rows(named=True)
    ]


def _double_ids(claims: pl.DataFrame) -> list[Fault]:
    """Return the ids that two different claims bear; the same claim twice is one."""
    slots = [name for name in claims.columns if name not in {"row", "file", "line"}]
    several = claims.unique(slots, maintain_order=True).filter(pl.col("id").is_duplicated())
    first: dict[str, str] = {}
    faults = []
    for row in several.iter_rows(named=True):
        place = f"{row.get('file') or row['doc']}:{row.get('line') or row['row'] + 1}"
        if row["id"] in first:
            why = f"another claim has this id: {first[row['id']]}"
            faults.append(_fault(row, "K0204", why, "give each claim an id of its own, or none", "id"))
        first.setdefault(row["id"], place)
    return faults


def _fault(row: Mapping[str, Any], code: str, why: str, mend: str, column: str, value: str | None = None) -> Fault:
    file = row.get("file") or str(row["doc"] or row["id"])
    line = row.get("line")
    return Fault(code, why, mend, file, line, column, str(row[column]) if value is None else value)
