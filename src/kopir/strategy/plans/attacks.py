"""What a plan is held against: every refusal of so many partners, or every loss of so many assets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol

import numpy as np

from kopir.model.network.network import Floats
from kopir.strategy.outages.every import MANY, checked
from kopir.strategy.outages.losses import outages_of
from kopir.strategy.plans.menu import Menu
from kopir.strategy.value.valuation import NOBODY, Shares


class Attacks(Protocol):
    """Attacks by number: what is left of the value of plans (masks) under each, million USD a year."""

    def __len__(self) -> int:
        """How many there are, the attack by nobody included."""

    def values(self, mask: int) -> Floats:
        """Return the value of a plan under every attack (attacks)."""

    def column(self, attack: int) -> Floats:
        """Return the value of every plan of the menu under one attack (masks)."""

    def members(self, attack: int) -> Sequence[str]:
        """Return who refuses, or what is lost, sorted."""

    def most(self, attack: int) -> float:
        """Return what no plan has more than under one attack, where options only add."""


@dataclass(frozen=True)
class Refusals:
    """Every refusal that the menu is asked about."""

    menu: Menu

    def __len__(self) -> int:
        """How many there are."""
        return len(self.menu.denials)

    def values(self, mask: int) -> Floats:
        """Return the value of a plan under every refusal."""
        return np.array([self.menu.value(mask, attack) for attack in range(len(self))])

    def column(self, attack: int) -> Floats:
        """Return the value of every plan under one refusal."""
        return self.menu.column(attack)

    def members(self, attack: int) -> Sequence[str]:
        """Return who refuses."""
        return sorted(self.menu.denials[attack].parties)

    def most(self, attack: int) -> float:
        """Return the value with all options while what is refused in part stays open as a whole.

        What a refusal in part leaves is a share of use, which each plan has its own of.
        """
        valuation, names = self.menu.valuation, self.menu.names
        left = valuation.shares(self.menu.denials[attack], names)
        shut = Shares(np.where(left.use > 0, left.capacity, 0.0), np.ones_like(left.use))
        return valuation.worth(valuation.situation_left(shut, names, refusing=False))


class LostAssets:
    """Every loss of at most ``most`` assets, wholly, while nobody refuses.

    Raises :class:`kopir.core.errors.InputError` for sizes for which there are no sets, or too many.
    """

    def __init__(self, menu: Menu, most: int) -> None:
        checked(menu.setup, most)
        every = range(len(menu.setup.network.assets))
        self.menu = menu
        self.sets = [one for size in range(most + 1) for one in combinations(every, size)]
        self._kept: dict[int, Floats] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self.sets)

    def values(self, mask: int) -> Floats:
        """Return the value of a plan under every loss; each certified as in :mod:`kopir.flow.outages`."""
        if mask not in self._kept:
            outages = outages_of(self.menu.valuation, NOBODY, self.menu.plan(mask), many=len(self) >= MANY)
            self._kept[mask] = outages.values(self.sets).value
        return self._kept[mask]

    def column(self, attack: int) -> Floats:
        """Return the value of every plan under one loss."""
        return self.menu.over_masks(
            lambda mask: self._value(self.menu.plan(mask), attack), growing=self.menu.gains
        )

    def most(self, attack: int) -> float:
        """Return the value with all options under one loss."""
        return self._value(self.menu.names, attack)

    def _value(self, plan: Sequence[str], attack: int) -> float:
        usual = self.menu.valuation.situation(NOBODY, plan)
        share = usual.open_share.copy()
        share[list(self.sets[attack])] = 0.0
        return self.menu.valuation.worth(replace(usual, open_share=share))

    def members(self, attack: int) -> Sequence[str]:
        """Return the codes of what is lost."""
        return sorted(self.menu.setup.network.assets[one][1] for one in self.sets[attack])
