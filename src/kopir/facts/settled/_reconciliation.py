"""One reconciliation from claims to settled facts, by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.facts.claimed._identities import Identity
from kopir.facts.claimed._speakers import spoken_classes
from kopir.facts.settled._copies import Copies, find_copies
from kopir.facts.settled._deviations import Deviations, find_deviations
from kopir.facts.settled._estimation import Estimate, estimate
from kopir.facts.settled._reliability import prior_of
from kopir.facts.settled._second_look import estimate_twice
from kopir.facts.settled._settling import EXACT_COMPONENTS, Settled, settle
from kopir.facts.settled._spoken import as_stated, with_signed
from kopir.facts.settled._system import System, build_system

Ints = NDArray[np.int64]

TRACK_RECORD = 8
"""First-hand levels of facts that others measure too, from which the noise of a source is known."""


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


_NO_ROWS = np.empty(0, dtype=np.int64)
_NO_ODDS = np.empty(0, dtype=np.float64)
_NONE = Deviations(_NO_ROWS, _NO_ROWS, _NO_ODDS, _NO_ROWS, _NO_ROWS, _NO_ODDS)


def solve(
    claims: pl.DataFrame,
    identities: Sequence[Identity] = (),
    *,
    implied: bool = True,
    exact: int = EXACT_COMPONENTS,
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
    found = estimate_twice(system, source, classes, copies.counted)
    deviations = find_deviations(system, found, source)
    tracked = _tracked(system, source, copies.counted, len(names))
    settled = settle(system, found, deviations, _credit(system, claims, found), tracked, exact=exact)
    blamed = [one.blamed for one in settled.contradictions if one.blamed >= 0]
    if blamed:
        # Claims that gave way must not pull at the estimate of those that stayed.
        believed = copies.counted.copy()
        believed[list(settled.given_way)] = False
        found = replace(estimate(system, source, classes, believed), counted=copies.counted)
        again = settle(
            system, replace(found, counted=believed), _NONE, _credit(system, claims, found), tracked, exact=exact
        )
        settled = replace(
            again, given_way=settled.given_way, contradictions=(*settled.contradictions, *again.contradictions)
        )
    noise = np.array([prior_of(name).noise for name in spoken_classes(claims)])[seen.claim]
    settled = with_signed(as_stated(settled, system, source, copies.counted, noise), seen)
    return Reconciliation(claims, system, copies, found, deviations, settled, source, names, tuple(classes))


def _tracked(system: System, source: Ints, counted: NDArray[np.bool_], sources: int) -> NDArray[np.bool_]:
    """Return which observations are of sources that have a track record: others measure what they measured."""
    seen = system.observations
    levels = np.flatnonzero(counted & (seen.base < 0))
    voices = np.unique(np.stack([seen.fact[levels], source[levels]]), axis=1)
    shared = np.bincount(voices[0], minlength=len(system.keys)) > 1
    met = levels[shared[seen.fact[levels]]]
    return np.asarray((np.bincount(source[met], minlength=sources) >= TRACK_RECORD)[source])


def _credit(system: System, claims: pl.DataFrame, found: Estimate) -> list[tuple[float, ...]]:
    """Return for each observation how many claims its document makes in the component, and its class's quiet."""
    seen = system.observations
    docs = claims["doc"].to_list()
    component = system.component[seen.fact]
    quiet = [-prior_of(name).noise for name in spoken_classes(claims)]
    spoken: dict[tuple[str, int], int] = {}
    for row, claim in enumerate(seen.claim):
        if found.counted[row]:
            place = (docs[claim], int(component[row]))
            spoken[place] = spoken.get(place, 0) + 1
    return [
        (float(spoken.get((docs[claim], int(component[row])), 1)), quiet[claim])
        for row, claim in enumerate(seen.claim)
    ]
