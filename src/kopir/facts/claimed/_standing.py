"""Which claims of read documents stand: those published or corrected; the rest never outweighs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kopir.facts.claimed._keys import SLOTS, Key, normal_key

UNREVIEWED = "unreviewed"
OF_NOBODY = ("price", "price_differential", "freight_rate", "transport_cost")
"""Indicators that no actor needs to be named for."""


def standing_of(record: Mapping[str, Any]) -> str | None:
    """Return ``corrected``, ``published`` or ``unreviewed`` for a claim that a reading gave, else ``None``."""
    if record.get("corrected") in (True, "true"):
        return "corrected"
    if record.get("published") in (True, "true"):
        return "published"
    return UNREVIEWED if record.get("published") in (False, "false") else None


def reviewed(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims without those that nothing but a machine's guess stands for, or that are of nobody.

    A published claim that names neither party, route nor perimeter ("the project costs 2 bn") is right, but a key
    made of it would hold every project; prices alone are of nobody.
    """
    guessed = pl.col("standing").fill_null("") == UNREVIEWED
    named = pl.any_horizontal(pl.col(name).is_not_null() for name in ("subject", "route", "perimeter"))
    placed = named | (pl.col("partners").list.len() > 0) | pl.col("indicator").is_in(OF_NOBODY)
    return claims.filter(~guessed & (placed | (pl.col("standing").fill_null("") != "published")))


def outranked(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims without the unreviewed ones on a fact of which any other claim speaks."""
    held = {_about(row) for row in reviewed(claims).iter_rows(named=True)}
    keep = [row["standing"] != UNREVIEWED or _about(row) not in held for row in claims.iter_rows(named=True)]
    return claims.filter(pl.Series(keep, dtype=pl.Boolean))


def _about(row: Mapping[str, Any]) -> Key:
    slots = {slot: row[slot] or "" for slot in (*SLOTS, "modality", "part") if slot not in ("partners", "unit")}
    return normal_key(Key(partners=tuple(row["partners"] or ()), **slots))
