"""Every set of at most so many lost assets: the value with each of them lost, size by size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import comb
from typing import Literal, Protocol

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.flow.formulation import Formulation
from kopir.flow.outages import Level, Outages, Settled, members_between, parts_of
from kopir.flow.steps import single_steps
from kopir.model.network.clauses import Asset
from kopir.model.network.network import Floats, Ints, Kind
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span

Measure = Literal["value", "tonnes"]
"""What is lost: value of the shippers, or tonnes of the focal state that no routing can still sell."""

STRETCH = 32_768
"""Sets of the largest size that are settled, and stored, together."""

MANY = 20_000
"""Sets from which the compiled simplex repays its start."""

MOST_SETS = 20_000_000
TIE = 1e-9
"""Share of the undisturbed value within which two losses are the same."""


class Store(Protocol):
    """Where stretches of settled sets are kept, so that a run that was stopped goes on."""

    def read(self, size: int, first: int, last: int) -> Settled | None:
        """Return a stretch that is there already."""

    def write(self, size: int, first: int, members: Ints, settled: Settled, undisturbed: float) -> None:
        """Keep a stretch."""


@dataclass(frozen=True)
class EverySet:
    """Losses of all sets of at most ``most`` assets, size by size (entry ``size - 1``), lexicographic in each.

    ``losses`` are against ``undisturbed``, both million USD a year or, of tonnes, Mt a year; ``how`` are indices
    of :data:`kopir.flow.outages.HOW`. Where time ended before sets of ``asked`` assets were settled, the last
    size has losses of minus infinity for those that were not, and larger ones are missing; ``highest`` is then
    what no set loses more than, ``None`` where a further loss may gain.
    """

    assets: tuple[Asset, ...]
    undisturbed: float
    losses: tuple[Floats, ...]
    how: tuple[Ints, ...]
    asked: int
    highest: float | None = None

    @property
    def complete(self) -> int:
        """The largest size of which every set is settled."""
        return self.most - int(np.isneginf(self.losses[-1]).any())

    @property
    def most(self) -> int:
        """The largest size."""
        return len(self.losses)

    @property
    def slack(self) -> float:
        """Difference within which two losses are the same."""
        return TIE * max(1.0, abs(self.undisturbed))

    def members(self, size: int) -> Ints:
        """Return the sets of one size (sets x size)."""
        return members_between(len(self.assets), size, 0, len(self.losses[size - 1]))

    def of_parts(self, size: int) -> Floats:
        """Return the losses of the sets that lack one member (sets x size)."""
        if size == 1:
            return np.zeros((len(self.losses[0]), 1))
        below: Floats = self.losses[size - 2][parts_of(self.members(size), len(self.assets))]
        return below

    def least(self, size: int) -> Ints:
        """Return the places of sets without a member to spare: each one adds to the loss of the others."""
        return np.flatnonzero(self.losses[size - 1] > self.of_parts(size).max(axis=1) + self.slack)


def every_set(
    setup: Setup,
    most: int,
    *,
    span: Span = "short",
    measure: Measure = "value",
    store: Store | None = None,
    deadline: Deadline | None = None,
) -> EverySet:
    """Return the loss of every set of at most ``most`` assets; raises as :func:`checked` does.

    At the ``deadline`` those that are settled are returned.
    """
    limit = deadline or Deadline()
    checked(setup, most)
    count = sum(comb(len(setup.network.assets), size) for size in range(1, most + 1))
    outages = outages_for(setup, span, measure, many=count >= MANY)
    levels, values, ways = [outages.nothing()], [], []
    for size in range(1, most + 1):
        parts, tops, rest = [], [], comb(outages.assets, size)
        for top, settled in _stretches(outages, levels, size, whole=size < most, store=store):
            parts.append(settled)
            tops = [top]
            rest -= len(settled.value)
            if rest and limit.passed:
                break
        values.append(np.concatenate([*(one.value for one in parts), np.full(rest, np.inf)]))
        ways.append(np.concatenate([*(one.how for one in parts), np.zeros(rest, dtype=np.int64)]))
        if rest or (size < most and limit.passed):
            break
        levels += tops
    short = bool(rest) or size < most
    return EverySet(
        assets=setup.network.assets,
        undisturbed=outages.undisturbed,
        losses=tuple(outages.undisturbed - one for one in values),
        how=tuple(ways),
        asked=most,
        highest=_of_everything(outages) if short else None,
    )


def _of_everything(outages: Outages) -> float | None:
    """Return the loss of all assets together, which no set exceeds; ``None`` where a further loss may gain."""
    if not outages.only_loses:
        return None
    return outages.undisturbed - float(outages.values([range(outages.assets)]).value[0])


def checked(setup: Setup, most: int, word: str = "--assets") -> None:
    """Refuse a size, given as ``word``, for which there are no sets, or too many; raises :class:`InputError`."""
    assets = len(setup.network.assets)
    if not 1 <= most <= assets:
        mend = f"give a number from 1 to {assets}, the assets of the model"
        raise InputError(Fault("K0505", "so many assets cannot be lost", mend, column=word, value=str(most)))
    count = sum(comb(assets, size) for size in range(1, most + 1))
    if count > MOST_SETS:
        fitting = max(k for k in range(1, most) if sum(comb(assets, one) for one in range(1, k + 1)) <= MOST_SETS)
        why = f"{count:,} sets of {assets} assets are more than {MOST_SETS:,}"
        raise InputError(Fault("K0505", why, f"ask for at most {fitting}", column=word, value=str(most)))


def outages_for(setup: Setup, span: Span, measure: Measure, *, many: bool = False) -> Outages:
    """Return the values of lost assets by a measure, nobody refusing; ``many`` sets are worth compiled code.

    Raises :class:`InputError` (K0505) for tonnes of several goods, which are not added.
    """
    kinds = setup.network.goods(setup.focal_state)
    if measure == "tonnes" and len(kinds) > 1:
        named = " and ".join(" ".join(sorted(kind)) for kind in kinds)
        why = f"tonnes of {named} are not added"
        raise InputError(Fault("K0505", why, "ask for --measure value", column="--measure", value=measure))
    valuation = setup.valuation(span)
    formulation, situation = valuation.formulation, valuation.situation(NOBODY)
    if measure == "tonnes":
        network = setup.network
        sold = network.of_kind(Kind.SALE) & network.owned_by(setup.focal_state)
        steps = replace(single_steps(network), cost=np.where(sold, -1.0, 0.0))
        formulation = Formulation(network, steps, formulation.lengths)
    return Outages(formulation, situation, many=many)


def _stretches(
    outages: Outages, below: list[Level], size: int, *, whole: bool, store: Store | None
) -> Iterator[tuple[Level, Settled]]:
    """Yield the sets of one size in stretches, those that are stored already without settling them again."""
    count = comb(outages.assets, size)
    step = count if whole else STRETCH
    for first in range(0, count, step):
        last = min(count, first + step)
        kept = None if store is None or whole else store.read(size, first, last)
        if kept is not None:
            outages.recall(below, first, last, kept)
            yield below[-1], kept
            continue
        level, settled = outages.settle(below, first, last, lasting=whole)
        if store is not None:
            store.write(
                size, first, members_between(outages.assets, size, first, last), settled, outages.undisturbed
            )
        yield level, settled
