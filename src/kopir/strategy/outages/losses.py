"""Losses of many questions at once: assets lost, jurisdictions refusing, or both, in one frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.flow.outages import HOW, Outages
from kopir.model.network.clauses import Denial
from kopir.strategy.course.incident import lost_assets
from kopir.strategy.outages.every import MANY
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

_SCHEMA: dict[str, pl.DataType] = {
    "denied": pl.List(pl.String()),
    "lost": pl.List(pl.String()),
    "value_musd": pl.Float64(),
    "loss_musd": pl.Float64(),
    "certified": pl.String(),
}


@dataclass(frozen=True)
class LossesResult:
    """One row for each denial with each set of lost assets, in the order asked; million USD a year.

    ``loss_musd`` is against nobody refusing and nothing lost. ``certified`` says how the value is known:
    ``solved`` (where there are many sets ``simplex``), ``structure`` (what stands still is that of a settled
    question) or ``lattice`` (an optimum of fewer losses uses nothing of what is lost).
    """

    horizon: str
    severity: float
    table: pl.DataFrame


def losses(
    setup: Setup,
    losing: Sequence[Sequence[str]] = (),
    denials: Sequence[Sequence[str]] = (),
    *,
    span: Span = "short",
    severity: float = 1.0,
    plan: Sequence[str] = (),
) -> LossesResult:
    """Return the loss of every denial of ``denials`` with every set of lost assets of ``losing``.

    Assets are lost wholly, and named as in :func:`kopir.strategy.course.incident.lost_assets`; ``severity`` is
    that of denials. Without ``denials`` nobody refuses, without ``losing`` nothing is lost. Raises
    :class:`kopir.core.errors.InputError` for an unknown asset, jurisdiction or option.
    """
    network = setup.network
    sets = [lost_assets(setup, names) for names in losing] or [()]
    places = [[network.asset_index[asset] for asset in members] for members in sets]
    valuation = setup.valuation(span)
    undisturbed = valuation.value(NOBODY, plan)
    rows = []
    for parties in denials or [()]:
        denial = Denial(frozenset(parties), severity)
        settled = outages_of(valuation, denial, plan, many=len(places) >= MANY).values(places)
        for members, value, how in zip(sets, settled.value.tolist(), settled.how.tolist(), strict=True):
            lost = [code for _, code in members]
            rows.append((sorted(parties), lost, value, undisturbed - value, HOW[how]))
    return LossesResult(
        horizon=_named(span),
        severity=severity,
        table=pl.DataFrame(rows, schema=_SCHEMA, orient="row"),
    )


def _named(span: Span) -> str:
    return span if isinstance(span, str) else f"months {span.first}-{span.last}"


def losses_of_samples(
    setup: Setup,
    samples: int,
    losing: Sequence[Sequence[str]],
    denials: Sequence[Sequence[str]],
    plan: Sequence[str],
    *,
    span: Span,
    seed: int,
) -> LossesResult:
    """Return the loss of each of ``samples`` years drawn at random; see :mod:`kopir.strategy.outages.worlds`.

    ``sample`` and ``world`` number a year and its inputs, ``events`` are the recorded outages in it. Raises
    :class:`InputError` where shocks are named beside, and as
    :func:`kopir.strategy.outages.sampled.sampled_losses` does.
    """
    from kopir.strategy.outages.sampled import sampled_years

    if losing or denials or plan:
        why = "years are drawn from what is on record, without named shocks and options"
        mend = "leave out either --samples or --lose, --deny and --with"
        raise InputError(Fault("K0505", why, mend, column="--samples", value=str(samples)))
    years = sampled_years(setup, samples, seed=seed, span=span)
    return LossesResult(horizon=_named(span), severity=1.0, table=years)


def outages_of(
    valuation: Valuation, denial: Denial = NOBODY, plan: Sequence[str] = (), *, many: bool = False
) -> Outages:
    """Return the values of any lost assets while some refuse and with ``plan`` built."""
    return Outages(valuation.formulation, valuation.situation(denial, plan), many=many)
