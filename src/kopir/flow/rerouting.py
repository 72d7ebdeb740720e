"""How much of displaced goods finds another way through links with limited room: a maximum flow of many goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kopir.core.sparse import Sparse
from kopir.flow.program import LinearProgramme, Program


@dataclass(frozen=True, slots=True)
class Arc:
    """A link with the room that is left on it (infinite where nothing limits it), in the unit of the goods."""

    start: str
    end: str
    room: float


@dataclass(frozen=True, slots=True)
class Displaced:
    """An amount that may leave from any of ``origins`` and end at any of ``ends``."""

    origins: frozenset[str]
    ends: frozenset[str]
    amount: float


def most_rerouted(arcs: Sequence[Arc], goods: Sequence[Displaced]) -> float:
    """Return the most of ``goods`` that reaches an end over ``arcs``, all at once.

    The linear programme of the multi-commodity maximum flow (Ford and Fulkerson 1958, Management Science 5(1));
    goods compete for the room of an arc and do not block each other otherwise.
    """
    nodes = {
        node: index for index, node in enumerate(sorted({end for arc in arcs for end in (arc.start, arc.end)}))
    }
    moved = [one for one in goods if one.amount > 0]
    entries: list[tuple[int, int, float]] = []
    upper: list[float] = []
    reward: list[float] = []
    balances = len(moved) * len(nodes)
    for kind, one in enumerate(moved):
        row = kind * len(nodes)
        columns = [((arc.start, -1.0), (arc.end, 1.0)) for arc in arcs]
        for index, ends in enumerate(columns):
            entries += [(row + nodes[node], len(upper), sign) for node, sign in ends]
            entries.append((balances + index, len(upper), 1.0))
            upper.append(np.inf)
            reward.append(0.0)
        for node in sorted(one.origins & set(nodes)):
            entries.append((row + nodes[node], len(upper), 1.0))
            entries.append((balances + len(arcs) + kind, len(upper), 1.0))
            upper.append(one.amount)
            reward.append(0.0)
        for node in sorted(one.ends & set(nodes)):
            entries.append((row + nodes[node], len(upper), -1.0))
            upper.append(one.amount)
            reward.append(-1.0)
    if not upper:
        return 0.0
    limits = [*(arc.room for arc in arcs), *(one.amount for one in moved)]
    rows, places, signs = (np.array(part) for part in zip(*entries, strict=True))
    shape = (balances + len(limits), len(upper))
    programme = LinearProgramme(
        cost=np.array(reward),
        matrix=Sparse.of(rows, places, signs, shape),
        row_lower=np.concatenate([np.zeros(balances), np.full(len(limits), -np.inf)]),
        row_upper=np.concatenate([np.zeros(balances), np.array(limits, dtype=np.float64)]),
        lower=np.zeros(len(upper)),
        upper=np.array(upper),
    )
    return -Program(programme).solve_value()
