"""The fact book: what is held of every key, why, and what contradicts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from kopir.core.errors import Fault
from kopir.facts.book._comparisons import unit_faults
from kopir.facts.book._conflicts import conflict_table
from kopir.facts.book._tables import claim_table, fact_table, source_table
from kopir.facts.claimed._identities import Identity
from kopir.facts.claimed._keys import Key, normal_key, parse_key
from kopir.facts.claimed._measures import measure
from kopir.facts.settled._reconciliation import Reconciliation, solve
from kopir.facts.settled._settling import EXACT_COMPONENTS
from kopir.facts.settled._unused import unused_faults


@dataclass(frozen=True)
class Fact:
    """What is held of one key; ``low`` and ``high`` may be infinite, ``value`` None where none is fixed."""

    key: str
    value: float | None
    low: float
    high: float
    basis: str
    supporting: tuple[str, ...]
    opposing: tuple[str, ...]
    identities: tuple[str, ...]


@dataclass(frozen=True)
class FactBook:
    """Facts with their claims, conflicts and sources.

    ``facts`` has one row a key: its slots, ``value``, ``low``, ``high`` (canonical units; null where open),
    ``basis`` (identified, statistical, disputed), ``status`` (agreed, single, derived, bound, gap, disputed),
    ``supporting`` and ``opposing`` claims, ``identities`` used, ``hinge`` (what would change the answer).
    ``claims`` are the claims with the key each is about and a ``verdict``. ``conflicts`` are ranked, best first.
    ``sources`` has noise, bias and whom each copies. ``faults`` names things told in units that nothing joins.
    """

    facts: pl.DataFrame
    claims: pl.DataFrame
    conflicts: pl.DataFrame
    sources: pl.DataFrame
    faults: tuple[Fault, ...]
    found: Reconciliation

    @cached_property
    def _row(self) -> dict[str, int]:
        return {key: row for row, key in reversed(list(enumerate(self.facts["key"].to_list())))}

    def ask(self, key: str | Key) -> Fact | None:
        """Return what is held of a key, written as in the facts table, ``None`` when nothing is.

        A key that leaves route, commodity or perimeter open also finds the one fact that fills them. One of
        several partners is the sum over them where each is held.
        """
        wanted = normal_key(parse_key(key) if isinstance(key, str) else key)
        row = self._row.get(str(wanted))
        if row is None:
            filled = [row for name, row in self._row.items() if _opened(parse_key(name), wanted) == wanted]
            if len(filled) != 1:
                return self._together(wanted)
            row = filled[0]
        name = self.facts["key"][row]
        one = self.facts.row(row, named=True)
        return Fact(
            name,
            one["value"],
            -np.inf if one["low"] is None else one["low"],
            np.inf if one["high"] is None else one["high"],
            one["basis"],
            tuple(one["supporting"]),
            tuple(one["opposing"]),
            tuple(one["identities"]),
        )

    def _together(self, wanted: Key) -> Fact | None:
        """Return the sum of a measure over several partners, ``None`` where one of them is not held."""
        if len(wanted.partners) < 2 or not measure(wanted.indicator).adds_over_partners:
            return None
        each = [self.ask(replace(wanted, partners=(one,))) for one in wanted.partners]
        held = [one for one in each if one is not None]
        if len(held) != len(each):
            return None
        return Fact(
            str(wanted),
            sum(values)
            if len(values := [one.value for one in held if one.value is not None]) == len(held)
            else None,
            sum(one.low for one in held),
            sum(one.high for one in held),
            "derived",
            tuple(claim for one in held for claim in one.supporting),
            tuple(claim for one in held for claim in one.opposing),
            tuple(dict.fromkeys(identity for one in held for identity in one.identities)),
        )


def _opened(key: Key, wanted: Key) -> Key:
    """Return ``key`` with the slots emptied that ``wanted`` leaves open and may."""
    return replace(
        key,
        route=key.route if wanted.route else "",
        commodity=key.commodity if wanted.commodity else "",
        perimeter=key.perimeter if wanted.perimeter else "",
    )


def reconcile(
    claims: pl.DataFrame,
    identities: Sequence[Identity] = (),
    *,
    implied: bool = True,
    compare: bool = True,
    exact: int = EXACT_COMPONENTS,
) -> FactBook:
    """Reconcile claims (a table of :func:`claims_table`) and return the fact book.

    ``identities`` are held beside those that the keys imply; with ``implied`` false they are all there are.
    ``compare`` also sets facts of differing perimeter, period, modality and side against each other. ``exact``
    is the number of connected components up to which intervals are found by linear programmes. Raises
    :class:`kopir.core.errors.Unreconciled` when identities contradict each other whatever the claims say.
    """
    found = solve(claims, identities, implied=implied, exact=exact)
    judged = claim_table(found)
    facts = fact_table(found, judged)
    conflicts = conflict_table(found, judged, compare=compare)
    faults = (*unused_faults(found), *(unit_faults(found) if compare else ()))
    return FactBook(facts, judged, conflicts, source_table(found), faults, found)
