"""The menu: the options a plan may hold, what they cost, and the value of sets of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InfeasibleError, InputError
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats, Ints
from kopir.strategy.institutions.obligations import refuse_contradictions
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.outages.every import TIE
from kopir.strategy.plans.dues import Dues
from kopir.strategy.plans.residual import only_gains
from kopir.strategy.plans.search import affordable, values_over_masks
from kopir.strategy.value.record import Record
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

MOST_OPTIONS = 12
LATE = "not ready within the horizon"
IDLE = "adds nothing to what is optimised"

OPTION_SCHEMA: dict[str, pl.DataType] = {
    "option": pl.String(),
    "kind": pl.String(),
    "provider": pl.String(),
    "lead_time_months": pl.Float64(),
    "annual_musd": pl.Float64(),
    "capital_musd": pl.Float64(),
    "provider_leverage_musd": pl.Float64(),
    "left_out": pl.String(),
}
"""Columns of what is told of each option; ``provider_leverage_musd`` is what its provider's refusal takes more."""


def _options(setup: Setup, valuation: Valuation, severity: float) -> list[dict[str, object]]:
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
            left_out = LATE
        elif not (gains.limit[place].any() or gains.amount[place].any()):
            left_out = IDLE
        found.append(
            {
                "option": name,
                "kind": row["kind"],
                "provider": row["provider"] or "",
                "lead_time_months": float(gains.lead_time[place]),
                "annual_musd": float(gains.annual_cost[place]),
                "capital_musd": 0.0 if capital is None and row["kind"] != "build" else capital,
                "provider_leverage_musd": None
                if left_out == LATE
                else _provider_leverage(setup, valuation, severity, name, row["provider"]),
                "left_out": left_out,
            }
        )
    return found + [_idle(row) for name, row in rows.items() if name not in gains.options]


def _idle(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what is told of an option that changes nothing in the network."""
    told = ("option", "kind", "lead_time")
    name, kind, months = (row[column] for column in told)
    return {
        "option": name,
        "kind": kind,
        "provider": row["provider"] or "",
        "lead_time_months": months,
        "annual_musd": row["annual_cost"],
        "capital_musd": row["capital_cost"],
        "provider_leverage_musd": None,
        "left_out": IDLE,
    }


def _provider_leverage(
    setup: Setup, valuation: Valuation, severity: float, option: str, provider: str | None
) -> float | None:
    """Return how much more its provider's refusal takes with an option; ``None`` of who refuses nothing."""
    if provider is None or provider == setup.focal_state or provider not in setup.clauses.members:
        return None
    refusal = Denial(frozenset({provider}), severity)
    return valuation.leverage(refusal, (option,)) - valuation.leverage(refusal)


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


class Menu:
    """The options a plan may hold, what each costs, and residual losses of sets of them (masks)."""

    def __init__(
        self,
        setup: Setup,
        span: Span,
        against: int,
        severity: float,
        parties: Sequence[str],
        budget: float | None,
        deadline: Deadline | None = None,
    ) -> None:
        self.setup, self.valuation = setup, setup.valuation(span)
        self.deadline = deadline or Deadline()
        self.rows = _options(setup, self.valuation, severity)
        able = [row for row in self.rows if row["left_out"] is None]
        self.names = tuple(str(row["option"]) for row in able)
        self.capital = [float(str(row["capital_musd"])) for row in able]
        self.annual = [float(str(row["annual_musd"])) for row in able]
        self.dues = Dues(setup.model, self.names)
        self._owed: dict[int, float] = {}
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

    @property
    def beyond_budget(self) -> tuple[str, float] | None:
        """The cheapest option that needs capital, and how much, where the budget buys none; else ``None``."""
        dear = [(cost, name) for name, cost in zip(self.names, self.capital, strict=True) if cost > 0]
        return (min(dear)[1], min(dear)[0]) if dear and self.budget < min(dear)[0] else None

    def yearly(self, mask: int) -> float:
        """Return the yearly cost of the options of a plan (million USD)."""
        return sum(one for place, one in enumerate(self.annual) if mask >> place & 1)

    def owed(self, mask: int) -> float:
        """Return what obligations make a plan cost more a year than doing nothing (million USD)."""
        bearing = mask & self._priced
        if bearing not in self._owed:
            self._owed[bearing] = self.dues(self.plan(bearing))
        return self._owed[bearing]

    @cached_property
    def _priced(self) -> int:
        named = {code for one in self.dues.priced for code in (one.left.code, one.target.code)}
        return sum(1 << place for place, name in enumerate(self.names) if name in named)

    def cost(self, mask: int) -> float:
        """Return what is lost before anything happens: today's value, the yearly cost of a plan, what it owes."""
        return self.whole + self.yearly(mask) + self.owed(mask)

    def value(self, mask: int, attack: int) -> float:
        """Return the value of a plan under a refusal."""
        return self.valuation.value(self.denials[attack], self.plan(mask))

    def column(self, attack: int) -> Floats:
        """Return the value of every plan under a refusal."""
        left = self.valuation.shares(self.denials[attack]).use
        # What a partial refusal leaves is a share of use, which a plan moves: nothing then has to grow.
        growing = self.gains and not ((left > 0) & (left < 1)).any()
        return self.over_masks(lambda mask: self.value(mask, attack), growing=growing)

    def allowed(self, mask: int) -> bool:
        """Return whether hard obligations let a plan be."""
        try:
            refuse_contradictions(self.setup.model, self.plan(mask))
        except InfeasibleError:
            return False
        return True

    @cached_property
    def floor(self) -> float:
        """What no plan can leave less of, by any rule: as if all were built for nothing and nothing happened.

        Minus infinity where an option may take something away, or a loss gain (a duty that it waives).
        """
        if not self.gains or self.setup.network.needs.waived.any():
            return -np.inf
        return self.cheapest - self.valuation.value(NOBODY, self.names)

    @cached_property
    def cheapest(self) -> float:
        """The least that a plan costs before anything happens; see :meth:`cost`."""
        return min(self.cost(int(mask)) for mask in self.masks)

    def losses_of(self, record: Record, masks: Ints | None = None) -> tuple[Floats, Floats]:
        """Return the value of plans undisturbed (masks), and what each outage takes (outages x masks).

        Of every plan, unless a few are named: then whatever the clock says.
        """

        def asked(value: Callable[[int], float]) -> Floats:
            if masks is None:
                return self.over_masks(value, growing=self.gains)
            return np.array([value(int(mask)) for mask in masks])

        quiet = asked(lambda mask: self.valuation.value(NOBODY, self.plan(mask)))
        rows = []
        for outage in record.outages:

            def value(mask: int, share: Floats = outage.open_share) -> float:
                usual = self.valuation.situation(NOBODY, self.plan(mask))
                return self.valuation.worth(replace(usual, open_share=usual.open_share * share))

            rows.append(quiet - asked(value))
        return quiet, np.array(rows)

    @property
    def gains(self) -> bool:
        """Whether no option takes anything away or closes anything."""
        return only_gains(self.setup)

    def over_masks(self, value: Callable[[int], float], *, growing: bool) -> Floats:
        """Return ``value`` of every mask; see :func:`kopir.strategy.plans.search.values_over_masks`.

        Raises :class:`TimeIsUp` at the deadline.
        """

        def timed(mask: int) -> float:
            self.deadline.check()
            return value(mask)

        return values_over_masks(timed, self.masks, len(self.names), growing=growing, slack=self.slack)
