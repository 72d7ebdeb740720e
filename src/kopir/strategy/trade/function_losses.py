"""Functions outside the network as losses: closed forms filled from functions.csv and the latest known shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import Quantity
from kopir.model.grounds.cited import Cells, union
from kopir.model.network.capacity import Horizon
from kopir.model.network.clauses import ClauseBook
from kopir.model.ties.functions import Function, FunctionBook
from kopir.model.ties.trade import ALL, FUNCTION
from kopir.strategy.trade.imports import ImportsFunction, imports, imports_function
from kopir.strategy.value.closed_forms import FunctionLoss, QuantityFunction, VarietyFunction

End = Literal["low", "value", "high"]
_OTHER: Mapping[End, End] = {"low": "high", "value": "value", "high": "low"}


@dataclass(frozen=True, slots=True)
class LossInterval:
    """A loss and its ends, million USD a year; without ``central`` and ``high``, only a floor is known."""

    low: float
    central: float | None
    high: float | None


class OutsideLoss(FunctionLoss, Protocol):
    """A loss outside the network that knows its interval and what it rests on."""

    @property
    def partners(self) -> tuple[str, ...]:
        """Partners whose part in the function is known."""

    def interval(self, parties: frozenset[str], severity: float) -> LossInterval:
        """Return the loss over the intervals of what goes into it, under one partner with its members."""

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

    @property
    def partners(self) -> tuple[str, ...]:
        """Partners whose share is known."""
        return tuple(sorted(self.by_partner))

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether any of ``parties`` has a share in the function."""
        return self.forms["value"].touched_by(parties)

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return the loss at central values (million USD a year)."""
        return self.forms["value"].loss(parties, severity)

    def interval(self, parties: frozenset[str], severity: float) -> LossInterval:
        """Return the loss at central values and at both ends of all intervals."""
        return LossInterval(*(self.forms[end].loss(parties, severity) for end in ("low", "value", "high")))

    def cells(self, parties: frozenset[str]) -> Cells:
        """Return the cells of the function and of the shares of ``parties``."""
        own = {ref for partner, refs in self.by_partner.items() if partner in parties for ref in refs}
        return tuple(sorted({*self.common, *own}))


@dataclass(frozen=True)
class ImportsLoss:
    """Imports as computed by sector, with the interval and cells of each partner."""

    whole: ImportsFunction
    found: Mapping[frozenset[str], tuple[LossInterval, Cells]]
    partners: tuple[str, ...]
    function: str = FUNCTION
    _known: dict[tuple[frozenset[str], float], float] = field(default_factory=dict, repr=False, compare=False)

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether goods are bought from any of ``parties``."""
        return not parties.isdisjoint(self._sellers)

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return the loss at central values (million USD a year), 0 where only a floor is known."""
        key = (parties & self._sellers, severity)
        if key not in self._known:
            self._known[key] = self.whole.loss(key[0], severity)
        return self._known[key]

    def interval(self, parties: frozenset[str], _: float) -> LossInterval:
        """Return the loss and its ends at the severity it was computed for."""
        return self.found[parties][0]

    @cached_property
    def _sellers(self) -> frozenset[str]:
        return frozenset[str]().union(*self.found)

    def cells(self, parties: frozenset[str]) -> Cells:
        """Return the cells behind the loss."""
        return self.found[parties][1]


def outside_losses(
    model: Model, book: FunctionBook, clauses: ClauseBook, horizon: Horizon, severity: float
) -> tuple[OutsideLoss, ...]:
    """Return every loss outside the network that can be computed at ``horizon``, sorted by function."""
    forms = [form for form in closed_forms_of(book, horizon) if form.function != FUNCTION]
    bought = _imports(model, clauses, horizon, severity)
    return tuple(sorted([*forms, *([] if bought is None else [bought])], key=lambda loss: loss.function))


def _imports(model: Model, clauses: ClauseBook, horizon: Horizon, severity: float) -> ImportsLoss | None:
    whole = imports_function(model, horizon)
    if whole is None:
        return None
    result, sectors = (imports(model, by_sector=split, severity=severity) for split in (False, True))
    found: dict[frozenset[str], tuple[LossInterval, Cells]] = {}
    partners = []
    for row in result.table.iter_rows(named=True):
        parties = clauses.expand([row["partner"]])
        central = whole.loss(parties, severity)
        rows = [row]
        if row[f"{horizon}_musd"] is not None and not math.isclose(central, row[f"{horizon}_musd"], rel_tol=1e-9):
            rows = sectors.table.filter((pl.col("partner") == row["partner"]) & (pl.col("sector") != ALL)).rows(
                named=True
            )
        known = [one for one in rows if one[f"{horizon}_musd_low"] is not None]
        if known:
            stems = [f"leverage:{FUNCTION}:{one['partner']}:{one['sector']}:{horizon}" for one in known]
            numbers = {**result.numbers, **sectors.numbers}
            cells = union(numbers[stem].cells for stem in stems)
            found[parties] = (LossInterval(*_summed(known, horizon)), cells)
            partners.append(row["partner"])
    return ImportsLoss(whole, found, tuple(sorted(partners)))


def _summed(rows: Sequence[Mapping[str, Any]], horizon: Horizon) -> tuple[float, float | None, float | None]:
    """Return the sums of low, central and high over sectors; the ends are outer bounds of the sum."""
    low, central, high = ([row[f"{horizon}_{end}"] for row in rows] for end in ("musd_low", "musd", "musd_high"))
    floor = None in central
    return math.fsum(low), None if floor else math.fsum(central), None if floor else math.fsum(high)


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
