"""A value function as plain numbers: what another program needs to solve a refusal as :class:`Valuation` does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kopir.core.sparse import Sparse
from kopir.flow.apportionment import Following, shipped, supplies_of
from kopir.flow.booking import Ledger
from kopir.model.network.clauses import Clause
from kopir.model.network.network import Floats, Kind, Network
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

Plain = dict[str, object]
"""Numbers, words, lists and tables of them; an absent bound is ``None``."""


def portable(setup: Setup, span: Span, parties: Sequence[str]) -> Plain:
    """Return the programme of a horizon with all that refusals by ``parties`` change in it.

    Mt a year, USD/t and million USD a year. Assets, activities, limits and balances are named by their places.
    Options stay unbuilt. Raises :class:`kopir.core.errors.InputError` for an unknown party and
    :class:`kopir.core.errors.ModelError` where the model has no optimum.
    """
    valuation, network = setup.valuation(span), setup.network
    usual = valuation.usual()
    following = Following(valuation.formulation)
    shared = np.flatnonzero(network.limits.shared)
    follows = bool(shared.size)
    return {
        "assets": len(network.assets),
        "balances": network.balances,
        "members": {party: sorted(setup.clauses.expand([party]) - {party}) for party in parties},
        "clauses": list(_clauses(setup, parties)),
        "today": valuation.shares(NOBODY).capacity.tolist(),
        "unlimited": np.flatnonzero(network.unlimited).tolist(),
        **_tables(network, valuation, setup.ledger),
        "usual": usual.total.tolist(),
        "shipped": shipped(network, usual.total)[shared].tolist() if follows else [],
        "value": usual.value,
        **_programmes(valuation, following if follows else None),
        "residents": residents(setup),
    }


def residents(setup: Setup) -> dict[str, list[float]]:
    """Return what residents get of a unit moved (``rate``) and of a unit of profit (``kept``), by activity.

    The same as the sum of their accounts in :meth:`kopir.flow.booking.Ledger.booked`.
    """
    network, ledger, focal = setup.network, setup.ledger, setup.focal_state
    own, activities = network.owned_by(focal), network.activities
    rate = sum(
        (part for jurisdiction, _, part in ledger.charges if jurisdiction == focal), np.zeros(len(activities))
    )
    owed = own & (network.of_kind(Kind.UNMET) | network.of_kind(Kind.SHORTFALL))
    abroad = (1 - ledger.state_take) * ledger.foreign_share
    kept = np.where(own & network.of_kind(Kind.SUPPLY), 1 - abroad, 0.0)
    return {"rate": (rate - np.where(owed, activities.cost, 0.0)).tolist(), "kept": kept.tolist()}


def _clauses(setup: Setup, parties: Sequence[str]) -> Iterable[Plain]:
    """Yield the clauses that some of ``parties`` can act on; those in force stand in what is left today."""
    acting, index = setup.clauses.expand(parties), setup.network.asset_index

    def told(clause: Clause) -> Plain:
        shut = {"asset": index[clause.asset], "parties": sorted(clause.parties)}
        return {**shut, "share": clause.effectiveness, "of": clause.of}

    for clause in setup.clauses.clauses:
        if not clause.in_force and clause.parties <= acting and clause.asset in index and clause.effectiveness:
            yield told(clause)


def _tables(network: Network, valuation: Valuation, ledger: Ledger) -> Plain:
    activities, steps, limits = network.activities, valuation.formulation.steps, network.limits
    never = network.of_kind(Kind.UNMET) | network.of_kind(Kind.SHORTFALL)
    return {
        "activities": {
            "asset": activities.asset.tolist(),
            "taken": activities.taken.tolist(),
            "put": activities.put.tolist(),
            "gain": activities.gain.tolist(),
            "cost": ledger.network.activities.cost.tolist(),
            "amount": _bounds(activities.amount),
            "supplies": supplies_of(network).tolist(),
            "never_closed": np.flatnonzero(never).tolist(),
        },
        "steps": {
            "activity": steps.activity.tolist(),
            "begin": steps.begin.tolist(),
            "end": _bounds(steps.end),
        },
        "limits": {
            "asset": limits.asset.tolist(),
            "capacity": _bounds(valuation.capacity),
            **_entries(limits.share),
            "shared": np.flatnonzero(limits.shared).tolist(),
            "parts": [
                {"whole": whole, "parts": parts.tolist(), "weight": weight.tolist()}
                for whole, (parts, weight) in limits.parts.items()
            ],
        },
        "needs": {
            "asset": network.needs.asset.tolist(),
            "amount": network.needs.amount.tolist(),
            "waived": network.needs.waived.tolist(),
        },
        "stores": {
            "asset": network.stores.asset.tolist(),
            "capacity": _bounds(network.stores.capacity),
            "initial": network.stores.initial.tolist(),
        },
        "triggers": {
            "limit": network.triggers.limit.tolist(),
            "above": network.triggers.above.tolist(),
            "closed": network.triggers.closed.tolist(),
        },
    }


def _programmes(valuation: Valuation, following: Following | None) -> Plain:
    """Return cost and rows of the programme of a year, and the rows that follow the goods of each origin."""
    situation, formulation = valuation.situation(NOBODY), valuation.formulation
    base = formulation.programme(formulation.bounds(situation))
    found: Plain = {"cost": base.cost.tolist(), "matrix": _matrix(base.matrix), "following": None}
    if following is not None:
        bounds = following.bounds(situation)
        whole = following.programme(bounds)
        shares = len(following.limits(situation))
        found["following"] = {
            "equalities": len(bounds.row_lower) - formulation.row_count - shares,
            "matrix": _matrix(whole.matrix),
        }
    return found


def _matrix(matrix: Sparse) -> Plain:
    return {
        "rows": matrix.shape[0],
        "columns": matrix.shape[1],
        "starts": matrix.indptr.tolist(),
        "indices": matrix.indices.tolist(),
        "values": matrix.data.tolist(),
    }


def _entries(matrix: Sparse) -> Plain:
    rows, activities, shares = matrix.entries
    return {"row": rows.tolist(), "activity": activities.tolist(), "share": shares.tolist()}


def _bounds(values: Floats) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
