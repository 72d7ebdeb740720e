"""Functions outside the network as losses: closed forms filled from functions.csv and the latest known shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from kopir.model.capacity import Horizon
from kopir.model.functions import Function, FunctionBook
from kopir.model.quantities import Quantity
from kopir.strategy.closed_forms import FunctionLoss, QuantityFunction, VarietyFunction
from kopir.strategy.ties import Cells

End = Literal["low", "value", "high"]
_OTHER: Mapping[End, End] = {"low": "high", "value": "value", "high": "low"}


class OutsideLoss(FunctionLoss, Protocol):
    """A loss outside the network that knows its interval and what it rests on."""

    def ends(self, parties: frozenset[str], severity: float) -> tuple[float, float]:
        """Return the least and the greatest loss over the intervals of what goes into it (million USD a year)."""

    def cells(self, parties: frozenset[str]) -> Cells:
        """Return the cells that the loss under ``parties`` rests on."""


@dataclass(frozen=True)
class ClosedForm:
    """A function of kind variety or quantity at one horizon: at central values and at both of its ends.

    The loss rises with share, spending and cap and falls with the elasticity, so its ends lie at theirs.
    """

    function: str
    forms: Mapping[End, FunctionLoss]
    common: Cells
    by_partner: Mapping[str, Cells]

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether any of ``parties`` has a share in the function."""
        return self.forms["value"].touched_by(parties)

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return the loss at central values (million USD a year)."""
        return self.forms["value"].loss(parties, severity)

    def ends(self, parties: frozenset[str], severity: float) -> tuple[float, float]:
        """Return the losses at both ends of all intervals (million USD a year)."""
        return self.forms["low"].loss(parties, severity), self.forms["high"].loss(parties, severity)

    def cells(self, parties: frozenset[str]) -> Cells:
        """Return the cells of the function and of the shares of ``parties``."""
        own = {ref for partner, refs in self.by_partner.items() if partner in parties for ref in refs}
        return tuple(sorted({*self.common, *own}))


def closed_forms_of(book: FunctionBook, horizon: Horizon) -> tuple[OutsideLoss, ...]:
    """Return every function of ``book`` whose loss a closed form gives at ``horizon``, sorted by code.

    Spending, elasticity at the horizon (and the share in cost, for the quantity form) and some shares must be
    known; the shares are those of the latest year that has any.
    """
    found = (_closed_form(book, function, horizon) for _, function in sorted(book.functions.items()))
    return tuple(one for one in found if one is not None)


def _closed_form(book: FunctionBook, function: Function, horizon: Horizon) -> ClosedForm | None:
    spending, sigma = function.expenditure, function.sigma.get(horizon)
    years = [tie.year for tie in book.of(function.function) if tie.share is not None]
    if function.kind not in {"variety", "quantity"} or spending is None or sigma is None or not years:
        return None
    if function.kind == "quantity" and function.cost_share is None:
        return None
    shares = book.shares(function.function, max(years))
    ends: tuple[End, ...] = ("low", "value", "high")
    behind = (spending, sigma, function.cost_share, function.cap)
    return ClosedForm(
        function=function.function,
        forms={
            end: _form(function, spending, sigma, {name: getattr(one, end) for name, one in shares.items()}, end)
            for end in ends
        },
        common=tuple(sorted(one.ref for one in behind if one is not None)),
        by_partner={name: one.cells for name, one in shares.items()},
    )


def _form(
    function: Function, spending: Quantity, sigma: Quantity, shares: Mapping[str, float], end: End
) -> FunctionLoss:
    at = _at(sigma, _OTHER[end])
    if function.kind == "variety":
        cap = np.inf if function.cap is None else _at(function.cap, end)
        return VarietyFunction(function.function, _at(spending, end), shares, at, cap)
    assert function.cost_share is not None
    return QuantityFunction(function.function, _at(spending, end), _at(function.cost_share, end), shares, at)


def _at(quantity: Quantity, end: End) -> float:
    value: float = getattr(quantity, end)
    return value
