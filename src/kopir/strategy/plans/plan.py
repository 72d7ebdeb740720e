"""Plans: sets of options within a budget that lower residual loss, by three rules side by side.

``R(z, D) = V(0, nobody) - [V(z, D) - c z]``: loss against today's undisturbed value, the yearly cost of the plan
included. The rules are its worst case over every refusal of at most so many partners, and its mean and CVaR over
years drawn from recorded outages. Leverage alone is never minimised: shutting the best route would win.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.model.network.network import Floats
from kopir.strategy.plans.attacks import Attacks, LostAssets, Refusals
from kopir.strategy.plans.menu import OPTION_SCHEMA, Menu
from kopir.strategy.plans.search import LeastWorst, cvar, least_worst
from kopir.strategy.value.record import Record, recorded_outages, years_at_random
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import Span

DRAWS = 20_000
LEVEL = 0.95
"""Level of CVaR: the mean of the worst twentieth of years."""

WORST, LOST = "worst refusal", "worst loss of assets"
MEAN, CVAR = "mean over recorded outages", "CVaR over recorded outages"


@dataclass(frozen=True)
class PlanResult:
    """Plans by rule; million USD a year, ``budget_musd`` and ``capital_musd`` million USD once.

    ``table`` has for each rule the best plan within the budget: its options, capital and yearly cost, residual
    loss without (``before_musd``) and with it (``after_musd``), what all options together would leave
    (``all_musd``, whatever they cost), and ``weakest_to``, the refusals, or the losses of assets, worst for it.
    ``regret`` says what each rule's plan leaves beyond the best, by every rule. ``frontier`` has, for each rule,
    the budgets from which its best plan changes. ``options`` tells lead time, provider and what is left out.
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
    table: pl.DataFrame
    regret: pl.DataFrame
    frontier: pl.DataFrame
    options: pl.DataFrame


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
) -> PlanResult:
    """Return the best plans within a budget (million USD of capital; no limit unless given).

    The worst case is over every refusal of at most ``against`` of ``parties``, the model's players unless named,
    and, apart from that, over every loss of at most ``assets`` assets (0: not asked). Raises :class:`InputError`
    for a budget below the cheapest option, a negative cost, a model without options, more options than can be
    listed, more assets than there are and an unknown party.
    """
    menu = Menu(setup, span, against, severity, parties, budget_musd)
    held: dict[str, Attacks] = {WORST: Refusals(menu)}
    if assets:
        held[LOST] = LostAssets(menu, assets)
    worst = {rule: _by_worst(menu, attacks) for rule, attacks in held.items()}
    record = recorded_outages(setup) if setup.model.table("events").height else None
    rules: dict[str, Floats] = {} if record is None else _by_record(menu, record, seed)
    found = _Found(menu, held, rules)
    chosen = {rule: plans[0].mask for rule, plans in worst.items()}
    chosen |= {name: _least(menu, values) for name, values in rules.items()}
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
        table=_table(found, chosen),
        regret=_regret(found, chosen),
        frontier=_frontier(menu, worst, rules),
        options=pl.DataFrame(menu.rows, schema=OPTION_SCHEMA),
    )


@dataclass(frozen=True)
class _Found:
    """Residual losses of any plan by every rule: of attacks by what is worst, of the record by plan (masks)."""

    menu: Menu
    held: Mapping[str, Attacks]
    rules: Mapping[str, Floats]

    def worst(self, rule: str, mask: int) -> tuple[float, list[str]]:
        """Return the worst loss of a plan, and the smallest attacks that tie for it."""
        attacks = self.held[rule]
        values = attacks.values(mask)
        ties = [attacks.members(int(one)) for one in np.flatnonzero(values <= values.min() + self.menu.slack)]
        least = min(len(one) for one in ties)
        named = ["+".join(one) or "nobody" for one in ties if len(one) == least]
        return self.menu.cost(mask) - float(values.min()), named

    def by_rule(self, mask: int) -> dict[str, float]:
        """Return the residual loss of a plan by each rule."""
        place = int(np.flatnonzero(self.menu.masks == mask)[0])
        worst = {rule: self.worst(rule, mask)[0] for rule in self.held}
        return worst | {name: float(values[place]) for name, values in self.rules.items()}


def _by_worst(menu: Menu, attacks: Attacks) -> list[LeastWorst]:
    """Return the plan of the least worst case within the budget, then for ever smaller ones down to nothing."""
    capital = np.array([menu.needs(int(mask)) for mask in menu.masks])
    pool: dict[int, Floats] = {}
    found: list[LeastWorst] = []
    within = np.ones(len(menu.masks), dtype=np.bool_)
    while within.any():
        part = {attack: column[within] for attack, column in pool.items()}

        def column(attack: int, within: NDArray[np.bool_] = within) -> Floats:
            pool[attack] = attacks.column(attack)
            return pool[attack][within]

        best = least_worst(menu.masks[within], menu.cost, column, attacks.values, slack=menu.slack, pool=part,
                           allowed=menu.allowed)  # fmt: skip
        if best is None:
            break
        found.append(best)
        within = capital < capital[np.flatnonzero(menu.masks == best.mask)[0]] - 1e-9
    return found


def _by_record(menu: Menu, record: Record, seed: int) -> dict[str, Floats]:
    """Return mean and CVaR of the residual loss of every plan over years at random (masks)."""
    quiet, lost = menu.losses_of(record)
    base = np.array([menu.cost(int(mask)) for mask in menu.masks]) - quiet
    years = np.array([one.years for one in record.outages])
    mean = base + (record.rate / len(years)) * (years @ lost)
    weights = np.full(DRAWS, 1 / DRAWS)
    same: dict[bytes, float] = {}
    tail = np.empty(len(base))
    for place in range(len(base)):
        key = np.round(lost[:, place] / menu.slack).tobytes()
        if key not in same:
            same[key] = cvar(years_at_random(record, lost[:, place], draws=DRAWS, seed=seed), weights, LEVEL)
        tail[place] = base[place] + same[key]
    return {MEAN: mean, CVAR: tail}


def _least(menu: Menu, values: Floats) -> int:
    """Return the mask of the least value that obligations allow, the smallest of those that tie."""
    order = sorted(
        range(len(values)),
        key=lambda one: (round(float(values[one]) / menu.slack), int(menu.masks[one]).bit_count(), one),
    )
    return next(int(menu.masks[one]) for one in order if menu.allowed(int(menu.masks[one])))


def _table(found: _Found, chosen: Mapping[str, int]) -> pl.DataFrame:
    menu, before = found.menu, found.by_rule(0)
    every = (1 << len(menu.names)) - 1
    rows = []
    for rule, mask in chosen.items():
        after = found.by_rule(mask)[rule]
        everything = None
        if rule in found.held:
            everything = found.worst(rule, every)[0]
        elif every in menu.masks:
            everything = found.by_rule(every)[rule]
        rows.append(
            {
                "rule": rule,
                "plan": list(menu.plan(mask)),
                "capital_musd": menu.needs(mask),
                "annual_musd": menu.cost(mask) - menu.whole,
                "before_musd": before[rule],
                "after_musd": after,
                "all_musd": everything,
                "weakest_to": found.worst(rule, mask)[1] if rule in found.held else [],
            }
        )
    amounts = ("capital_musd", "annual_musd", "before_musd", "after_musd", "all_musd")
    schema: dict[str, pl.DataType] = {"rule": pl.String(), "plan": pl.List(pl.String())}
    schema |= {name: pl.Float64() for name in amounts} | {"weakest_to": pl.List(pl.String())}
    return pl.DataFrame(rows, schema=schema)


def _regret(found: _Found, chosen: Mapping[str, int]) -> pl.DataFrame:
    best = {rule: found.by_rule(mask)[rule] for rule, mask in chosen.items()}
    rows = []
    for rule, mask in chosen.items():
        own = found.by_rule(mask)
        rows.append({"plan_of": rule} | {other: own[other] - best[other] for other in chosen})
    schema: dict[str, pl.DataType] = {"plan_of": pl.String()} | {rule: pl.Float64() for rule in chosen}
    return pl.DataFrame(rows, schema=schema)


def _frontier(menu: Menu, worst: Mapping[str, Sequence[LeastWorst]], rules: Mapping[str, Floats]) -> pl.DataFrame:
    """Return the budgets at which a rule's best plan changes: a plan is best from its capital up to the next."""
    needs = {int(mask): menu.needs(int(mask)) for mask in menu.masks}
    rows = [
        (rule, needs[one.mask], list(menu.plan(one.mask)), one.worst)
        for rule, plans in worst.items()
        for one in reversed(plans)
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
