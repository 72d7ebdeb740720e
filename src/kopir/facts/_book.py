"""The fact book: what is held of every key, why, and what contradicts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.facts._copies import Copies, find_copies
from kopir.facts._deviations import Deviations, find_deviations
from kopir.facts._estimation import Estimate, estimate
from kopir.facts._identities import Identity
from kopir.facts._keys import SLOTS, Key, normal_key, parse_key
from kopir.facts._reliability import prior_of
from kopir.facts._settling import EXACT_COMPONENTS, Settled, settle
from kopir.facts._system import System, build_system

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Reconciliation:
    """Everything that one reconciliation found, by number: for tables see :class:`FactBook`."""

    claims: pl.DataFrame
    system: System
    copies: Copies
    estimate: Estimate
    deviations: Deviations
    settled: Settled
    source: Ints
    names: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """What is held of one key; ``low`` and ``high`` may be infinite, ``value`` None where nothing fixes a point."""

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
    ``sources`` has noise, bias and whom each copies.
    """

    facts: pl.DataFrame
    claims: pl.DataFrame
    conflicts: pl.DataFrame
    sources: pl.DataFrame
    found: Reconciliation

    @cached_property
    def _row(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.facts["key"].to_list())}

    def ask(self, key: str | Key) -> Fact | None:
        """Return what is held of a key, written as in the facts table, ``None`` when nothing is."""
        name = str(normal_key(parse_key(key) if isinstance(key, str) else key))
        row = self._row.get(name)
        if row is None:
            return None
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


_NONE = Deviations(*(np.empty(0, dtype) for dtype in (np.int64, np.int64, np.float64, np.int64, np.int64, np.float64)))


def solve(
    claims: pl.DataFrame, identities: Sequence[Identity] = (), *, implied: bool = True, exact: int = EXACT_COMPONENTS
) -> Reconciliation:
    """Return what claims and identities say together; see :func:`kopir.facts.reconcile` for tables of it."""
    claims = claims.sort("id", "doc", "start", maintain_order=True)
    system = build_system(claims, identities, implied=implied)
    seen = system.observations
    names = tuple(sorted(claims["source"].unique().to_list()))
    number = {name: place for place, name in enumerate(names)}
    source = np.array([number[name] for name in claims["source"].to_list()], dtype=np.int64)[seen.claim]
    by_name: Mapping[str, str] = dict(zip(claims["source"].to_list(), claims["class"].to_list(), strict=True))
    classes = [by_name[name] for name in names]
    copies = find_copies(system, claims, source, np.array([prior_of(name).noise for name in classes]))
    found = estimate(system, source, classes, copies.counted)
    deviations = find_deviations(system, found)
    settled = settle(system, found, deviations, _credit(system, claims, found, source), exact=exact)
    blamed = [one.blamed for one in settled.contradictions if one.blamed >= 0]
    if blamed:
        # Claims that gave way must not pull at the estimate of those that stayed.
        believed = copies.counted.copy()
        believed[list(settled.given_way)] = False
        found = replace(estimate(system, source, classes, believed), counted=copies.counted)
        again = settle(system, replace(found, counted=believed), _NONE, _credit(system, claims, found, source), exact=exact)
        settled = replace(
            again, given_way=settled.given_way, contradictions=(*settled.contradictions, *again.contradictions)
        )
    return Reconciliation(claims, system, copies, found, deviations, settled, source, names, tuple(classes))


def _credit(system: System, claims: pl.DataFrame, found: Estimate, source: Ints) -> list[tuple[float, ...]]:
    """Return for each observation how many claims its document makes in the component, and how quiet its source is."""
    seen = system.observations
    docs = claims["doc"].to_list()
    component = system.component[seen.fact]
    spoken: dict[tuple[str, int], int] = {}
    for row, claim in enumerate(seen.claim):
        if found.counted[row]:
            place = (docs[claim], int(component[row]))
            spoken[place] = spoken.get(place, 0) + 1
    return [
        (float(spoken.get((docs[claim], int(component[row])), 1)), -float(found.sources.noise[source[row]]))
        for row, claim in enumerate(seen.claim)
    ]
