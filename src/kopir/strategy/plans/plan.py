"""Plans: sets of options within a budget that lower residual loss, by three rules side by side.

``R(z, D) = V(0, nobody) - [V(z, D) - c z]``: loss against today's undisturbed value, the yearly cost of the plan
included. The rules are its worst case over every refusal of at most so many partners, and its mean and CVaR over
years drawn from recorded outages. Leverage alone is never minimised: shutting the best route would win.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.core.errors import Fault, InfeasibleError, InputError
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats, Ints
from kopir.strategy.institutions.obligations import refuse_contradictions
from kopir.strategy.outages.every import TIE
from kopir.strategy.plans.search import LeastWorst, affordable, cvar, least_worst, values_over_masks
from kopir.strategy.value.record import Record, recorded_outages, years_at_random
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

MOST_OPTIONS = 12
DRAWS = 20_000
LEVEL = 0.95
"""Level of CVaR: the mean of the worst twentieth of years."""

WORST, MEAN, CVAR = "worst refusal", "mean over recorded outages", "CVaR over recorded outages"


@dataclass(frozen=True)
class PlanResult:
    """Plans by rule; million USD a year, ``budget_musd`` and ``capital_musd`` million USD once.

    ``table`` has for each rule the best plan within the budget: its options, capital and yearly cost, residual
    loss without (``before_musd``) and with it (``after_musd``), what all options together would leave
    (``all_musd``, whatever they cost), and for refusals ``weakest_to``, the refusals that are worst for it.
    ``regret`` says what each rule's plan leaves beyond the best, by every rule. ``frontier`` has, for each rule,
    the budgets from which its best plan changes. ``options`` tells lead time, provider and what is left out.
    """

    horizon: str
    against: int
    severity: float
    budget_musd: float
    denials: int
    plans: int
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    outages: int
    table: pl.DataFrame
    regret: pl.DataFrame
    frontier: pl.DataFrame
    options: pl.DataFrame


class Menu:
    """The options a plan may hold, what each costs, and residual losses of sets of them (masks)."""

    def __init__(
        self, setup: Setup, span: Span, against: int, severity: float, parties: Sequence[str], budget: float | None
    ) -> None:
        self.setup, self.valuation = setup, setup.valuation(span)
        self.rows = _options(setup, self.valuation)
        able = [row for row in self.rows if row["left_out"] is None]
        self.names = tuple(str(row["option"]) for row in able)
        self.capital = [float(str(row["capital_musd"])) for row in able]
        self.annual = [float(str(row["annual_musd"])) for row in able]
        self.budget = sum(self.capital) if budget is None else budget
        _checked(self)
        self.masks: Ints = affordable(self.capital, self.budget)
        players = sorted(set(parties or setup.model.settings.players))
        setup.clauses.expand(players)
        if not 1 <= against <= len(players):
            mend = f"give a number from 1 to {len(players)}: {' '.join(players)}"
            why = "so many partners cannot refuse"
            raise InputError(Fault("K0505", why, mend, column="--against", value=str(against)))
        sets = [one for size in range(against + 1) for one in combinations(players, size)]
        self.denials = [Denial(frozenset(one), severity) for one in sets]
        self.whole = self.valuation.value(NOBODY)
        self.slack = TIE * max(1.0, abs(self.whole))

    def plan(self, mask: int) -> tuple[str, ...]:
        """Return the options of a mask."""
        return tuple(name for place, name in enumerate(self.names) if mask >> place & 1)

    def needs(self, mask: int) -> float:
        """Return the capital of a plan."""
        return sum(one for place, one in enumerate(self.capital) if mask >> place & 1)

    def cost(self, mask: int) -> float:
        """Return what is lost before anything happens: today's value and the yearly cost of a plan."""
        return self.whole + sum(one for place, one in enumerate(self.annual) if mask >> place & 1)

    def value(self, mask: int, attack: int) -> float:
        """Return the value of a plan under a refusal."""
        return self.valuation.value(self.denials[attack], self.plan(mask))

    def column(self, attack: int) -> Floats:
        """Return the value of every plan under a refusal."""
        left = self.valuation.shares(self.denials[attack]).use
        # What a partial refusal leaves is a share of use, which a plan moves: nothing then has to grow.
        growing = self._gains and not ((left > 0) & (left < 1)).any()
        return self._over_masks(lambda mask: self.value(mask, attack), growing=growing)

    def allowed(self, mask: int) -> bool:
        """Return whether hard obligations let a plan be."""
        try:
            refuse_contradictions(self.setup.model, self.plan(mask))
        except InfeasibleError:
            return False
        return True

    def losses_of(self, record: Record) -> tuple[Floats, Floats]:
        """Return the value of every plan undisturbed (masks), and what each outage takes (outages x masks)."""
        quiet = self._over_masks(lambda mask: self.valuation.value(NOBODY, self.plan(mask)), growing=self._gains)
        rows = []
        for outage in record.outages:

            def value(mask: int, share: Floats = outage.open_share) -> float:
                usual = self.valuation.situation(NOBODY, self.plan(mask))
                return self.valuation.worth(replace(usual, open_share=usual.open_share * share))

            rows.append(quiet - self._over_masks(value, growing=self._gains))
        return quiet, np.array(rows)

    @property
    def _gains(self) -> bool:
        """Whether no option takes anything away or closes anything."""
        gains = self.setup.network.gains
        return bool((gains.limit >= 0).all() and (gains.amount >= 0).all() and not self.setup.clauses.closures)

    def _over_masks(self, value: Callable[[int], float], *, growing: bool) -> Floats:
        return values_over_masks(value, self.masks, len(self.names), growing=growing, slack=self.slack)


def plan(
    setup: Setup,
    *,
    budget_musd: float | None = None,
    against: int = 2,
    span: Span = "medium",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    seed: int = 0,
) -> PlanResult:
    """Return the best plans within a budget (million USD of capital; no limit unless given).

    The worst case is over every refusal of at most ``against`` of ``parties``, the model's players unless named.
    Raises :class:`InputError` for a budget below the cheapest option, a negative cost, a model without options,
    more options than can be listed, and an unknown party.
    """
    menu = Menu(setup, span, against, severity, parties, budget_musd)
    worst = _by_worst(menu)
    record = recorded_outages(setup) if setup.model.table("events").height else None
    rules: dict[str, Floats] = {} if record is None else _by_record(menu, record, seed)
    chosen = {WORST: worst[0].mask} | {name: _least(menu, values) for name, values in rules.items()}
    interval = (None, None) if record is None else record.rate_interval
    return PlanResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        against=against,
        severity=severity,
        budget_musd=menu.budget,
        denials=len(menu.denials),
        plans=len(menu.masks),
        rate=None if record is None else record.rate,
        rate_low=interval[0],
        rate_high=interval[1],
        outages=0 if record is None else len(record.outages),
        table=_table(menu, chosen, rules),
        regret=_regret(menu, chosen, rules),
        frontier=_frontier(menu, worst, rules),
        options=pl.DataFrame(menu.rows, schema=_OPTION_SCHEMA),
    )


_OPTION_SCHEMA: dict[str, pl.DataType] = {
    "option": pl.String(),
    "kind": pl.String(),
    "provider": pl.String(),
    "lead_time_months": pl.Float64(),
    "annual_musd": pl.Float64(),
    "capital_musd": pl.Float64(),
    "left_out": pl.String(),
}


def _options(setup: Setup, valuation: Valuation) -> list[dict[str, object]]:
    """Return the options that change what is optimised, and why some stay out of plans."""
    gains = setup.network.gains
    rows = {row["option"]: row for row in setup.model.table("options").iter_rows(named=True)}
    found: list[dict[str, object]] = []
    for place, name in enumerate(gains.options):
        row, left_out = rows[name], None
        capital = row["capital_cost"]
        if capital is None and row["kind"] == "build":
            left_out = "no capital cost is known"
        if gains.lead_time[place] > valuation.situation(NOBODY).reach:
            left_out = "not ready within the horizon"
        elif not (gains.limit[place].any() or gains.amount[place].any()):
            left_out = "adds nothing to what is optimised"
        found.append(
            {
                "option": name,
                "kind": row["kind"],
                "provider": row["provider"] or "",
                "lead_time_months": float(gains.lead_time[place]),
                "annual_musd": float(gains.annual_cost[place]),
                "capital_musd": 0.0 if capital is None and row["kind"] != "build" else capital,
                "left_out": left_out,
            }
        )
    return found


def _checked(menu: Menu) -> None:
    faults = [
        Fault("K0305", f"option {row['option']} costs less than nothing", "write its cost, a gain as gain",
              "options.csv", value=f"{row[column]:g}")
        for row in menu.rows
        for column in ("annual_musd", "capital_musd")
        if isinstance(row[column], float) and row[column] < 0  # type: ignore[operator]
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    if not menu.names:
        why = "no option changes what is optimised within the horizon"
        raise InputError(Fault("K0505", why, "give options gains, or ask for --horizon long", "options.csv"))
    if len(menu.names) > MOST_OPTIONS:
        why = f"{len(menu.names)} options are more than {MOST_OPTIONS}"
        raise InputError(Fault("K0505", why, "take options that are not wanted out of option_gains.csv"))
    dear = {name: cost for name, cost in zip(menu.names, menu.capital, strict=True) if cost > 0}
    if menu.budget < 0 or (dear and menu.budget < min(dear.values()) and 0 not in menu.capital):
        name = min(dear, key=dear.__getitem__)
        mend = f"the cheapest, {name}, takes {dear[name] * 1e6:,.0f} USD once"
        why = "the budget buys no option"
        raise InputError(Fault("K0505", why, mend, column="--budget", value=f"{menu.budget * 1e6:,.0f}"))


def _by_worst(menu: Menu) -> list[LeastWorst]:
    """Return the plan of the least worst case within the budget, then for ever smaller ones down to nothing."""
    capital = np.array([menu.needs(int(mask)) for mask in menu.masks])
    pool: dict[int, Floats] = {}
    found: list[LeastWorst] = []
    within = np.ones(len(menu.masks), dtype=np.bool_)
    while within.any():
        part = {attack: column[within] for attack, column in pool.items()}

        def column(attack: int, within: NDArray[np.bool_] = within) -> Floats:
            pool[attack] = menu.column(attack)
            return pool[attack][within]

        best = least_worst(menu.masks[within], len(menu.denials), menu.cost, column, menu.value, slack=menu.slack,
                           pool=part, allowed=menu.allowed)  # fmt: skip
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


def _worst_of(menu: Menu, mask: int) -> tuple[float, list[str]]:
    values = np.array([menu.value(mask, attack) for attack in range(len(menu.denials))])
    ties = np.flatnonzero(values <= values.min() + menu.slack)
    least = min(len(menu.denials[one].parties) for one in ties)
    named = ["+".join(sorted(menu.denials[one].parties)) or "nobody" for one in ties
             if len(menu.denials[one].parties) == least]  # fmt: skip
    return menu.cost(mask) - float(values.min()), named


def _by_rule(menu: Menu, rules: Mapping[str, Floats], mask: int) -> dict[str, float]:
    place = int(np.flatnonzero(menu.masks == mask)[0])
    return {WORST: _worst_of(menu, mask)[0]} | {name: float(values[place]) for name, values in rules.items()}


def _table(menu: Menu, chosen: Mapping[str, int], rules: Mapping[str, Floats]) -> pl.DataFrame:
    before = _by_rule(menu, rules, 0)
    every = (1 << len(menu.names)) - 1
    rows = []
    for rule, mask in chosen.items():
        after = _by_rule(menu, rules, mask)[rule]
        everything = None
        if rule == WORST:
            everything = _worst_of(menu, every)[0]
        elif every in menu.masks:
            everything = _by_rule(menu, rules, every)[rule]
        rows.append(
            {
                "rule": rule,
                "plan": list(menu.plan(mask)),
                "capital_musd": menu.needs(mask),
                "annual_musd": menu.cost(mask) - menu.whole,
                "before_musd": before[rule],
                "after_musd": after,
                "all_musd": everything,
                "weakest_to": _worst_of(menu, mask)[1] if rule == WORST else [],
            }
        )
    amounts = ("capital_musd", "annual_musd", "before_musd", "after_musd", "all_musd")
    schema: dict[str, pl.DataType] = {"rule": pl.String(), "plan": pl.List(pl.String())}
    schema |= {name: pl.Float64() for name in amounts} | {"weakest_to": pl.List(pl.String())}
    return pl.DataFrame(rows, schema=schema)


def _regret(menu: Menu, chosen: Mapping[str, int], rules: Mapping[str, Floats]) -> pl.DataFrame:
    best = {rule: _by_rule(menu, rules, mask)[rule] for rule, mask in chosen.items()}
    rows = []
    for rule, mask in chosen.items():
        own = _by_rule(menu, rules, mask)
        rows.append({"plan_of": rule} | {other: own[other] - best[other] for other in chosen})
    schema: dict[str, pl.DataType] = {"plan_of": pl.String()} | {rule: pl.Float64() for rule in chosen}
    return pl.DataFrame(rows, schema=schema)


def _frontier(menu: Menu, worst: Sequence[LeastWorst], rules: Mapping[str, Floats]) -> pl.DataFrame:
    """Return the budgets at which a rule's best plan changes: a plan is best from its capital up to the next."""
    needs = {int(mask): menu.needs(int(mask)) for mask in menu.masks}
    rows = [(WORST, needs[one.mask], list(menu.plan(one.mask)), one.worst) for one in reversed(worst)]
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
