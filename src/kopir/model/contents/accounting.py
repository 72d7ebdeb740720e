"""Accounting layers: what is recorded but not optimised, kept apart from the network that is."""

from __future__ import annotations

from kopir.core.folders.folder import Folder

_PLACED = ("conversions", "markets", "storage", "supplies")


def accounting_commodities(folder: Folder) -> frozenset[str]:
    """Return the commodities of accounting layers."""
    rows = folder.tables["commodities"].typed.iter_rows(named=True)
    return frozenset(row["commodity"] for row in rows if row["accounting"])


def accounting_links(folder: Folder) -> frozenset[str]:
    """Return the links that carry nothing but commodities of accounting layers, or nothing but containers."""
    accounting = accounting_commodities(folder)
    stages = folder.tables["corridor_stages"].typed.iter_rows(named=True)
    carried: dict[str, set[str]] = {row["asset"]: set() for row in stages if row["asset_type"] == "link"}
    for row in folder.tables["carries"].typed.iter_rows(named=True):
        carried.setdefault(row["link"], set()).add(row["commodity"])
    return frozenset(link for link, commodities in carried.items() if commodities <= accounting)


def accounting_nodes(folder: Folder) -> frozenset[str]:
    """Return the nodes that only links of accounting layers touch."""
    alone = accounting_links(folder)
    ends: dict[bool, set[str]] = {True: set(), False: set()}
    for row in folder.tables["links"].typed.iter_rows(named=True):
        ends[row["link"] in alone] |= {row["from_node"], row["to_node"]}
    placed = {row["node"] for name in _PLACED for row in folder.tables[name].typed.iter_rows(named=True)}
    return frozenset(ends[True] - ends[False] - placed)


def accounting_options(folder: Folder) -> frozenset[str]:
    """Return the options whose every gain lies in accounting layers or corridors: nothing optimised changes."""
    beyond = accounting_gains(folder)
    tables = (folder.tables[name].typed for name in ("corridors", "corridor_limits"))
    inside = {option: True for table in tables for option in table["option"].drop_nulls()}
    for row in folder.tables["option_gains"].typed.iter_rows(named=True):
        inside[row["option"]] = inside.get(row["option"], True) and row["line"] in beyond
    return frozenset(option for option, here in inside.items() if here)


def accounting_gains(folder: Folder) -> frozenset[int]:
    """Return the lines of the gains that lie in accounting layers."""
    commodities, links = accounting_commodities(folder), accounting_links(folder)
    return frozenset(
        row["line"]
        for row in folder.tables["option_gains"].typed.iter_rows(named=True)
        if row["commodity"] in commodities or (row["asset_type"] == "link" and row["asset"] in links)
    )
