"""What continues the facts of a year: figures of the same key for a later period and for the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kopir.core.folders.folder import Folder
from kopir.core.units import unit
from kopir.facts.book._book import FactBook
from kopir.facts.book._writing import source_codes
from kopir.facts.claimed._keys import Key, normal_key, normal_period, parse_key, shifted_period

REPORTED = ("actual", "estimate")
"""Modalities that tell what was; a figure of one continues a figure of the other."""
EQUAL = 1e-9
"""Relative difference below which a row says what is held."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """A row of facts.csv of the base year with what continues it.

    ``later`` is the row of the later period and ``prior`` the one of the same part of the base year, ``None``
    where nothing is held of it. A row that the fact table lacks, for only claims say it, has an id of its own.
    """

    fact: str
    later: Mapping[str, str]
    prior: Mapping[str, str] | None


def continuations(book: FactBook, folder: Folder, facts: Iterable[str], to: str) -> list[Continuation]:
    """Return what continues each of ``facts`` (ids) for the period ``to``, a year or a part of one.

    Facts of another year than the base, those of which nothing later is held and those without a key are left out.
    """
    rows = {row["fact"]: row for row in folder.tables["facts"].records()}
    keys = dict(book.claims.filter(pl.col("key").is_not_null()).select("id", "key").iter_rows())
    held = {row["key"]: row for row in book.facts.filter(pl.col("kind") == "level").iter_rows(named=True)}
    codes = source_codes(folder, book.claims.filter(~pl.col("id").is_in(sorted(rows))))
    said = dict(book.claims.select("id", "source").iter_rows())
    found = []
    for fact in sorted(facts):
        if fact not in keys or rows[fact]["period"] != str(folder.settings.model.base_year):
            continue
        key = normal_key(parse_key(keys[fact]))
        step = int(to[:4]) - int(key.period[:4]) if key.period[:4].isdecimal() else 0
        earlier = shifted_period(normal_period(to), years=-step)
        later, prior = (
            None if period is None else _row_of(replace(key, period=period), held, rows, rows[fact], (codes, said))
            for period in (normal_period(to), earlier)
        )
        if later is not None and step > 0:
            found.append(Continuation(fact, later, prior))
    return found


def _row_of(
    key: Key,
    held: Mapping[str, Mapping[str, Any]],
    rows: Mapping[str, Mapping[str, str]],
    like: Mapping[str, str],
    sources: tuple[Mapping[str, str], Mapping[str, str]],
) -> Mapping[str, str] | None:
    """Return the row that says what is held of ``key``, made ``like`` another where there is none."""
    ways = [str(replace(key, modality=one)) for one in dict.fromkeys((key.modality, *REPORTED))]
    fact = next((held[name] for name in ways if name in held and held[name]["value"] is not None), None)
    if fact is None:
        return None
    claims = [*fact["supporting"], *fact["opposing"]]
    for name in claims:
        row = rows.get(name)
        if row is not None:
            value = float(row["value"]) * unit(row["unit"]).factor
            if abs(value - fact["value"]) <= EQUAL * abs(value):
                return row
    codes, said = sources
    about = {rows[one]["sources"] if one in rows else codes.get(said[one], "") for one in fact["supporting"]}
    period = key.period.replace("-", "").replace("/", "_")
    return {
        **like,
        "fact": f"P{period}_{like['fact']}",
        "period": key.period,
        "value": f"{fact['value'] / unit(like['unit']).factor:.12g}",
        "low": "",
        "high": "",
        "formula": "",
        "sources": " ".join(sorted({word for text in about for word in text.split()})),
        "quote": "",
        "note": "as reconciled of all that is said of it",
    }
