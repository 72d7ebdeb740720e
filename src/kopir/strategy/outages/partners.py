"""The worst refusals of at most so many partners: every set tried, ties listed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.network.clauses import Denial
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.outages.every import TIE
from kopir.strategy.outages.outages import WorstResult
from kopir.strategy.outages.ranking import bounded
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span

_SCHEMA: dict[str, pl.DataType] = {
    "most": pl.Int64(),
    "size": pl.Int64(),
    "partners": pl.List(pl.String()),
    "loss_musd": pl.Float64(),
    "share": pl.Float64(),
    "certified": pl.String(),
    "bound_musd": pl.Float64(),
    "gap": pl.Float64(),
}


def worst_partners(
    setup: Setup,
    most: int,
    *,
    span: Span = "short",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    time_limit: float | None = None,
) -> WorstResult:
    """Return the worst refusals of at most 1, 2, … ``most`` of ``parties`` (the model's players unless named).

    Every refusal is a solve; after ``time_limit`` seconds no further one is tried. Raises :class:`InputError` for
    an unknown party and for more than there are.
    """
    deadline = Deadline(time_limit)
    players = sorted(set(parties or setup.model.settings.players))
    setup.clauses.expand(players)
    if not 1 <= most <= len(players):
        mend = f"give a number from 1 to {len(players)}: {' '.join(players)}"
        raise InputError(Fault("K0505", "so many partners cannot refuse", mend, column="--k", value=str(most)))
    valuation = setup.valuation(span)
    whole = valuation.value(NOBODY)
    slack = TIE * max(1.0, abs(whole))
    sets = [chosen for size in range(most + 1) for chosen in combinations(players, size)]
    losses: dict[tuple[str, ...], float] = {}
    for chosen in sets:
        if len(chosen) > 1 and deadline.passed:
            break
        losses[chosen] = valuation.leverage(Denial(frozenset(chosen), severity))
    highest = None
    if len(losses) < len(sets) and not len(setup.network.triggers) and not setup.network.needs.waived.any():
        highest = valuation.leverage(Denial(frozenset(players), severity))
    rows: list[tuple[object, ...]] = []
    for count in range(1, most + 1):
        allowed = {chosen: loss for chosen, loss in losses.items() if 0 < len(chosen) <= count}
        proven = len(allowed) == sum(1 for chosen in sets if 0 < len(chosen) <= count)
        for chosen, loss in allowed.items():
            if loss >= max(allowed.values()) - slack and _none_to_spare(chosen, losses, slack):
                share = loss / whole if whole > 0 else None
                bound = bounded(loss, loss if proven else highest)
                rows.append((count, len(chosen), list(chosen), loss, share, "solved", *bound))
    return WorstResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        of="partners",
        sets=len(sets) - 1,
        undisturbed=whole,
        table=pl.DataFrame(rows, schema=_SCHEMA, orient="row"),
        stopped_after=time_limit if len(losses) < len(sets) else None,
    )


def _none_to_spare(chosen: tuple[str, ...], losses: dict[tuple[str, ...], float], slack: float) -> bool:
    """Return whether each member adds to the loss of the others."""
    parts = [tuple(name for name in chosen if name != out) for out in chosen]
    return losses[chosen] > max(losses[part] for part in parts) + slack
