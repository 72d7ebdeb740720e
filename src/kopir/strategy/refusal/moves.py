"""Moves: what each option that can be built or signed does to the worst single refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kopir.model.network.clauses import Denial
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

TOGETHER = "*"
"""Name of the row in which every option is built at once: some help only together."""

_SCHEMA = {
    "option": pl.String,
    "provider": pl.String,
    "annual_cost_musd": pl.Float64,
    "worst_party": pl.String,
    "residual_before_musd": pl.Float64,
    "residual_after_musd": pl.Float64,
    "undisturbed_gain_musd": pl.Float64,
    "provider_leverage_change_musd": pl.Float64,
    "break_even_probability": pl.Float64,
}


@dataclass(frozen=True)
class MovesResult:
    """Options one at a time and, in the row ``*``, all together; million USD a year.

    ``residual_*`` is the residual loss (against today's undisturbed value, cost included) under the worst
    single refusal without and with the option; ``undisturbed_gain_musd`` what the option earns or costs when
    nobody refuses; ``provider_leverage_change_musd`` how the leverage of its own provider moves;
    ``break_even_probability`` the yearly probability of the worst refusal from which the option pays for
    itself (blank when it never does, 0 when it pays undisturbed).
    """

    horizon: str
    table: pl.DataFrame


def moves(setup: Setup, *, span: Span = "medium", parties: Sequence[str] | None = None) -> MovesResult:
    """Return what each option does; options whose lead time does not fit the horizon change nothing."""
    valuation = setup.valuation(span)
    players = tuple(parties or setup.model.settings.players)
    named = dict(setup.model.table("options").select("option", "provider").iter_rows())
    providers = {option: named[option] for option in setup.network.gains.options}
    plans: dict[str, tuple[str, ...]] = {option: (option,) for option in providers}
    if len(plans) > 1:
        plans[TOGETHER] = tuple(providers)
    before = _worst(valuation, players, ())
    rows = []
    for name, plan in plans.items():
        after = _worst(valuation, players, plan)
        quiet = -valuation.residual_loss(NOBODY, plan)
        rows.append(
            {
                "option": name,
                "provider": providers.get(name) or "",
                "annual_cost_musd": valuation.plan_cost(plan),
                "worst_party": after[1],
                "residual_before_musd": before[0],
                "residual_after_musd": after[0],
                "undisturbed_gain_musd": quiet,
                "provider_leverage_change_musd": _provider_change(valuation, players, plan, providers.get(name)),
                "break_even_probability": _break_even(valuation, before[1], plan, quiet),
            }
        )
    return MovesResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        table=pl.DataFrame(rows, schema=_SCHEMA).sort("residual_after_musd", "option"),
    )


def _worst(valuation: Valuation, players: Sequence[str], plan: tuple[str, ...]) -> tuple[float, str]:
    return max((valuation.residual_loss(Denial(frozenset([party])), plan), party) for party in players)


def _provider_change(
    valuation: Valuation, players: Sequence[str], plan: tuple[str, ...], provider: str | None
) -> float | None:
    if provider is None or provider not in players:
        return None
    denial = Denial(frozenset([provider]))
    return valuation.leverage(denial, plan) - valuation.leverage(denial)


def _break_even(valuation: Valuation, party: str, plan: tuple[str, ...], quiet: float) -> float | None:
    """Return q with ``q * benefit under refusal + (1 - q) * gain undisturbed = 0``."""
    denial = Denial(frozenset([party]))
    refused = valuation.residual_loss(denial) - valuation.residual_loss(denial, plan)
    if quiet >= 0:
        return 0.0
    return -quiet / (refused - quiet) if refused > 0 else None
