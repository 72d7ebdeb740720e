"""Losses in closed form, for functions that are not networks: imports of a sector, arms, finance, technology.

Every function takes scalars or arrays that broadcast and returns an array (or a scalar array). Exact forms
are used throughout: at large shocks the first- and second-order formulas understate the loss.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kopir.core.errors import Fault, InputError
from kopir.model.network.network import Floats

_OVERFLOW = 700.0  # exp() of a little more than this is infinite
_ROUNDING = 1e-9  # shares that sum to a little over 1 are rounding, not data


def variety_loss(
    share: ArrayLike, sigma: ArrayLike, expenditure: ArrayLike = 1.0, cap: ArrayLike = np.inf
) -> Floats:
    """Return ``min(E * ((1 - s)^(-1 / (sigma - 1)) - 1), cap)``, the compensating variation of lost varieties.

    ``share`` is the share of spending that is withdrawn (0 to 1), ``sigma`` the elasticity of substitution
    (above 1), ``expenditure`` and ``cap`` are in one currency, and so is the result. Without a cap the loss
    grows without end as the share nears 1; the cap is the value of doing without. Source: Feenstra (1994),
    American Economic Review 84(1), equation 3; equal to Arkolakis, Costinot and Rodriguez-Clare (2012) with a
    domestic share of ``1 - s`` and a trade elasticity of ``1 - sigma``.

    Raises :class:`InputError` when a share lies outside 0 to 1, ``sigma`` is not above 1, or spending or cap
    is negative.
    """
    lost, elasticity = _share(share, "share"), _sigma(sigma, above=1.0)
    spending, most = _amount(expenditure, "expenditure"), _amount(cap, "cap")
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        loss = spending * np.expm1(-np.log1p(-lost) / (elasticity - 1))
    nothing = (spending == 0) | (lost == 0)
    bounded: Floats = np.minimum(np.where(nothing, 0.0, loss), most)
    return bounded


def real_income_loss(share: ArrayLike, sigma: ArrayLike) -> Floats:
    """Return ``1 - (1 - s)^(1 / (sigma - 1))``, the fall of real income (a share of it) from lost varieties.

    Arguments and faults as for :func:`variety_loss`; the index form of the same loss, never above 1.
    """
    lost, elasticity = _share(share, "share"), _sigma(sigma, above=1.0)
    with np.errstate(divide="ignore"):
        fall: Floats = -np.expm1(np.log1p(-lost) / (elasticity - 1))
    return fall


def autarky_loss(domestic_share: ArrayLike, trade_elasticity: ArrayLike) -> Floats:
    """Return ``1 - lambda^(-1 / epsilon)``, the share of real income lost when all trade ends.

    ``domestic_share`` is lambda, the share of spending on domestic goods; ``trade_elasticity`` is epsilon, the
    (negative) elasticity of imports to variable trade costs. Source: Arkolakis, Costinot and Rodriguez-Clare
    (2012), American Economic Review 102(1), page 95.

    Raises :class:`InputError` when lambda lies outside 0 to 1 or epsilon is not negative.
    """
    domestic = _share(domestic_share, "domestic share")
    elasticity = np.asarray(trade_elasticity, dtype=np.float64)
    _demand(elasticity < 0, elasticity, "K0504", "a trade elasticity that is not negative", "write it as -5")
    with np.errstate(divide="ignore"):
        loss: Floats = -np.expm1(-np.log(domestic) / elasticity)
    return loss


def quantity_loss(cost_share: ArrayLike, fall: ArrayLike, sigma: ArrayLike) -> Floats:
    """Return ``1 - (a (1 - d)^r + 1 - a)^(1 / r)`` with ``r = (sigma - 1) / sigma``, a share of output.

    ``cost_share`` is a, the input's share in cost; ``fall`` is d, the share of its quantity that is lost and
    cannot be bought elsewhere; ``sigma`` is at least 0. The limits are exact: ``d`` at sigma 0 (when a is
    positive) and ``1 - (1 - d)^a`` at sigma 1. Source: Bachmann, Baqaee, Bayer, Kuhn, Moll, Peichl, Pittel and
    Schularick (2022), What if? Germany, equation 1; Baqaee and Farhi (2019), Econometrica 87(4).

    Raises :class:`InputError` when a share lies outside 0 to 1 or ``sigma`` is negative.
    """
    part, lost, elasticity = np.broadcast_arrays(
        _share(cost_share, "cost share"), _share(fall, "fall"), _sigma(sigma, above=None)
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        r = (elasticity - 1) / elasticity
        left = np.log1p(-lost)
        plain = np.log1p(part * np.expm1(r * left)) / r
        huge = left + np.log(part + (1 - part) * np.exp(-r * left)) / r
        log_output = np.where(r * left < _OVERFLOW, plain, huge)
        log_output = np.where(r == 0, part * left, log_output)
    nothing = (lost == 0) | (part == 0)
    loss: Floats = np.where(nothing, 0.0, -np.expm1(log_output))
    return loss


class FunctionLoss(Protocol):
    """A loss that a denial causes outside the network, in million USD a year."""

    @property
    def function(self) -> str:
        """The function that is lost."""

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether any of ``parties`` has a share in the function."""

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return the loss when ``parties`` (unions with their members) deny to a severity (0 to 1)."""


@dataclass(frozen=True)
class VarietyFunction:
    """A function whose partners are varieties: ``shares`` of ``expenditure`` (million USD a year) by partner."""

    function: str
    expenditure: float
    shares: Mapping[str, float]
    sigma: float
    cap: float = np.inf

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether any of ``parties`` has a share in the function."""
        return _share_of(self.shares, parties) > 0

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return :func:`variety_loss` of the share withdrawn (million USD a year)."""
        withdrawn = severity * _share_of(self.shares, parties)
        return float(variety_loss(withdrawn, self.sigma, self.expenditure, self.cap))


@dataclass(frozen=True)
class QuantityFunction:
    """A function that supplies an input: ``shares`` of its quantity by partner.

    ``output`` (million USD a year) is what needs the input, whose share in cost is ``cost_share``.
    """

    function: str
    output: float
    cost_share: float
    shares: Mapping[str, float]
    sigma: float

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether any of ``parties`` has a share in the function."""
        return _share_of(self.shares, parties) > 0

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return :func:`quantity_loss` of the share withdrawn, times output (million USD a year)."""
        withdrawn = severity * _share_of(self.shares, parties)
        return self.output * float(quantity_loss(self.cost_share, withdrawn, self.sigma))


def _share_of(shares: Mapping[str, float], parties: frozenset[str]) -> float:
    total = math.fsum(share for partner, share in shares.items() if partner in parties)
    return min(total, 1.0) if total < 1 + _ROUNDING else total


def _share(values: ArrayLike, name: str) -> Floats:
    shares = np.asarray(values, dtype=np.float64)
    _demand(
        (shares >= 0) & (shares <= 1),
        shares,
        "K0305",
        f"a {name} outside 0 to 1",
        "write a number between 0 and 1",
    )
    return shares


def _amount(values: ArrayLike, name: str) -> Floats:
    amounts = np.asarray(values, dtype=np.float64)
    _demand(amounts >= 0, amounts, "K0304", f"a negative {name}", "write a number of at least zero")
    return amounts


def _sigma(values: ArrayLike, *, above: float | None) -> Floats:
    sigma = np.asarray(values, dtype=np.float64)
    if above is None:
        _demand(
            sigma >= 0, sigma, "K0504", "a negative elasticity of substitution", "write a number of at least zero"
        )
    else:
        mend = f"write a number above {above:g}, or use the quantity form"
        _demand(sigma > above, sigma, "K0504", f"an elasticity of substitution that is not above {above:g}", mend)
    return sigma


def _demand(holds: NDArray[np.bool_], values: Floats, code: str, why: str, mend: str) -> None:
    wrong = np.atleast_1d(values)[~np.atleast_1d(holds)]
    if wrong.size:
        raise InputError([Fault(code, why, mend, value=f"{value:g}") for value in np.unique(wrong)])
