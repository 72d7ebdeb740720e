"""Rows that an analyst keeps of deals and targets, tied to what the fact book holds of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kopir.core.folders.cells import QuantityCell, parse_quantity
from kopir.core.folders.folder import Folder
from kopir.core.units import units
from kopir.facts.book._book import FactBook
from kopir.facts.claimed._keys import canonical_unit, unit_scale
from kopir.facts.claimed._wording import worded_interval


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that the ledger prints, in the canonical ``unit``; an open end is ``None``."""

    value: float
    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True)
class Holdings:
    """What a model folder and its fact book hold of each fact id and of each key."""

    facts: Mapping[str, Mapping[str, Any]]
    claims: Mapping[str, Mapping[str, Any]]
    book: Mapping[str, Mapping[str, Any]]

    def key_of(self, fact: str) -> str | None:
        """Return the key that a fact of the folder is about, ``None`` for one that no source states."""
        claim = self.claims.get(fact)
        return None if claim is None else str(claim["key"])

    def reconciled(self, fact: str) -> Amount:
        """Return a fact as reconciled with the other claims of its key, or as stated where the book has none."""
        held = self.book.get(self.key_of(fact) or "")
        if held is not None and held["kind"] == "level" and held["value"] is not None:
            return Amount(held["value"], held["low"], held["high"], held["unit"] or "")
        return self.stated(fact)

    def stated(self, fact: str) -> Amount:
        """Return a fact as its own source states it, with the interval of its wording."""
        row, claim = self.facts[fact], self.claims.get(fact)
        worded = None
        if claim is not None:
            worded = worded_interval(
                claim["comparator"], claim["value"], claim["lo"], claim["hi"], claim["text"] or ""
            )
        scale = unit_scale(row["unit"])
        low, value, high = (row[end] if row[end] is not None else row["value"] for end in ("low", "value", "high"))
        ends = (low, high) if worded is None else (worded.low, worded.high)
        held = [end * scale if math.isfinite(end) else None for end in ends]
        return Amount(value * scale, held[0], held[1], canonical_unit(row["unit"]))

    def amount(self, cell: str | None, unit: str, of: Callable[[str], Amount]) -> Amount | None:
        """Return what a quantity cell amounts to, a fact by ``of``; a literal or an interval is in ``unit``."""
        quantity = parse_quantity(cell) if cell else None
        if quantity is None:
            return None
        if quantity.fact is not None:
            held = of(quantity.fact)
            scale = units()[unit].factor if unit in units() else 1.0
            return Amount(held.value, *_ends(quantity, scale, held.low, held.high), held.unit)
        assert quantity.value is not None, "a quantity cell holds a number or a fact"
        scale = units()[unit].factor if unit in units() else 1.0
        value = quantity.value * scale
        return Amount(value, *_ends(quantity, scale, value, value), canonical_unit(unit))


def _ends(
    cell: QuantityCell, scale: float, low: float | None, high: float | None
) -> tuple[float | None, float | None]:
    if cell.low is None or cell.high is None:
        return low, high
    return cell.low * scale, cell.high * scale


def holdings(folder: Folder, book: FactBook) -> Holdings:
    """Return what ``folder`` and ``book`` hold, ready to be asked row by row."""
    facts = {row["fact"]: row for row in folder.tables["facts"].typed.iter_rows(named=True)}
    own = book.claims.filter(pl.col("key").is_not_null() & pl.col("id").is_in(sorted(facts)))
    claims = {row["id"]: row for row in own.iter_rows(named=True)}
    return Holdings(facts, claims, {row["key"]: row for row in book.facts.iter_rows(named=True)})


def spoken(book: FactBook) -> dict[str, tuple[str, str]]:
    """Return who said each claim, and the day it was published (blank where unknown)."""
    columns = book.claims.select("id", pl.coalesce("attribution", "source"), pl.col("published").fill_null(""))
    return {claim: (who, day) for claim, who, day in columns.iter_rows()}


def ids_of(cell: str | None, listed: Iterable[str]) -> tuple[str, ...]:
    """Return the fact that a quantity cell names and the facts listed beside it, each once."""
    quantity = parse_quantity(cell) if cell else None
    named = [quantity.fact] if quantity is not None and quantity.fact is not None else []
    return tuple(dict.fromkeys([*named, *listed]))
