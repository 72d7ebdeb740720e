"""Supplies that reach no market, markets that nothing reaches, and goods whose owner is another than meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kopir.core.errors import Fault
from kopir.model.contents.model import Model
from kopir.strategy.sense.needs import right_form
from kopir.strategy.sense.ways import Ways

Row = Mapping[str, Any]


def reach_doubts(model: Model, ways: Ways) -> Iterator[Fault]:
    """Yield a warning for each supply without a way to a market and each market without one from a supply."""
    yield from _stranded(model, ways)
    yield from _unreached(model, ways)


def _stranded(model: Model, ways: Ways) -> Iterator[Fault]:
    for row in model.table("supplies").iter_rows(named=True):
        if ("supply", row["supply"]) in ways.used:
            continue
        why = f"{row['commodity']} of {row['supply']} reaches no market: it counts for nothing"
        place = ("supplies.csv", row["line"])
        other = _markets(model, row["commodity"])
        abroad = [one for one in other if one["owner"] != row["owner"]]
        if abroad and not any(one["owner"] == row["owner"] for one in other):
            mend = (
                f"market {abroad[0]['market']} takes only goods of {abroad[0]['owner']}: write the owner of the "
                f"goods ({row['owner']}) there, and who buys them into buyer"
            )
            yield Fault("K1001", why, mend, *place, "owner", row["owner"])
        else:
            yield Fault("K1001", why, _missing_way(model, row), *place, "node", row["node"])


def _missing_way(model: Model, supply: Row) -> str:
    """Return what a supply without a market lacks first: a link, its carries row, or an open link."""
    commodity = supply["commodity"]
    leaving = [row for row in model.table("links").iter_rows(named=True) if row["from_node"] == supply["node"]]
    carried = set(model.table("carries").filter(commodity=commodity)["link"].to_list())
    bare = [row["link"] for row in leaving if row["link"] not in carried]
    shut = [row for row in leaving if row["link"] in carried and row["status"] in {"planned", "stopped"}]
    if not _markets(model, commodity):
        return f"give {commodity} a market in markets.csv"
    if not leaving:
        return f"no link of links.csv begins at node {supply['node']}: correct the node, or from_node and to_node"
    if shut and len(shut) + len(bare) == len(leaving):
        return f"link {shut[0]['link']} is {shut[0]['status']}: write operating, or an option that opens it"
    if len(bare) == len(leaving):
        return f"carries.csv has no row that lets {bare[0]} carry {commodity}: add it"
    return f"follow the links from node {supply['node']}: one lacks, or lacks a row for {commodity} in carries.csv"


def _unreached(model: Model, ways: Ways) -> Iterator[Fault]:
    supplied = model.table("supplies").select("commodity", "owner").unique().rows()
    for row in model.table("markets").iter_rows(named=True):
        if ("market", row["market"]) in ways.used:
            continue
        why = f"market {row['market']} can take no {row['commodity']}"
        place = ("markets.csv", row["line"])
        owners = sorted(owner for commodity, owner in supplied if commodity == row["commodity"])
        if row["owner"] not in owners and owners and not _made(model, row["commodity"]):
            yield Fault(
                "K1003", f"{why} of {row['owner']}", _owner_mend(model, row, owners), *place, "owner", row["owner"]
            )
            continue
        if row["depth"] == 0:
            yield Fault("K1003", why, "its depth is 0: write what it takes in a year", *place, "depth", "0")
            continue
        if not owners and not _made(model, row["commodity"]):
            mend = f"nothing brings {row['commodity']}: give it a supply in supplies.csv"
            yield Fault("K1003", why, mend, *place, "commodity", row["commodity"])
            continue
        arriving = model.table("links").filter(to_node=row["node"])["link"].to_list()
        mend = (
            f"follow the links that end at {row['node']} ({', '.join(arriving[:3])}): each needs a row in "
            "carries.csv"
            if arriving
            else f"no link ends at {row['node']}: check from_node and to_node of links.csv"
        )
        yield Fault("K1003", why, mend, *place, "node", row["node"])


def _owner_mend(model: Model, row: Row, owners: list[str]) -> str:
    if row["kind"] == "import":
        return right_form(model.focal_state)
    return (
        f"owner is whose goods the market takes: write {' or '.join(owners[:3])}, and {row['owner']} into buyer "
        "if it buys"
    )


def _markets(model: Model, commodity: str) -> list[Row]:
    return list(model.table("markets").filter(commodity=commodity).iter_rows(named=True))


def _made(model: Model, commodity: str) -> bool:
    return not model.table("conversions").filter(to_commodity=commodity).is_empty()
