"""Goods that are only accounted for: how much of them each partner alone can close, in their own units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.grounds.cited import Cells
from kopir.model.ties.layers import read_layers
from kopir.strategy.layers.layer_book import LayerBook, read_layer_book
from kopir.strategy.layers.layers import layer_control
from kopir.strategy.value.behind import clause_cells

SCHEMA: Mapping[str, Any] = {
    **dict.fromkeys(("layer", "partner", "goods"), pl.String),
    **dict.fromkeys(("volume", "volume_low", "volume_high"), pl.Float64),
    "unit": pl.String,
    "share": pl.Float64,
    "years": pl.List(pl.Int64),
}

CROSSING: Mapping[str, Any] = {
    **dict.fromkeys(("layer", "partner"), pl.String),
    **dict.fromkeys(("volume", "closable_volume"), pl.Float64),
    "unit": pl.String,
}


@dataclass(frozen=True)
class ClosableResult:
    """What partners can close of the accounting layers, without money.

    ``table``: layer, partner, goods (*own*, of the focal state; *transit*, of others across it), the volume a year
    that the partner alone can close in ``unit`` with its ends, its share of these goods, the years of the volumes.
    Partners of whom no volume is known are absent. ``inputs`` gives the cells by layer, partner and goods.
    """

    table: pl.DataFrame
    inputs: Mapping[tuple[str, str, str], Cells]


def closable(model: Model) -> ClosableResult:
    """Return what each partner alone can close of each accounting layer (see :func:`layer_control`)."""
    rows: list[dict[str, object]] = []
    inputs: dict[tuple[str, str, str], Cells] = {}
    for name, layer in sorted(read_layers(model).items()):
        book, found = read_layer_book(model, layer), layer_control(model, name)
        partners = found.control.filter((pl.col("kind") == "partner") & pl.col("volume").is_not_null())
        for row in partners.iter_rows(named=True):
            inputs[name, row["party"], row["goods"]] = _cells(book, row["party"], row["goods"])
            rows.append(
                {
                    "layer": name,
                    "partner": row["party"],
                    "goods": row["goods"],
                    "volume": row["volume"],
                    "volume_low": row["low"],
                    "volume_high": row["high"],
                    "unit": found.unit,
                    "share": row["share"],
                    "years": list(found.years),
                }
            )
    return ClosableResult(pl.DataFrame(rows, schema=SCHEMA).sort("layer", "goods", "partner"), inputs)


def crossing(model: Model) -> ClosableResult:
    """Return whose goods cross the focal state in the accounting layers, and how much it alone can close.

    Table: layer, partner (the owner), ``volume`` a year, ``closable_volume``, ``unit``; owners without a known
    volume are absent. Inputs are keyed by layer, partner and ``transit``.
    """
    rows: list[tuple[str, str, float, float | None, str]] = []
    inputs: dict[tuple[str, str, str], Cells] = {}
    for name, layer in sorted(read_layers(model).items()):
        book, found = read_layer_book(model, layer), layer_control(model, name)
        for row in found.owners.drop_nulls("volume").iter_rows(named=True):
            inputs[name, row["owner"], "transit"] = _cells(book, book.home, "transit")
            rows.append((name, row["owner"], row["volume"], row["closable"], found.unit))
    return ClosableResult(pl.DataFrame(rows, schema=CROSSING, orient="row"), inputs)


def _cells(book: LayerBook, partner: str, goods: str) -> Cells:
    """Return the volumes of these goods and the clauses by which ``partner`` closes their links."""
    routes = book.own if goods == "own" else book.transit
    volumes = {found.quantity.ref for route in routes if (found := book.volumes[route.route]) is not None}
    whole = book.clauses[1.0]
    parties = whole.expand({partner} & set(whole.members))
    links = {link for route in routes for link in route.links}
    clauses = {
        ref
        for clause in whole.clauses
        if clause.parties <= parties and not clause.in_force and clause.asset[1] in links
        for ref in clause_cells(clause)
    }
    return tuple(sorted(volumes | clauses))
