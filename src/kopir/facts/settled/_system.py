"""The system that reconciliation solves: observations and identities over numbered facts, and its components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from kopir.facts.claimed._identities import REST, Identity, implied_identities
from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._observations import Ints, Observations, observe


@dataclass(frozen=True)
class Sums:
    """Identities ``Σ parts − total = 0`` in coordinate form: ``row`` numbers the identity, ``part`` a fact.

    ``total`` has one fact an identity; ``identity`` says which of the system's identities each is.
    """

    total: Ints
    row: Ints
    part: Ints
    identity: Ints

    @property
    def count(self) -> int:
        """Number of identities."""
        return len(self.total)


@dataclass(frozen=True)
class System:
    """Observations, identities as sums and as pairs (small ≤ large), over ``keys``.

    ``signed`` marks facts that a claim puts at or below zero; they stand outside logs and identities.
    """

    keys: tuple[Key, ...]
    observations: Observations
    identities: tuple[Identity, ...]
    sums: Sums
    smaller: Ints
    larger: Ints
    ordering: Ints
    signed: NDArray[np.bool_]

    @cached_property
    def component(self) -> Ints:
        """Number of the connected component of each fact, shape ``(facts,)``."""
        seen = self.observations
        pairs = seen.base >= 0
        left = np.concatenate([seen.fact[pairs], self.sums.total[self.sums.row], self.smaller])
        right = np.concatenate([seen.base[pairs], self.sums.part, self.larger])
        size = len(self.keys)
        graph = csr_matrix((np.ones(len(left)), (left, right)), shape=(size, size))
        return connected_components(graph, directed=False)[1].astype(np.int64)

    @cached_property
    def at(self) -> dict[Key, int]:
        """Number of the fact of each key."""
        return {key: number for number, key in enumerate(self.keys)}


def build_system(claims: pl.DataFrame, identities: Sequence[Identity] = (), *, implied: bool = True) -> System:
    """Return the system of ``claims`` with the identities given and, if ``implied``, those that the keys imply."""
    named = [key for identity in identities for key in (identity.total, *identity.parts)]
    observations = observe(claims, named)
    found = implied_identities(observations.keys) if implied else []
    if implied:
        found += _told_together(observations, claims)
    have = {(identity.total, frozenset(identity.parts)) for identity in identities}
    every = (*identities, *(one for one in _distinct(found) if (one.total, _named(one)) not in have))
    at = {key: number for number, key in enumerate(observations.keys)}
    for identity in every:
        for key in (identity.total, *identity.parts):
            at.setdefault(key, len(at))
    signed = np.zeros(len(at), dtype=np.bool_)
    level = observations.base < 0
    below = level & (observations.high <= 0) | level & (observations.soft_low < 0)
    signed[observations.fact[below]] = True
    signed[observations.fact[observations.difference]] |= False
    kept = [one for one in every if not any(signed[at[key]] for key in (one.total, *one.parts))]
    sums = [(number, one) for number, one in enumerate(kept) if one.relation == "sum"]
    order = [(number, one) for number, one in enumerate(kept) if one.relation == "le"]
    parts = [(row, at[part]) for row, (_, one) in enumerate(sums) for part in one.parts]
    return System(
        keys=tuple(at),
        observations=observations,
        identities=tuple(kept),
        sums=Sums(
            total=_ints([at[one.total] for _, one in sums]),
            row=_ints([row for row, _ in parts]),
            part=_ints([part for _, part in parts]),
            identity=_ints([number for number, _ in sums]),
        ),
        smaller=_ints([at[one.parts[0]] for _, one in order]),
        larger=_ints([at[one.total] for _, one in order]),
        ordering=_ints([number for number, _ in order]),
        signed=signed,
    )


def _distinct(identities: Sequence[Identity]) -> list[Identity]:
    """Return one identity of each relation, total and named parts, each partition with a rest of its own.

    Of two partitions of one total whose named parts include one another the finer stays. A second partition
    (by route beside one by partner) leaves another rest.
    """
    kept = list({(one.relation, one.total, _named(one)): one for one in identities}.values())
    open_ended: dict[Key, list[Identity]] = {}
    for one in kept:
        if one.relation == "sum" and any(part.part == REST for part in one.parts):
            open_ended.setdefault(one.total, []).append(one)
    renamed: dict[Identity, Identity | None] = {}
    for total, rivals in open_ended.items():
        rivals.sort(key=lambda one: (-len(one.parts), str(one)))
        apart = [
            one
            for place, one in enumerate(rivals)
            if not any(_named(one) <= _named(other) for other in rivals[:place])
        ]
        for number, one in enumerate(apart, 1):
            rest = replace(total, part=REST if number == 1 else f"{REST} {number}")
            renamed[one] = replace(one, parts=(*(part for part in one.parts if part.part != REST), rest))
        renamed.update({one: None for one in rivals if one not in apart})
    return [final for one in kept if (final := renamed.get(one, one)) is not None]


def _told_together(observations: Observations, claims: pl.DataFrame) -> list[Identity]:
    """Return shares that one document gives of one whole as disjoint parts of it, unless they exceed it."""
    kinds, docs = claims["kind"].to_list(), claims["doc"].to_list()
    told: dict[tuple[str, int], dict[int, float]] = {}
    for claim, fact, base, low in zip(
        observations.claim, observations.fact, observations.base, observations.low, strict=True
    ):
        if base >= 0 and kinds[claim] == "share" and claims["base"][int(claim)] is None:
            told.setdefault((docs[claim], int(base)), {})[int(fact)] = float(low)
    found = []
    for (_, base), parts in sorted(told.items()):
        if len(parts) > 1 and sum(parts.values()) <= 1:
            whole = observations.keys[base]
            named = tuple(sorted((observations.keys[part] for part in parts), key=str))
            found.append(Identity("sum", whole, (*named, replace(whole, part=REST))))
    return found


def _named(identity: Identity) -> frozenset[Key]:
    """Return the parts that something names: an exact sum of them leaves no rest."""
    return frozenset(part for part in identity.parts if not part.part.startswith(REST))


def _ints(values: Sequence[int]) -> Ints:
    return np.asarray(values, dtype=np.int64)
