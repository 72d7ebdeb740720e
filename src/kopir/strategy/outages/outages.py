"""Losses of every set of assets, ranked: what is worst, what is worse together, what matters most."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from pathlib import Path

import numpy as np
import polars as pl

from kopir.flow.outages import HOW
from kopir.strategy.outages.branched import branched_worst
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.outages.every import EverySet, Measure, checked, every_set, outages_for
from kopir.strategy.outages.ranking import (
    SHARES,
    critical_assets,
    least_sets,
    worse_together,
    worst_by_size,
    worst_sets,
)
from kopir.strategy.outages.stored import stretches_in
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import Span

SHOWN = 50
UNITS: dict[Measure, str] = {"value": "musd", "tonnes": "mt"}
"""What a column of money or of tonnes ends on: million USD a year, Mt a year."""


@dataclass(frozen=True)
class OutagesResult:
    """Losses of every set of at most ``assets`` assets lost wholly, nobody refusing.

    Losses are of all shippers of the model together, in million USD a year (columns ``_musd``), or, of tonnes, in
    Mt a year that the focal state can no longer sell by any routing (``_mt``). ``table`` has the worst sets,
    ``together`` those worse than any split of them, ``critical`` every asset, ``least`` the fewest assets that
    take a share; see :mod:`kopir.strategy.outages.ranking`. ``certified`` counts sets by how their loss is known.
    """

    horizon: str
    measure: Measure
    assets: int
    sets: int
    undisturbed: float
    certified: dict[str, int]
    table: pl.DataFrame
    together: pl.DataFrame
    critical: pl.DataFrame
    least: pl.DataFrame
    every: EverySet = field(repr=False, compare=False)


@dataclass(frozen=True)
class WorstResult:
    """The worst that can be lost, by how many: all sets that tie and have no member to spare.

    ``table``: ``most`` (how many may be lost or refuse), ``size``, ``assets`` or ``partners``, the loss, its
    ``share`` of what is there undisturbed, how it is ``certified``, the ``bound`` that no set of so many exceeds,
    and the ``gap`` as a share of it: 0 where the worst is proven, blank where nothing is known. ``sets`` is the
    number of sets among which these are the worst. Where the time limit ended the search (``stopped_after``, in
    seconds), the worst of the sets tried are told.
    """

    horizon: str
    of: str
    sets: int
    undisturbed: float
    table: pl.DataFrame
    stopped_after: float | None = None

    @property
    def gap(self) -> float | None:
        """The largest gap: 0 where all is proven, ``None`` where nothing is known of one."""
        gaps = self.table["gap"]
        return None if gaps.null_count() else float(str(gaps.max() or 0.0))


def outages(
    setup: Setup,
    most: int,
    *,
    span: Span = "short",
    measure: Measure = "value",
    share: float | None = None,
    folder: Path | None = None,
) -> OutagesResult:
    """Return the losses of every set of at most ``most`` assets.

    ``share`` is one more share for which the least set is told. With ``folder`` every set is written there as
    Parquet while it is settled, and a run that was stopped goes on. Raises :class:`InputError` for a size without
    sets or with too many, and for a folder that holds something else.
    """
    checked(setup, most)
    store = None
    if folder is not None:
        about = {"assets": most, "measure": measure, "programme": outages_for(setup, span, measure).digest}
        store = stretches_in(folder, setup.network.assets, most, about)
    every = every_set(setup, most, span=span, measure=measure, store=store)
    how = np.bincount(np.concatenate(every.how), minlength=len(HOW)).tolist()
    unit = UNITS[measure]
    shares = SHARES if share is None else tuple(sorted({*SHARES, share}))
    return OutagesResult(
        horizon=_named(span),
        measure=measure,
        assets=most,
        sets=sum(len(losses) for losses in every.losses),
        undisturbed=every.undisturbed,
        certified=dict(zip(HOW, how, strict=True)),
        table=_in_unit(worst_sets(every, SHOWN), unit),
        together=_in_unit(worse_together(every, SHOWN), unit),
        critical=_in_unit(critical_assets(every), unit),
        least=_in_unit(least_sets(every, shares), unit),
        every=every,
    )


def worst_assets(
    setup: Setup, most: int, *, span: Span = "short", measure: Measure = "value", time_limit: float | None = None
) -> WorstResult:
    """Return the worst sets of at most 1, 2, … ``most`` lost assets; raises as :func:`outages` does.

    In large networks by branching, else by settling every set. After ``time_limit`` seconds the search ends.
    """
    checked(setup, most, "--k")
    deadline = Deadline(time_limit)
    found = branched_worst(setup, most, span, measure, deadline)
    if found is None:
        every = every_set(setup, most, span=span, measure=measure, deadline=deadline)
        found = every.undisturbed, worst_by_size(every)
    whole, table = found
    return WorstResult(
        horizon=_named(span),
        of="assets",
        sets=sum(comb(len(setup.network.assets), size) for size in range(1, most + 1)),
        undisturbed=whole,
        table=_in_unit(table, UNITS[measure]),
        stopped_after=None if (table["gap"] == 0).all() and not table["gap"].null_count() else time_limit,
    )


def _named(span: Span) -> str:
    return span if isinstance(span, str) else f"months {span.first}-{span.last}"


def _in_unit(table: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Return the table with its amounts named for their unit."""
    amounts = ("loss", "parts", "beyond", "alone", "added", "most", "bound")
    return table.rename(
        {name: f"{name}_{unit}" for name in amounts if table.schema.get(name) == pl.Float64()}, strict=False
    )
