"""Flows under triggers: using one asset above a threshold closes a share of others.

Either the use stays below its threshold, or the other assets lose their share: ``x_a <= U_a (1 - t)``,
``x_b <= (1 - share t) U_b`` with t in {0, 1}. The optimum over all t is found by branching on the triggers
that the optimum without them breaks. Without a trigger's rows a programme can only be worth more, so a branch
that is worth no more than a flow already found is left (disjunctive programming: Balas 1979, Annals of
Discrete Mathematics 5, 3-51; branch and bound: Land and Doig 1960, Econometrica 28(3)). Exact, at most
``2**(triggers + 1) - 1`` programmes, and one when nothing is triggered. Where a closure waives a duty to
deliver, closing can also gain, so every state is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np

from kopir.core.errors import InfeasibleError
from kopir.flow.formulation import Situation
from kopir.model.network.network import Floats, Network

_TOLERANCE = 1e-7
"""Mt a year by which a use may pass its threshold before it counts: the solver's own slack."""


class Valued(Protocol):
    """A flow: what it is worth (million USD) and what each activity moves (periods x activities; Mt)."""

    @property
    def value(self) -> float:
        """Million USD over all periods."""

    @property
    def use(self) -> Floats:
        """Mt (periods x activities)."""


Flow = TypeVar("Flow", bound=Valued)


def best_flow(
    network: Network,
    lengths: Floats,
    situations: Sequence[Situation],
    solve: Callable[[Sequence[Situation]], Flow],
) -> Flow:
    """Return the flow worth most over all states of the triggers.

    ``solve`` gives the optimum without triggers; ``lengths`` (periods) are in years. A trigger fires for the
    whole run, in whichever period its use passes the threshold. Raises
    :class:`kopir.core.errors.InfeasibleError` when no state leaves a flow.
    """
    best: Flow | None = None
    refusal: InfeasibleError | None = None
    everything = bool(network.needs.waived.any())
    open_states: list[dict[int, bool]] = [{}]
    while open_states:
        fired = open_states.pop()
        try:
            flow = solve([_decided(network, situation, fired) for situation in situations])
        except InfeasibleError as error:
            refusal = error
            continue
        worse = best is not None and flow.value <= best.value
        if worse and not everything:
            continue
        numbers = range(len(network.triggers)) if everything else _passed(network, lengths, flow)
        broken = [number for number in numbers if number not in fired]
        if broken:
            open_states += [{**fired, broken[0]: state} for state in (True, False)]
        elif not worse:
            best = flow
    if best is None:
        assert refusal is not None, "the first state is always tried"
        raise refusal
    return best


def _passed(network: Network, lengths: Floats, flow: Valued) -> list[int]:
    """Return the triggers whose use passes the threshold in some period."""
    triggers = network.triggers
    rates = flow.use / lengths[:, None]
    used = (network.limits.share.at_rows(triggers.limit) @ rates.T).max(axis=1)
    return [int(number) for number in np.flatnonzero(used > triggers.above + _TOLERANCE)]


def _decided(network: Network, situation: Situation, fired: Mapping[int, bool]) -> Situation:
    triggers = network.triggers
    capacity, open_share = situation.capacity.copy(), situation.open_share.copy()
    for number, state in fired.items():
        if state:
            open_share *= 1 - triggers.closed[number]
        else:
            capacity[triggers.limit[number]] = triggers.above[number]
    return replace(situation, capacity=capacity, open_share=open_share)
