"""How many vectors a state really has: concentration, specialisation, tilt and asymmetry.

No measure here is a score and none is to be maximised: equality of partners is not the ideal, and each measure
says one thing. All are descriptive and computed from losses, not from trade shares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kopir.core.errors import Fault, InputError
from kopir.model.network.network import Floats


def concentration(weights: ArrayLike, axis: int = -1) -> Floats:
    """Return ``sum w^2`` of weights scaled to sum to 1 (0 to 1), the Herfindahl-Hirschman index.

    ``weights`` are non-negative and need not sum to 1. Where all are zero the result is NaN. Source: Hirschman
    (1945), National Power and the Structure of Foreign Trade. Raises :class:`InputError` for a negative or
    missing weight.
    """
    index: Floats = np.sum(_shares(weights, axis) ** 2, axis=axis)
    return index


def effective_number(weights: ArrayLike, axis: int = -1) -> Floats:
    """Return ``1 / sum w^2``: how many equal partners would be as concentrated (Laakso and Taagepera 1979).

    Arguments and faults as for :func:`concentration`.
    """
    number: Floats = 1 / concentration(weights, axis)
    return number


def effective_number_by_entropy(weights: ArrayLike, axis: int = -1) -> Floats:
    """Return ``exp(-sum w ln w)``, the effective number that weighs small partners more (Hill 1973, order 1).

    Arguments and faults as for :func:`concentration`.
    """
    number: Floats = np.exp(_entropy(_shares(weights, axis), axis))
    return number


def effective_partners_per_function(losses: ArrayLike) -> Floats:
    """Return the effective number of partners behind each function (shape: functions).

    ``losses`` is the matrix M (partners x functions, non-negative, one unit); NaN for a function without loss.
    """
    return effective_number(losses, axis=0)


def specialisation(losses: ArrayLike) -> float:
    """Return the mutual information of partner and function in nats: ``sum m ln(m / (m_p m_f))``.

    ``losses`` is the matrix M (partners x functions, non-negative, one unit). 0: every partner serves all
    functions in the same proportion; the greatest value: each function rests on its own partner. Source:
    Shannon (1948), A Mathematical Theory of Communication. NaN when all losses are zero. Raises
    :class:`InputError` for a negative or missing loss.
    """
    joint, partner, function = _entropies(losses)
    return max(partner + function - joint, 0.0) if np.isfinite(joint) else float("nan")


def normalised_specialisation(losses: ArrayLike) -> float:
    """Return :func:`specialisation` divided by the smaller of the two marginal entropies (0 to 1).

    0: full overlap; 1: each function rests on its own partner, or each partner on its own function. When a
    single partner or a single function is left there is nothing to be specialised in, and the result is 0.
    """
    _, partner, function = _entropies(losses)
    most = min(partner, function)
    return specialisation(losses) / most if most > 0 or np.isnan(most) else 0.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which ends a measure lies when part of the whole is not named or known only to an interval."""

    low: float
    high: float


def concentration_bounds(low: ArrayLike, high: ArrayLike) -> Bounds:
    """Return the ends of ``sum s^2`` (0 to 1) when partners' shares are known only between ``low`` and ``high``.

    The shares (shape: named partners) need not sum to 1: the rest belongs to partners who are not named. At the
    low end it is spread over very many of them, at the high end a single one holds it all. The ends are outer
    bounds where shares have intervals, exact where they have none. Raises :class:`InputError` for a negative
    share.
    """
    least, most = _weights(low), _weights(high)
    rest = max(1 - float(least.sum()), 0.0)
    return Bounds(float((least**2).sum()), min(float((most**2).sum()) + rest**2, 1.0))


def specialisation_bounds(shares: ArrayLike) -> Bounds:
    """Return the ends of functional specialisation, from 0 to 1, of shares that leave a rest unnamed.

    ``shares`` (partners x functions, columns summing to at most 1) weigh every function alike; the measure is
    the mutual information of partner and function over ``ln(functions)``. At the low end one unnamed partner
    holds the rests of all functions, at the high end each rest has a partner of its own: merging partners never
    adds information (Cover and Thomas 2006, data-processing inequality), so the ends are exact. NaN for fewer
    than two functions. Raises :class:`InputError` for a negative share.
    """
    named = _weights(shares)
    functions = named.shape[1]
    if functions < 2:
        return Bounds(float("nan"), float("nan"))
    rest = np.maximum(1 - named.sum(axis=0), 0.0)
    ends = (np.vstack([named, rest[None, :]]), np.vstack([named, np.diag(rest)]))
    low, high = (specialisation(matrix) / float(np.log(functions)) for matrix in ends)
    return Bounds(low, high)


def tilt(weights: ArrayLike, target: ArrayLike) -> float:
    """Return ``sum |w - w*| / 2``: the share of weight that would have to move to reach the target (0 to 1).

    ``weights`` and ``target`` (shape: partners) are scaled to sum to 1; the target is the user's choice.
    """
    return float(np.abs(_shares(weights, -1) - _shares(target, -1)).sum() / 2)


def autonomy(worst_alone: float, everyone: float) -> float:
    """Return ``1 - L_1 / L(P)``: the share of all that partners could take that no single one can take.

    ``worst_alone`` is the greatest loss that one partner can cause, ``everyone`` the loss when all deny, in one
    unit. NaN when nobody can cause a loss.
    """
    return 1 - worst_alone / everyone if everyone > 0 else float("nan")


def bundling_gain(losses: ArrayLike, totals: ArrayLike) -> Floats:
    """Return ``L(p) - sum_f M[p, f]`` for each partner (shape: partners), in the unit of the losses.

    Positive: denying its functions together hurts more than one by one (Clayton, Maggiori and Schreger 2026);
    negative: the functions lie in series. ``losses`` is M (partners x functions), ``totals`` are L(p).
    """
    gain: Floats = np.asarray(totals, dtype=np.float64) - np.asarray(losses, dtype=np.float64).sum(axis=1)
    return gain


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """What a denial costs each side, absolutely and against its income (Keohane and Nye 1977, after substitution).

    ``loss_per_cent`` and ``own_cost_per_cent`` are per cent of the sides' gross national incomes;
    ``points`` is their difference; ``cost_ratio`` is loss over own cost in money, ``relative_ratio`` the ratio
    of the two percentages; both are ``None`` when denying costs the partner nothing.
    """

    loss_per_cent: float
    own_cost_per_cent: float
    points: float
    cost_ratio: float | None
    relative_ratio: float | None


def asymmetry(loss: float, income: float, own_cost: float, partner_income: float) -> Asymmetry:
    """Return how unequally a denial hurts; all four in one currency and over one year.

    Raises :class:`InputError` when an income is not positive.
    """
    for name, value in (("income", income), ("partner_income", partner_income)):
        if not value > 0:
            mend = "give a gross national income above zero"
            raise InputError(Fault("K0304", f"{name} is not positive", mend, value=f"{value:g}"))
    felt, caused = 100 * loss / income, 100 * own_cost / partner_income
    return Asymmetry(
        loss_per_cent=felt,
        own_cost_per_cent=caused,
        points=felt - caused,
        cost_ratio=loss / own_cost if own_cost else None,
        relative_ratio=felt / caused if caused else None,
    )


def _weights(weights: ArrayLike) -> Floats:
    given: Floats = np.asarray(weights, dtype=np.float64)
    wrong = given[~(given >= 0)]
    if wrong.size:
        mend = "write weights of at least zero"
        raise InputError([Fault("K0304", "a negative weight", mend, value=f"{value:g}") for value in wrong])
    return given


def _shares(weights: ArrayLike, axis: int) -> Floats:
    given = _weights(weights)
    total = given.sum(axis=axis, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares: Floats = given / total
    return shares


def _entropy(shares: Floats, axis: int | None) -> Floats:
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return np.asarray(-np.sum(shares * logs, axis=axis))


def _entropies(losses: ArrayLike) -> tuple[float, float, float]:
    matrix = np.asarray(losses, dtype=np.float64)
    shares = _shares(matrix.ravel(), -1).reshape(matrix.shape)
    joint = float(_entropy(shares, None))
    return joint, float(_entropy(shares.sum(axis=1), -1)), float(_entropy(shares.sum(axis=0), -1))
