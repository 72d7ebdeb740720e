"""Results by their id, each with its interval: what statements about the model can be measured by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.grounds.cited import renewed
from kopir.strategy.portfolio.vectors import portfolio
from kopir.strategy.refusal.leverage import leverage, losses_of
from kopir.strategy.trade.imports import imports
from kopir.strategy.value.setup import Setup, prepare
from kopir.strategy.value.uncertainty import intervals

Measured = tuple[float, float | None, float | None]
"""Value, low and high; an end is ``None`` where the result has no interval."""
DRAWS = 40
"""Draws of the uncertain inputs for the interval of a leverage, from 5 to 95 per cent of them."""


def measured(model: Model, names: Iterable[str], *, seed: int = 0) -> dict[str, Measured]:
    """Return the results ``names`` of a full refusal over the short horizon, by id.

    ``leverage:PARTNER:COLUMN`` of :func:`kopir.strategy.refusal.leverage.leverage`, with draws from ``seed`` as
    interval; ``leverage:imports:PARTNER:SECTOR:COLUMN`` of :func:`kopir.strategy.trade.imports.imports` over joint
    intervals; ``portfolio:...`` of :class:`kopir.strategy.portfolio.result.PortfolioResult`, whose
    ``_low`` and ``_high`` are the interval of an id. Each table is computed once. Raises :class:`InputError`
    (K0701) with every id that no result has.
    """
    asked = {name: renewed(name) for name in names}
    wanted = sorted(set(asked.values()))
    held: dict[str, Measured] = {}
    known: set[str] = set()
    imported = [name for name in wanted if name.startswith("leverage:imports:")]
    for partner, sector in sorted({tuple(name.split(":")[2:4]) for name in imported if name.count(":") == 4}):
        found = _of_imports(model, partner, by_sector=sector != "all")
        known |= found.keys()
        held |= {name: found[name] for name in imported if name in found}
    own = [name for name in wanted if name.startswith("leverage:") and name not in imported]
    held_by = [name for name in wanted if name.startswith("portfolio:")]
    setup = prepare(model) if own or held_by else None
    if setup is not None and own:
        players = {*model.settings.players, *model.table("jurisdictions")["jurisdiction"]}
        columns = {name.split(":")[-1] for name in own}
        found = _of_leverage(setup, sorted({name.split(":")[1] for name in own} & players), columns, seed)
        known |= found.keys()
        held |= {name: found[name] for name in own if name in found}
    if setup is not None and held_by:
        found = _of_portfolio(setup)
        known |= found.keys()
        held |= {name: found[name] for name in held_by if name in found}
    missing = [name for name in wanted if name not in held]
    if missing:
        raise InputError([_unknown(name, known) for name in missing])
    return {name: held[today] for name, today in sorted(asked.items())}


def _unknown(name: str, known: set[str]) -> Fault:
    mend = did_you_mean(name, known, "an id that `kopir why` knows of leverage, imports or portfolio")
    return Fault("K0701", "no result has this id", mend, value=name)


def _of_imports(model: Model, partner: str, *, by_sector: bool) -> dict[str, Measured]:
    result = imports(model, parties=[partner], by_sector=by_sector)
    found: dict[str, Measured] = {}
    for name, number in result.numbers.items():
        if number.value is not None:
            found[name] = (number.value, number.low, number.high)
    return found


def _of_leverage(setup: Setup, partners: list[str], columns: Set[str], seed: int) -> dict[str, Measured]:
    if not partners:
        return {}
    central = leverage(setup, parties=partners).table

    def ask(drawn: Setup) -> pl.DataFrame:
        losses = losses_of(drawn, partners)
        return losses if columns <= set(losses.columns) else leverage(drawn, parties=partners).table

    ranges = intervals(setup, ask, "partner", draws=DRAWS, seed=seed).table
    ends = {(row["partner"], row["measure"]): (row["low"], row["high"]) for row in ranges.iter_rows(named=True)}
    found: dict[str, Measured] = {}
    for row in central.iter_rows(named=True):
        for column, value in row.items():
            if isinstance(value, float):
                low, high = ends.get((row["partner"], column), (None, None))
                found[f"leverage:{row['partner']}:{column}"] = (value, low, high)
    return found


def _of_portfolio(setup: Setup) -> dict[str, Measured]:
    cited = portfolio(setup).numbers
    numbers = {name: number.value for name, number in cited.items() if number.value is not None}
    return {name: (value, *_ends(name, numbers)) for name, value in numbers.items()}


def _ends(name: str, numbers: Mapping[str, float]) -> tuple[float | None, float | None]:
    stem = name.removesuffix("_musd")
    return numbers.get(f"{stem}_low"), numbers.get(f"{stem}_high")
