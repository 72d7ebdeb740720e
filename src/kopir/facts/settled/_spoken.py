"""What is held in the words of sources: signs that no logarithm holds, and disputes that no mean settles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kopir.facts.claimed._observations import Observations
from kopir.facts.settled._settling import Settled
from kopir.facts.settled._system import System

FEW = 8
"""Claims of facts that hang together up to which a contradiction tears all of them: no noise is known."""


def as_stated(
    settled: Settled,
    system: System,
    source: NDArray[np.int64],
    counted: NDArray[np.bool_],
    noise: NDArray[np.float64],
) -> Settled:
    """Return what is settled with disputed facts at the best supported statement, in place of a mean of them.

    Best supported is what most sources' intervals hold; among equals, what the class of the quieter source says
    (``noise``, one an observation), then what lies nearest the estimate. The interval keeps the others beside
    it. Facts whose claims cannot hold together, and of which none is to blame, are disputed too.
    """
    seen, value = system.observations, settled.value.copy()
    basis, gone = settled.basis.copy(), set(settled.given_way)
    torn = _torn(settled, system, counted)
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero((seen.base < 0) & counted & np.isfinite(seen.soft_high) & (seen.low > 0)):
        if int(row) not in gone:
            members.setdefault(int(seen.fact[row]), []).append(int(row))
    for fact, rows in members.items():
        centres = {row: (float(seen.soft_low[row]) + float(seen.soft_high[row])) / 2 for row in rows}
        if settled.basis[fact] != "disputed" and fact not in torn:
            continue
        ranked = [
            (
                -len({int(source[one]) for one in rows if seen.low[one] <= centre <= seen.high[one]}),
                float(noise[row]),
                abs(np.log(centre / value[fact])) if value[fact] > 0 else 0.0,
                row,
            )
            for row, centre in centres.items()
        ]
        value[fact], basis[fact] = centres[min(ranked)[-1]], "disputed"
    low, high = np.minimum(settled.low, value), np.maximum(settled.high, value)
    return replace(settled, value=value, low=low, high=high, basis=basis)


def _torn(settled: Settled, system: System, counted: NDArray[np.bool_]) -> set[int]:
    """Return the facts of contradictions that nobody is to blame for; of few claims, all that hang together."""
    seen = system.observations
    open_ones = [one for one in settled.contradictions if one.blamed < 0 and not one.expected]
    facts = {int(seen.fact[row]) for one in open_ones for row in one.members}
    size = np.bincount(system.component[seen.fact[counted]], minlength=int(system.component.max(initial=-1)) + 1)
    small = {int(system.component[fact]) for fact in facts if size[system.component[fact]] <= FEW}
    return facts | {int(fact) for fact in np.flatnonzero(np.isin(system.component, sorted(small)))}


def with_signed(settled: Settled, seen: Observations) -> Settled:
    """Return what is settled with the facts that no logarithm holds: zeros, and balances of either sign.

    Where all claims can hold, the fact is what they leave; else it is disputed over their span, at the middle
    one of them.
    """
    value, low, high = (one.copy() for one in (settled.value, settled.low, settled.high))
    basis = settled.basis.copy()
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero((seen.base < 0) & (basis[seen.fact] == "none")):
        members.setdefault(int(seen.fact[row]), []).append(int(row))
    for fact, rows in members.items():
        least, most = float(seen.low[rows].max()), float(seen.high[rows].min())
        agreed = least <= most
        if not agreed:
            least, most = float(seen.low[rows].min()), float(seen.high[rows].max())
        centres = sorted((float(seen.soft_low[row]) + float(seen.soft_high[row])) / 2 for row in rows)
        middle = min(max(centres[len(centres) // 2], least), most)
        if np.isfinite(middle):
            value[fact], low[fact], high[fact] = middle, least, most
            basis[fact] = "identified" if agreed else "disputed"
    return replace(settled, value=value, low=low, high=high, basis=basis)
