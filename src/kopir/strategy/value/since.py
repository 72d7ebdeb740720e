"""Which figures move by what came or went since the base year, with nobody refusing."""

from __future__ import annotations

from dataclasses import replace

from kopir.core.runs import Changed
from kopir.flow.value import Flow
from kopir.model.network.clauses import Asset, read_clauses
from kopir.strategy.value.setup import Setup, prepare

MOVED = 0.05
"""Mt a year from which a flow has moved."""


def at_base(setup: Setup, changed: tuple[Changed, ...]) -> Setup:
    """Return the setup as the rows of the end of the base year leave it.

    Where only clauses changed, the network and its calibration are the same.
    """
    then = replace(setup.model, as_of=None)
    if {one.row.partition(":")[0] for one in changed} <= {"denial", "obligations"}:
        return replace(setup, model=then, clauses=read_clauses(then))
    return prepare(then)


def moves(setup: Setup, changed: tuple[Changed, ...]) -> tuple[str, ...]:
    """Return what moves undisturbed by ``changed``: each asset with its flow in Mt a year, then refusals by whom.

    A refusal by a player moves where it has a clause on an asset whose flow does. Empty where nothing changed.
    """
    if not changed or not setup.network.assets:
        return ()
    before, after = (_carried(one.valuation("short").usual()) for one in (at_base(setup, changed), setup))
    steps = {asset: after.get(asset, 0.0) - before.get(asset, 0.0) for asset in before | after}
    moved = [
        asset for asset in sorted(steps, key=lambda one: (-abs(steps[one]), one)) if abs(steps[asset]) > MOVED
    ]
    told = [
        f"{code} {before.get((kind, code), 0):.2f} to {after.get((kind, code), 0):.2f} Mt" for kind, code in moved
    ]
    players = setup.model.settings.players
    hit = {one for clause in setup.clauses.clauses if clause.asset in set(moved) for one in clause.parties}
    parties = [one for one in players if setup.clauses.expand([one]) & hit]
    return (*told, *((f"refusals by {', '.join(parties)}",) if parties else ()))


def _carried(flow: Flow) -> dict[Asset, float]:
    """Return Mt a year by asset, of all owners and goods."""
    carried: dict[Asset, float] = {}
    for index, moved in enumerate(flow.total):
        asset = flow.network.assets[flow.network.activities.asset[index]]
        carried[asset] = carried.get(asset, 0.0) + float(moved)
    return carried
