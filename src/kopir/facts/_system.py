"""The system that reconciliation solves: observations and identities over numbered facts, and its components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from kopir.facts._identities import REST, Identity, implied_identities
from kopir.facts._keys import Key
from kopir.facts._observations import Ints, Observations, observe


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
    have = {(identity.total, frozenset(identity.parts)) for identity in identities}
    every = (*identities, *(one for one in found if (one.total, _named(one)) not in have))
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


def _named(identity: Identity) -> frozenset[Key]:
    """Return the parts that something names: an exact sum of them leaves no rest."""
    return frozenset(part for part in identity.parts if part.part != REST)


def _ints(values: Sequence[int]) -> Ints:
    return np.asarray(values, dtype=np.int64)
