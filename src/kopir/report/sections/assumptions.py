"""The largest assumptions behind a loss: which assumed prices, costs and charges it multiplies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.network.network import Kind
from kopir.report.results import Results

_RATES = (
    ("carries", "link", "link", ("cost",)),
    ("supplies", "supply", "supply", ("cost",)),
    ("markets", "market", "market", ("price", "differential")),
    ("conversions", "conversion", "conversion", ("cost",)),
)


@dataclass(frozen=True, slots=True)
class LossPart:
    """An assumed quantity and the share (0 to 1) of a loss's gross terms that multiply it."""

    quantity: Quantity
    share: float


def largest_assumptions(results: Results, partner: str) -> tuple[LossPart, ...]:
    """Return the assumed rates that the loss from ``partner``'s refusal multiplies, largest first.

    A loss is a sum of rates times change of use. The share of a rate is its absolute term over the absolute
    sum of all, calibrated terms among them, so shares of assumed rates sum to less than one.
    """
    terms = dict(_terms(results, partner))
    whole = sum(terms.values()) + _calibrated(results, partner)
    if whole <= 0:
        return ()
    quantities = results.setup.model.quantities
    parts = [
        LossPart(quantities[ref], term / whole)
        for ref, term in terms.items()
        if quantities[ref].grade == "assumed"
    ]
    return tuple(sorted(parts, key=lambda part: (-part.share, part.quantity.ref)))


def _terms(results: Results, partner: str) -> Iterator[tuple[CellRef, float]]:
    model = results.setup.model
    changes = _changes(results, partner)

    def change(asset_type: str, asset: str, commodity: str | None, owner: str | None = None) -> float:
        rows = changes.filter((pl.col("asset_type") == asset_type) & (pl.col("asset") == asset))
        if commodity is not None:
            rows = rows.filter(pl.col("commodity") == commodity)
        if owner is not None:
            rows = rows.filter(pl.col("owner") == owner)
        return float(rows["change"].sum())

    for table, asset_type, key, columns in _RATES:
        for row in model.table(table).iter_rows(named=True):
            moved = change(
                asset_type, row[key], row.get("commodity") or row.get("from_commodity"), row.get("owner")
            )
            for column in columns:
                yield from _term(results, CellRef(table, row["line"], column), moved)
    for row in model.table("charges").iter_rows(named=True):
        moved = change(row["asset_type"], row["asset"], row["commodity"], row["owner"])
        yield from _term(results, CellRef("charges", row["line"], "amount"), moved)


def _term(results: Results, ref: CellRef, moved: float) -> Iterator[tuple[CellRef, float]]:
    quantity = results.setup.model.quantities.get(ref)
    if quantity is not None and moved > 0 and quantity.value:
        yield ref, abs(quantity.value) * moved


def _changes(results: Results, partner: str) -> pl.DataFrame:
    routes = results.leverage.routes.filter(pl.col("denier") == partner)
    return routes.with_columns(change=(pl.col("after_mt") - pl.col("before_mt")).abs())


def _calibrated(results: Results, partner: str) -> float:
    calibration, network = results.setup.calibration, results.setup.network
    if calibration is None:
        return 0.0
    key = ("asset_type", "asset", "commodity", "owner")
    moved = {
        tuple(row[name] for name in key): row["change"] for row in _changes(results, partner).iter_rows(named=True)
    }
    total = 0.0
    for index, correction in enumerate(calibration.correction):
        if network.activities.kind[index] not in {Kind.UNMET, Kind.SHORTFALL}:
            cargo = network.cargoes[network.activities.cargo[index]]
            asset = network.assets[network.activities.asset[index]]
            total += abs(correction) * moved.get((*asset, cargo.commodity, cargo.owner), 0.0)
    return total
