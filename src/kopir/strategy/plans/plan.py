"""Plans: sets of options within a budget that lower residual loss, by three rules side by side.

``R(z, D) = V(0, nobody) - [V(z, D) - c z]``: loss against today's undisturbed value, the yearly cost of the plan
included. The rules are its worst case over every refusal of at most so many partners, and its mean and CVaR over
years drawn from recorded outages. Leverage alone is never minimised: shutting the best route would win.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from kopir.model.network.network import Floats
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.plans.attacks import Attacks, LostAssets, Refusals
from kopir.strategy.plans.generation import LeastWorst
from kopir.strategy.plans.menu import OPTION_SCHEMA, Menu
from kopir.strategy.plans.rules import LOST, WORST, Chosen, OfRecord, Rules, by_budget, judged, least
from kopir.strategy.value.record import recorded_outages
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import Span

Events = Literal["recorded", "none"]
"""Which outages count beside refusals: those on record, or none."""


@dataclass(frozen=True)
class PlanResult:
    """Plans by rule; million USD a year, ``budget_musd`` and ``capital_musd`` million USD once.

    ``table`` has for each rule the best plan within the budget: its options, capital and yearly cost, residual
    loss without (``before_musd``) and with it (``after_musd``), what all options together would leave
    (``all_musd``, whatever they cost), and ``weakest_to``, the refusals, or the losses of assets, worst for it.
    ``dues_musd`` is what obligations make the plan cost more a year; ``obligations`` has the clauses that block
    options or make them dearer, and when. ``missing`` has the tonnes of the focal state (``mt``, Mt a year) that
    the refusal worst for its plan still keeps from being sold, by ``goods`` whose tonnes may be added;
    ``cheapest`` is the cheapest work and its capital where the budget buys none.
    ``regret`` says what the plan of one rule leaves beyond the best of each ``rule``. ``frontier`` has,
    for each rule, the budgets from which its best plan changes. ``options`` tells lead time, provider
    and what is left out.
    """

    horizon: str
    against: int
    assets: int
    severity: float
    budget_musd: float
    denials: int
    losses: int
    plans: int
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    outages: int
    stopped_after: float | None
    table: pl.DataFrame
    regret: pl.DataFrame
    frontier: pl.DataFrame
    options: pl.DataFrame
    obligations: pl.DataFrame
    missing: pl.DataFrame
    cheapest: tuple[str, float] | None

    @property
    def gap(self) -> float | None:
        """The largest gap of a rule: 0 where all plans are proven, ``None`` where nothing is known of one."""
        gaps = self.table["gap"]
        return None if gaps.null_count() else float(str(gaps.max()))


def plan(
    setup: Setup,
    *,
    budget_musd: float | None = None,
    against: int = 2,
    assets: int = 1,
    span: Span = "medium",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    seed: int = 0,
    time_limit: float | None = None,
    events: Events = "recorded",
) -> PlanResult:
    """Return the best plans within a budget (million USD of capital; no limit unless given).

    The worst case is over every refusal of at most ``against`` of ``parties``, the model's players unless named,
    and, apart from that, over every loss of at most ``assets`` assets (0: not asked). After ``time_limit`` seconds
    the search ends with the best plans found and what is proven of them. Raises :class:`InputError`
    for a budget below the cheapest option, a negative cost, a model without options, more options than can be
    listed, more assets than there are and an unknown party.
    """
    deadline = Deadline(time_limit)
    menu = Menu(setup, span, against, severity, parties, budget_musd, deadline)
    held: dict[str, Attacks] = {WORST: Refusals(menu)}
    if assets:
        held[LOST] = LostAssets(menu, assets)
    worst = {rule: by_budget(menu, attacks) for rule, attacks in held.items()}
    recorded = events == "recorded" and setup.model.table("events").height > 0
    record = recorded_outages(setup) if recorded else None
    years = None if record is None else OfRecord(menu, record, seed)
    known = {} if years is None else years.whole()
    rules = Rules(menu, held, years)
    chosen = _chosen(rules, worst, known)
    interval = (None, None) if record is None else record.rate_interval
    return PlanResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        against=against,
        assets=assets,
        severity=severity,
        budget_musd=menu.budget,
        denials=len(menu.denials),
        losses=len(held[LOST]) if assets else 0,
        plans=len(menu.masks),
        rate=None if record is None else record.rate,
        rate_low=interval[0],
        rate_high=interval[1],
        outages=0 if record is None else len(record.outages),
        stopped_after=time_limit
        if deadline.passed and not (known is not None and _complete(menu, worst))
        else None,
        table=_table(rules, chosen),
        regret=_regret(rules, chosen),
        frontier=_frontier(menu, worst, known or {}),
        options=pl.DataFrame(menu.rows, schema=OPTION_SCHEMA),
        obligations=menu.dues.table,
        missing=_missing(rules, chosen[WORST].mask),
        cheapest=menu.beyond_budget,
    )


def _missing(rules: Rules, mask: int) -> pl.DataFrame:
    """Return the tonnes that the worst refusal keeps from being sold with a plan, against today (Mt a year)."""
    menu, setup = rules.menu, rules.menu.setup
    _, tied = judged(menu, rules.held[WORST], mask)
    worst = min((menu.denials[one] for one in tied), key=lambda one: (len(one.parties), sorted(one.parties)))
    today, then = menu.valuation.usual(), menu.valuation.flow(worst, menu.plan(mask))
    state = setup.focal_state
    rows = [
        (" ".join(sorted(kind)), today.sold(state, kind) - then.sold(state, kind), "+".join(sorted(worst.parties)))
        for kind in setup.network.goods(state)
    ]
    schema = {"goods": pl.String, "mt": pl.Float64, "refusing": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _complete(menu: Menu, worst: Mapping[str, Sequence[LeastWorst[int]]]) -> bool:
    """Return whether every plan is proven, down to those that need no capital."""
    plans = [one for found in worst.values() for one in found]
    return all(one.proven for one in plans) and all(menu.needs(found[-1].plan) <= 1e-9 for found in worst.values())


def _chosen(
    rules: Rules, worst: Mapping[str, Sequence[LeastWorst[int]]], known: Mapping[str, Floats] | None
) -> dict[str, Chosen]:
    """Return the plan of each rule; those of the record are not ``known`` where time was up before."""
    menu = rules.menu
    chosen = {rule: _proven(plans[0], menu, rules.held[rule]) for rule, plans in worst.items()}
    if known is not None:
        chosen |= {name: Chosen(least(menu, values), np.inf) for name, values in known.items()}
    else:
        chosen |= {name: Chosen(chosen[WORST].mask, menu.floor) for name in rules.names if name not in worst}
    return rules.improved(chosen)


def _proven(found: LeastWorst[int], menu: Menu, attacks: Attacks) -> Chosen:
    """Return the plan of a search with its bound, infinite where it is the optimum.

    Where time ended the search, all options for nothing against one attack bound every plan too.
    """
    if found.proven:
        return Chosen(found.plan, np.inf)
    bound = max(found.bound, menu.floor)
    if np.isfinite(menu.floor):
        bound = max([bound, *(menu.cheapest - attacks.most(one) for one in found.attacks[:3])])
    return Chosen(found.plan, bound)


def _table(rules: Rules, chosen: Mapping[str, Chosen]) -> pl.DataFrame:
    menu, before = rules.menu, rules.by_rule(0)
    every = (1 << len(menu.names)) - 1
    rows = []
    for rule, one in chosen.items():
        after = rules.by_rule(one.mask)[rule]
        bound = min(one.bound, after)
        everything = None
        if rule in rules.held:
            everything = rules.worst(rule, every)[0]
        elif every in menu.masks:
            everything = rules.by_rule(every)[rule]
        rows.append(
            {
                "rule": rule,
                "plan": list(menu.plan(one.mask)),
                "capital_musd": menu.needs(one.mask),
                "annual_musd": menu.yearly(one.mask),
                "dues_musd": menu.owed(one.mask),
                "before_musd": before[rule],
                "after_musd": after,
                "all_musd": everything,
                "weakest_to": rules.worst(rule, one.mask)[1] if rule in rules.held else [],
                "bound_musd": bound if np.isfinite(bound) else None,
                "gap": (after - bound) / max(1.0, abs(after)) if np.isfinite(bound) else None,
            }
        )
    amounts = ("capital_musd", "annual_musd", "dues_musd", "before_musd", "after_musd", "all_musd")
    schema: dict[str, pl.DataType] = {"rule": pl.String(), "plan": pl.List(pl.String())}
    schema |= {name: pl.Float64() for name in amounts} | {"weakest_to": pl.List(pl.String())}
    schema |= {"bound_musd": pl.Float64(), "gap": pl.Float64()}
    return pl.DataFrame(rows, schema=schema)


def _regret(rules: Rules, chosen: Mapping[str, Chosen]) -> pl.DataFrame:
    best = {rule: rules.by_rule(one.mask)[rule] for rule, one in chosen.items()}
    rows: list[tuple[str, str, float]] = []
    for rule, one in chosen.items():
        own = rules.by_rule(one.mask)
        rows.extend((rule, other, own[other] - best[other]) for other in chosen)
    schema = {"plan_of": pl.String, "rule": pl.String, "regret_musd": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _frontier(
    menu: Menu, worst: Mapping[str, Sequence[LeastWorst[int]]], rules: Mapping[str, Floats]
) -> pl.DataFrame:
    """Return the budgets at which a rule's best plan changes: a plan is best from its capital up to the next.

    Plans that time ended before their proof stay out.
    """
    needs = {int(mask): menu.needs(int(mask)) for mask in menu.masks}
    rows = [
        (rule, needs[one.plan], list(menu.plan(one.plan)), one.worst)
        for rule, plans in worst.items()
        for one in reversed(plans)
        if one.proven
    ]
    for rule, values in rules.items():
        order = sorted(range(len(values)), key=lambda one: (needs[int(menu.masks[one])], values[one]))
        least = np.inf
        for place in order:
            mask = int(menu.masks[place])
            if values[place] < least - menu.slack and menu.allowed(mask):
                least = float(values[place])
                rows.append((rule, needs[mask], list(menu.plan(mask)), least))
    schema: dict[str, pl.DataType] = {
        "rule": pl.String(),
        "from_budget_musd": pl.Float64(),
        "plan": pl.List(pl.String()),
        "residual_musd": pl.Float64(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row").unique(
        ["rule", "from_budget_musd"], keep="last", maintain_order=True
    )
