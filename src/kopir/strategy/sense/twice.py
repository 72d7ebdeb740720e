"""Goods counted twice: a supply under two names, a road under two names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from kopir.core.errors import Fault
from kopir.model.contents.model import Model


def twice_doubts(model: Model) -> Iterator[Fault]:
    """Yield a warning for each supply and each link that says the same as one before it."""
    yield from _supplies(model)
    yield from _links(model)


def _supplies(model: Model) -> Iterator[Fault]:
    seen: dict[tuple[object, ...], str] = {}
    for row in model.table("supplies").iter_rows(named=True):
        key = (row["node"], row["commodity"], row["owner"], row["amount"], row["cost"])
        if key in seen and row["amount"] > 0:
            why = f"{row['supply']} and {seen[key]} are the same goods twice: place, amount and cost are equal"
            mend = "leave one, or give each its own amount"
            yield Fault("K1010", why, mend, "supplies.csv", row["line"], "amount", f"{row['amount']:g}")
        seen.setdefault(key, row["supply"])


def _links(model: Model) -> Iterator[Fault]:
    """Twin links whose members are told apart neither by length, cost nor capacity, and share no group."""
    members = model.table("capacity_group_members").select("group", "asset_type", "asset").rows()
    groups: dict[str, set[str]] = defaultdict(set)
    for group, kind, asset in members:
        if kind == "link":
            groups[asset].add(group)
    carried = defaultdict(list)
    for row in model.table("carries").sort("link", "commodity").iter_rows(named=True):
        figures = tuple(row[name] for name in ("commodity", "cost", "nameplate", "firm"))
        carried[row["link"]].append(figures)
    stages = set(model.table("corridor_stages")["asset"].to_list())
    seen: dict[tuple[object, ...], str] = {}
    for row in model.table("links").filter(~pl.col("link").is_in(sorted(stages))).iter_rows(named=True):
        link = row["link"]
        key = (row["from_node"], row["to_node"], row["mode"], row["length"], row["route"])
        other = seen.get(key)
        bare = not carried[link] or other is None or carried[link] == carried[other]
        if other is not None and bare and not groups[link] & groups[other] and row["status"] == "operating":
            why = f"{link} and {other} look like one {row['mode']} under two names: its capacity counts twice"
            mend = "leave one, or put both into one group of capacity_groups.csv"
            yield Fault("K1010", why, mend, "links.csv", row["line"], "link", link)
        seen.setdefault(key, link)
