"""Firm capacity raised to what a later base records: a flow that was there is evidence that it could be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kopir.core.folders.cells import parse_quantity
from kopir.core.folders.folder import Folder
from kopir.model.contents.model import Model
from kopir.model.folder.revising import with_rows
from kopir.model.network.assembly import build_network
from kopir.model.network.baseline import read_baseline

_SMALL = 1e-6  # Mt a year
_TABLES = {"group": ("capacity_groups", "group"), "link": ("carries", "link")}


@dataclass(frozen=True, slots=True)
class Raised:
    """A firm capacity (Mt a year) raised to the flow ``seen`` on it, which its nameplate allows."""

    asset_type: str
    asset: str
    commodities: frozenset[str]
    firm: float
    seen: float


def raised_capacities(model: Model) -> tuple[Raised, ...]:
    """Return the firm capacities that the flows recorded for the base year exceed within the nameplate.

    What exceeds the nameplate too is left: it is a contradiction, which calibration refuses.
    """
    network = build_network(model)
    baseline = read_baseline(model, network, model.settings.model.base_year)
    limits = network.limits
    load = limits.share @ np.nan_to_num(baseline.use)
    over = (load > limits.capacity.firm + _SMALL) & (load <= limits.capacity.usable + _SMALL)
    found = []
    for index in np.flatnonzero(over):
        kind, asset = network.assets[limits.asset[index]]
        members = limits.share.row(int(index))[0]
        goods = frozenset(network.cargoes[network.activities.cargo[one]].commodity for one in members)
        if kind in _TABLES:
            found.append(Raised(kind, asset, goods, float(limits.capacity.firm[index]), float(load[index])))
    return tuple(found)


def with_raised(folder: Folder, raised: tuple[Raised, ...]) -> Folder:
    """Return the folder with the firm capacities raised, and said to be so in the basis of their rows."""
    year = folder.settings.model.base_year
    for name, key in _TABLES.values():
        table = folder.tables[name]
        rows = list(table.records())
        for place, row in enumerate(rows):
            for one in raised:
                own = _TABLES[one.asset_type] == (name, key) and row[key] == one.asset
                if own and row["firm"] and row.get("commodity", "") in {"", *one.commodities}:
                    told = f"firm: flow recorded for {year}, {one.firm:.4g} before"
                    basis = "; ".join(filter(None, (row["basis"], told)))
                    rows[place] = {**row, "firm": _as_cell(row["firm"], one.seen), "basis": basis}
        if rows != list(table.records()):
            folder = with_rows(folder, name, rows)
    return folder


def raised_in_words(raised: tuple[Raised, ...]) -> Iterator[str]:
    """Yield each capacity that was raised, in words."""
    for one in raised:
        yield (
            f"{one.asset_type} {one.asset}: firm capacity {one.firm:.4g} Mt/yr raised to the {one.seen:.4g} that "
            "the new base records, within its nameplate"
        )


def _as_cell(text: str, seen: float) -> str:
    cell = parse_quantity(text)
    high = seen if cell is None or cell.high is None else max(cell.high, seen)
    value = f"{seen:.12g}"
    return value if high <= seen else f"{value} [{value}..{high:.12g}]"
