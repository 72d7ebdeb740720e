"""Rising costs as steps: each activity's use is cut into steps, each dearer than the one before.

The integral of the marginal cost is what the programme minimises, so a step function whose height at the
observed use jumps across the shadow price makes the observed use a strict optimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kopir.model.network.network import Floats, Ints, Network


@dataclass(frozen=True)
class Steps:
    """Steps of all activities, sorted by activity and cost (shape: steps).

    ``begin`` and ``end`` bound each step in Mt/yr of the activity's use (``end`` may be infinite); ``cost`` is
    the marginal cost on it (USD/t).
    """

    activity: Ints
    begin: Floats
    end: Floats
    cost: Floats

    def upper(self, amounts: Floats) -> Floats:
        """Return the width of each step when activities may be used up to ``amounts`` (activities; Mt/yr)."""
        width: Floats = np.clip(amounts[self.activity], self.begin, self.end) - self.begin
        return width


def single_steps(network: Network) -> Steps:
    """Return one step an activity, at its own cost: the network as its tables state it."""
    count = len(network.activities)
    return Steps(
        activity=np.arange(count, dtype=np.int64),
        begin=np.zeros(count),
        end=np.full(count, np.inf),
        cost=network.activities.cost,
    )
