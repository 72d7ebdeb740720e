"""Estimates: the facts that fit the observations best, in logs, with capped loss, subject to the identities.

    min over u   Σ_c ρ((y_c − b_s(c) − u_i(c) [+ u_j(c)]) / s_c)   subject to   log Σ_parts exp(u_p) = u_total

``ρ`` is minus the log of a mixture of a normal with a flat density (capped: a claim that is far off costs a
constant). Solved by iteratively reweighted Gauss-Newton steps, each one sparse Karush-Kuhn-Tucker system, from
the mode of each fact's own claims and with spreads that are wide at first. Source noise and bias are learned in
between (:mod:`kopir.facts.settled._reliability`), from each claim's residual against the fact without that claim.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, coo_matrix, csc_matrix, identity
from scipy.sparse.linalg import splu

from kopir.core.errors import Fault, Unreconciled
from kopir.facts.settled._reliability import OUTLIER_DENSITY, OUTLIERS, SourceStates, learned
from kopir.facts.settled._system import System

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDS = 18
WIDE_ROUNDS = 6
WIDENED = 4.0
"""Spreads are widened at first and fall to their own size over ``WIDE_ROUNDS``: wide basins, then sharp ones."""
CROWD = 200
"""Facts with more levels than this start at their weighted median: the search for the mode is quadratic."""
POLISH_ROUNDS = 60
IDENTITY_TOLERANCE = 1e-11
RATIO_NOISE = 0.5
"""Share of a source's noise in a ratio that it states itself: what is common to both terms cancels."""
VANISHED = 18.0
"""Log distance below every claim (a factor of 65 million) at which a fact has been squeezed to nothing."""
_WEAK = 1e-9
UNSAID = 1e-3
"""Weight of the guess that a fact of which no claim speaks keeps its first value: it stops an unnamed rest that
the claims leave no room for from falling to zero for ever."""


@dataclass(frozen=True)
class Estimate:
    """Estimates of the facts of a system.

    ``log_value`` and ``variance`` of its log have shape ``(facts,)`` (NaN where nothing says anything); the rest
    shape ``(observations,)``: ``residual`` against the fact without the observation, ``spread`` (the standard
    deviation that noise, rounding and the other evidence explain), ``inlier`` (probability of being noisy rather
    than wrong), ``leverage`` (share of the estimate that is its own), ``counted`` (false for one that repeats
    another). ``sources`` is what was learned of them.
    """

    log_value: Floats
    variance: Floats
    residual: Floats
    spread: Floats
    inlier: Floats
    leverage: Floats
    counted: NDArray[np.bool_]
    sources: SourceStates

    @property
    def value(self) -> Floats:
        """Estimates in canonical units."""
        return np.exp(self.log_value)


@dataclass(frozen=True)
class _Rows:
    """Observations in logs: ``y`` of ``fact`` (less ``base`` where that is not -1), with ``rounding`` variance."""

    y: Floats
    fact: Ints
    base: Ints
    rounding: Floats
    source: Ints
    usable: NDArray[np.bool_]
    ratio: NDArray[np.bool_]
    plain: NDArray[np.bool_]
    guess: Floats


def estimate(
    system: System,
    source: Ints,
    classes: list[str],
    counted: NDArray[np.bool_],
    begin: tuple[Floats, SourceStates] | None = None,
) -> Estimate:
    """Return the estimates of the positive facts of ``system``.

    ``source`` numbers the source of each observation, ``classes`` gives the class of each source; observations
    that are not ``counted`` (copies) weigh nothing. ``begin`` are log values near which to look, and what is held
    of the sources there, in place of the mode of each fact's own claims. Raises :class:`Unreconciled` when
    identities contradict each other whatever the claims.
    """
    rows = _in_logs(system, source)
    usable = rows.usable & counted
    states = SourceStates.prior_only(classes) if begin is None else begin[1]
    u = _start(system, rows, usable, states) if begin is None else begin[0]
    u = np.where(np.isfinite(u), u, 0.0)
    rows = replace(rows, guess=u)
    weight = np.zeros(len(rows.y))
    for turn in range(0 if begin is None else WIDE_ROUNDS, ROUNDS):
        widened = max(1.0, WIDENED * (1 - turn / WIDE_ROUNDS))
        if turn >= WIDE_ROUNDS:
            states = _learn(rows, u, weight, usable, states)
        sd = widened * _spread(rows, states)
        residual = _residual(rows, u, states)
        weight = np.where(usable, _inlier(residual, sd) / sd**2, 0.0)
        u = _step(system, rows, u, weight, states, damping=1.0)
    u = _polish(system, rows, u, weight, states)
    _refuse_vanished(system, rows, u, usable)
    variance = _variance(system, rows, u, weight)
    return _judged(system, rows, u, weight, variance, states, counted)


def fit(system: System, source: Ints, states: SourceStates, log_value: Floats) -> tuple[Floats, Floats]:
    """Return the residual of each observation against ``log_value`` (its own weight included), and its spread.

    NaN where an observation says nothing in logs.
    """
    rows = _in_logs(system, source)
    residual = np.where(rows.usable, _residual(rows, log_value, states), np.nan)
    return residual, _spread(rows, states)


def _judged(
    system: System,
    rows: _Rows,
    u: Floats,
    weight: Floats,
    variance: Floats,
    states: SourceStates,
    counted: NDArray[np.bool_],
) -> Estimate:
    """Return the estimate with each observation judged against the fact as the others give it."""
    residual = _residual(rows, u, states)
    sd = _spread(rows, states)
    leverage = np.minimum(weight * _of_pair(rows, variance), 0.98)
    apart = residual / (1 - leverage)
    spread = np.sqrt(sd**2 + _of_pair(rows, variance) / (1 - leverage))
    inlier = np.where(rows.usable, _inlier(apart, spread), 1.0)
    heard = _heard(system, rows)
    return Estimate(
        log_value=np.where(heard, u, np.nan),
        variance=np.where(heard, variance, np.nan),
        residual=np.where(rows.usable, apart, np.nan),
        spread=np.where(rows.usable, spread, np.nan),
        inlier=inlier,
        leverage=leverage,
        counted=counted,
        sources=states,
    )


def _in_logs(system: System, source: Ints) -> _Rows:
    seen = system.observations
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.maximum(seen.soft_low, 0.5 * seen.soft_high)
        y = np.log((seen.soft_low + seen.soft_high) / 2)
        width = np.log(seen.soft_high) - np.log(low)
    usable = (
        np.isfinite(y) & np.isfinite(width) & (seen.soft_high > 0) & ~seen.difference & ~system.signed[seen.fact]
    )
    return _Rows(
        y=np.where(usable, y, 0.0),
        fact=seen.fact,
        base=np.where(seen.is_ratio, seen.base, -1),
        rounding=np.where(usable, width, 1.0) ** 2 / 12,
        source=source,
        usable=usable,
        ratio=seen.is_ratio,
        plain=~seen.worded,
        guess=np.zeros(len(system.keys)),
    )


def _residual(rows: _Rows, u: Floats, states: SourceStates) -> Floats:
    bias = np.where(rows.ratio, 0.0, states.bias[rows.source])
    return np.asarray(rows.y - bias - u[rows.fact] + np.where(rows.base >= 0, u[rows.base], 0.0))


def _spread(rows: _Rows, states: SourceStates) -> Floats:
    noise = states.noise[rows.source] * np.where(rows.ratio, RATIO_NOISE, 1.0)
    return np.sqrt(noise**2 + rows.rounding)


def _density(residual: Floats, sd: Floats) -> Floats:
    normal = (1 - OUTLIERS) * np.exp(-0.5 * (residual / sd) ** 2) / (np.sqrt(2 * np.pi) * sd)
    return np.asarray(normal + OUTLIERS * OUTLIER_DENSITY)


def _inlier(residual: Floats, sd: Floats) -> Floats:
    return np.asarray(1 - OUTLIERS * OUTLIER_DENSITY / _density(residual, sd))


def _of_pair(rows: _Rows, variance: Floats) -> Floats:
    return np.asarray(variance[rows.fact] + np.where(rows.base >= 0, variance[rows.base], 0.0))


def _learn(
    rows: _Rows, u: Floats, weight: Floats, usable: NDArray[np.bool_], states: SourceStates
) -> SourceStates:
    """Learn the sources from levels whose fact other observations measure as well."""
    precision = np.bincount(rows.fact, weight, len(u)) + np.bincount(
        np.maximum(rows.base, 0), np.where(rows.base >= 0, weight, 0.0), len(u)
    )
    others = precision[rows.fact] - weight
    chosen = usable & ~rows.ratio & rows.plain & (others > 0.05 * precision[rows.fact]) & (others > 1.0)
    if not chosen.any():
        return states
    raw = rows.y - u[rows.fact]
    share = weight[chosen] / precision[rows.fact][chosen]
    bias = states.bias[rows.source[chosen]]
    apart = bias + (raw[chosen] - bias) / (1 - share)
    return learned(states, rows.source[chosen], apart, rows.rounding[chosen], 1 / others[chosen])


def _start(system: System, rows: _Rows, usable: NDArray[np.bool_], states: SourceStates) -> Floats:
    """Return the mode of the levels of each fact; facts without any come from their identities."""
    direct = np.flatnonzero(usable & ~rows.ratio)
    sd = _spread(rows, states)[direct]
    u = _weighted_median(rows.fact[direct], rows.y[direct], 1 / sd, len(system.keys))
    _to_modes(u, rows.fact[direct], rows.y[direct], sd)
    ratio = usable & rows.ratio
    for _ in range(12):
        before = np.isfinite(u).sum()
        _fill_from_sums(system, u)
        fact, base, y = rows.fact[ratio], rows.base[ratio], rows.y[ratio]
        up = np.isnan(u[fact]) & np.isfinite(u[base])
        u[fact[up]] = u[base[up]] + y[up]
        down = np.isfinite(u[fact]) & np.isnan(u[base])
        u[base[down]] = u[fact[down]] - y[down]
        if np.isfinite(u).sum() == before:
            # A component that no level anchors: fix the whole that most shares are of.
            loose = np.flatnonzero(np.isnan(u[base]))
            if not len(loose):
                break
            first = np.unique(system.component[base[loose]], return_index=True)[1]
            u[base[loose][first]] = 0.0
    return u


def _to_modes(u: Floats, fact: Ints, y: Floats, sd: Floats) -> None:
    """Move each fact, in place, to the claim around which most of its claims gather."""
    crowd = np.bincount(fact, minlength=len(u))
    own = np.flatnonzero((crowd[fact] > 1) & (crowd[fact] <= CROWD))
    own = own[np.argsort(fact[own], kind="stable")]
    if not len(own):
        return
    f = fact[own]
    begin = np.flatnonzero(np.r_[True, f[1:] != f[:-1]])
    size = np.diff(np.r_[begin, len(f)])
    each = np.repeat(size, size)
    candidate = np.repeat(np.arange(len(f)), each)
    within = np.arange(len(candidate)) - np.repeat(np.cumsum(each) - each, each)
    voter = np.repeat(np.repeat(begin, size), each) + within
    yo, so = y[own], sd[own]
    vote = np.log(_density(yo[voter] - yo[candidate], np.hypot(so[voter], so[candidate])))
    score = np.bincount(candidate, vote, len(f))
    order = np.lexsort((yo, -score, f))
    best = order[np.flatnonzero(np.r_[True, f[order][1:] != f[order][:-1]])]
    u[f[best]] = yo[best]


def _weighted_median(group: Ints, y: Floats, weight: Floats, count: int) -> Floats:
    middle = np.full(count, np.nan)
    if not len(y):
        return middle
    order = np.lexsort((y, group))
    g, x, w = group[order], y[order], weight[order]
    running = np.cumsum(w)
    total = np.bincount(group, weight, count)
    begin = np.flatnonzero(np.r_[True, g[1:] != g[:-1]])
    before = (running - w) - np.repeat(running[begin] - w[begin], np.diff(np.r_[begin, len(g)]))
    hit = np.flatnonzero(before + w >= total[g] / 2 * (1 - 1e-12))
    found, first = np.unique(g[hit], return_index=True)
    middle[found] = x[hit[first]]
    return middle


def _fill_from_sums(system: System, u: Floats) -> None:
    """Give a value to the one unknown term of each identity, in place."""
    sums = system.sums
    if not sums.count:
        return
    known = np.isfinite(u[sums.part])
    level = np.where(known, np.exp(np.where(known, u[sums.part], 0.0)), 0.0)
    together = np.bincount(sums.row, level, sums.count)
    missing = np.bincount(sums.row, ~known, sums.count)
    total = u[sums.total]
    whole = np.isnan(total) & (missing == 0)
    u[sums.total[whole]] = np.log(together[whole])
    for count in (1, 2, 3):
        lone = ~known & np.isnan(u[sums.part]) & (missing[sums.row] == count) & np.isfinite(total[sums.row])
        rows = sums.row[lone]
        left = (np.exp(total[rows]) - together[rows]) / count
        u[sums.part[lone]] = np.log(np.maximum(left, 1e-3 * np.exp(total[rows])))
        if lone.any():
            break


def _heard(system: System, rows: _Rows) -> NDArray[np.bool_]:
    """Which facts have a level: those in a component that some level anchors."""
    anchored = np.zeros(system.component.max(initial=-1) + 1, dtype=np.bool_)
    anchored[system.component[rows.fact[rows.usable & ~rows.ratio]]] = True
    return np.asarray(anchored[system.component] & ~system.signed)


def _jacobian(system: System, u: Floats) -> tuple[Floats, csc_matrix]:
    """Return the violation of each sum in logs and its derivative, shape ``(sums, facts)``."""
    sums = system.sums
    top = np.full(sums.count, -np.inf)
    np.maximum.at(top, sums.row, u[sums.part])
    level = np.exp(u[sums.part] - top[sums.row])
    together = np.bincount(sums.row, level, sums.count)
    gap = top + np.log(together) - u[sums.total]
    data = np.concatenate([level / together[sums.row], -np.ones(sums.count)])
    row = np.concatenate([sums.row, np.arange(sums.count)])
    column = np.concatenate([sums.part, sums.total])
    return gap, coo_matrix((data, (row, column)), shape=(sums.count, len(u))).tocsc()


def _normal_matrix(rows: _Rows, weight: Floats, count: int) -> csc_matrix:
    paired = rows.base >= 0
    diagonal = np.bincount(rows.fact, weight, count) + np.bincount(rows.base[paired], weight[paired], count)
    diagonal = np.where(diagonal > 0, diagonal + _WEAK, UNSAID)
    i, j, w = rows.fact[paired], rows.base[paired], weight[paired]
    every = np.arange(count)
    data = np.concatenate([diagonal, -w, -w])
    return coo_matrix(
        (data, (np.concatenate([every, i, j]), np.concatenate([every, j, i]))), shape=(count, count)
    ).tocsc()


def _kkt(system: System, rows: _Rows, weight: Floats, jacobian: csc_matrix) -> csc_matrix:
    normal = _normal_matrix(rows, weight, len(system.keys))
    if not system.sums.count:
        return normal
    slack = identity(system.sums.count, format="csc") * -1e-13
    blocks: Any = [[normal, jacobian.T], [jacobian, slack]]
    return csc_matrix(bmat(blocks, format="csc"))


def _step(
    system: System, rows: _Rows, u: Floats, weight: Floats, states: SourceStates, damping: float, pull: float = 1.0
) -> Floats:
    """Return ``u`` after one Gauss-Newton step towards the optimum on the linearised identities.

    With ``pull`` 0 the step only mends the identities, moving little-known facts most.
    """
    size = len(u)
    residual = _residual(rows, u, states)
    force = np.bincount(rows.fact, weight * residual, size).astype(np.float64)
    paired = rows.base >= 0
    force -= np.bincount(rows.base[paired], (weight * residual)[paired], size)
    said = np.bincount(rows.fact, weight, size) + np.bincount(rows.base[paired], weight[paired], size) > 0
    force += np.where(said, 0.0, UNSAID * (rows.guess - u))
    gap, jacobian = _jacobian(system, u)
    solution = splu(_kkt(system, rows, weight, jacobian)).solve(np.concatenate([pull * force, -gap]))
    return np.asarray(u + damping * np.clip(solution[:size], -1.0, 1.0))


def _polish(system: System, rows: _Rows, u: Floats, weight: Floats, states: SourceStates) -> Floats:
    """Return ``u`` at the optimum for these weights, identities held to ``IDENTITY_TOLERANCE``."""
    for turn in range(POLISH_ROUNDS):
        # Damping that falls lets facts that the identities squeeze towards zero settle instead of swinging.
        moved = _step(system, rows, u, weight, states, damping=min(1.0, 8 / (turn + 1)))
        gap = np.abs(_jacobian(system, moved)[0]).max(initial=0.0)
        done = gap < IDENTITY_TOLERANCE and np.abs(moved - u).max(initial=0.0) < 1e-10
        u = moved
        if done:
            return u
    for _ in range(POLISH_ROUNDS):
        if np.abs(_jacobian(system, u)[0]).max(initial=0.0) < IDENTITY_TOLERANCE:
            return u
        u = _step(system, rows, u, weight, states, damping=1.0, pull=0.0)
    violation = np.abs(_jacobian(system, u)[0])
    broken = np.flatnonzero(violation > 1e-9)
    if len(broken):
        raise Unreconciled(
            [
                Fault(
                    "K3010",
                    f"the identity cannot hold with the others: it is off by {np.expm1(violation[row]):.2g}",
                    "remove or correct one of the identities that share its facts",
                    value=str(system.identities[system.sums.identity[row]]),
                )
                for row in broken[:50]
            ]
        )
    return u


def _refuse_vanished(system: System, rows: _Rows, u: Floats, usable: NDArray[np.bool_]) -> None:
    """Raise :class:`Unreconciled` where identities leave nothing of a fact that claims put far above zero.

    Sums of positive facts can always hold at zero, so that is how identities contradict each other.
    """
    told = np.full(len(u), np.inf)
    level = usable & ~rows.ratio
    np.minimum.at(told, rows.fact[level], rows.y[level])
    gone = np.flatnonzero(np.isfinite(told) & (u < told - VANISHED))
    if not len(gone):
        return
    raise Unreconciled(
        [
            Fault(
                "K3010",
                f"the identities leave nothing of {key}",
                "remove or correct one of the identities that it stands in",
                value="; ".join(str(one) for one in system.identities if key in (one.total, *one.parts)),
            )
            for key in (system.keys[fact] for fact in gone[:50])
        ]
    )


def _variance(system: System, rows: _Rows, u: Floats, weight: Floats) -> Floats:
    """Return the variance of each log estimate: the diagonal of the inverse of the Karush-Kuhn-Tucker matrix.

    Components do not touch, so one solve gives one diagonal entry of every component at once; there are as many
    solves as facts in the largest component.
    """
    size = len(u)
    factor = splu(_kkt(system, rows, weight, _jacobian(system, u)[1]))
    order = np.argsort(system.component, kind="stable")
    begin = np.r_[0, np.flatnonzero(np.diff(system.component[order])) + 1]
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size) - np.repeat(begin, np.diff(np.r_[begin, size]))
    variance = np.empty(size)
    for turn in range(place.max(initial=-1) + 1):
        mine = np.flatnonzero(place == turn)
        unit = np.zeros(size + system.sums.count)
        unit[mine] = 1.0
        variance[mine] = factor.solve(unit)[mine]
    return np.maximum(variance, 0.0)
