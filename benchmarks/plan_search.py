"""The best plan against every refusal: kopir's search beside one extensive form by HiGHS.

Both are asked for the same: the options within the budget whose worst residual loss over every refusal of at most
so many partners is least, proven. Every clause counts as wholly effective: a refusal in part leaves a share of
what assets usually carry, which is the optimum of another programme and has no linear form.
"""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks.extensive_form import extensive_form, solved
from benchmarks.measure import TOLERANCE, Table, row_of
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.strategy.plans.attacks import Refusals
from kopir.strategy.plans.menu import Menu
from kopir.strategy.plans.rules import best_against
from kopir.strategy.value.setup import Setup, prepare

MODEL = "kazakhstan"
BUDGETS = (300.0, 1000.0, None)
"""Million USD of capital; None is no limit."""


def plan_search(rounds: int, name: str = MODEL, against: int = 2) -> list[Table]:
    """Compare on a bundled model with all of its options (the long horizon)."""
    if bundled_path(name) is None:
        return [Table(f"Model {name}: plans", notes=(f"skipped: no model {name!r} is bundled",))]
    setup = prepare(open_model(name))
    return [_table(name, with_whole_clauses(setup), budget, against, rounds) for budget in BUDGETS]


def with_whole_clauses(setup: Setup) -> Setup:
    """Return the setup in which whoever refuses closes what its clauses cover wholly."""
    whole = tuple(
        one if one.in_force else replace(one, effectiveness=1.0, low=1.0, high=1.0)
        for one in setup.clauses.clauses
    )
    return replace(setup, clauses=replace(setup.clauses, clauses=whole))


def _table(name: str, setup: Setup, budget: float | None, against: int, rounds: int) -> Table:
    own, peer, writing = [], [], []
    for _ in range(rounds):
        menu = Menu(setup, "long", against, 1.0, (), budget)
        start = time.process_time()
        form = extensive_form(menu)
        writing.append(time.process_time() - start)
        start = time.process_time()
        planned = solved(menu, form)
        peer.append(time.process_time() - start)
        menu = Menu(setup, "long", against, 1.0, (), budget)
        start = time.process_time()
        found = best_against(menu, Refusals(menu))
        own.append(time.process_time() - start)
        assert found is not None
        scale = TOLERANCE * abs(menu.whole)
        if abs(planned.worst - found.worst) > scale or planned.worst - planned.bound > scale:
            raise AssertionError(f"answers differ: {planned} and {found}")
    limit = "no limit" if budget is None else f"{budget:,.0f} million USD"
    return Table(
        f"Model {name}: the best plan of {len(menu.names)} options against {against} of "
        f"{len(setup.model.settings.players)} partners, {limit}",
        (row_of("extensive form, HiGHS", peer, peer), row_of("kopir, proven", own, peer)),
        (
            f"{len(menu.masks):,} plans, {len(menu.denials)} refusals, every clause wholly effective; both leave "
            f"{found.worst:,.4f} million USD a year: {', '.join(menu.plan(found.plan)) or 'nothing'}",
            f"the form has {form.matrix.shape[0]:,} rows and {form.matrix.shape[1]:,} columns; writing it down "
            f"takes {min(writing) * 1e3:,.0f} ms more, in no row; every solve of kopir counts",
        ),
    )
