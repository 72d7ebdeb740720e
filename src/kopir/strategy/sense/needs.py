"""Needs at home: said once, without a price that would count as income, with a price of going without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from kopir.core.errors import Fault
from kopir.model.contents.model import Model

ALIKE = 0.02
"""Relative difference below which two depths are one figure written twice."""


def need_doubts(model: Model) -> Iterator[Fault]:
    """Yield a warning for needs that stand twice, are priced, are not missed, or are of another state."""
    rows = list(model.table("markets").iter_rows(named=True))
    yield from _said_twice(rows, model.focal_state)
    yield from _bought_for_nothing(model)
    for row in rows:
        yield from _below_nought(row)
        yield from _cheaper_to_go_without(model, row)
        yield from _priced(row)
        yield from _of_a_kind(model, row)


def right_form(home: str) -> str:
    """Return how imports are written, whoever owns the goods in supplies.csv."""
    return (
        f"write the need once: owner {home}, kind import, price 0, all of it as depth, and what a missing unit "
        "costs as unmet_penalty; sellers are told apart in supplies.csv, where cost is what is paid to them"
    )


def _said_twice(rows: list[dict[str, Any]], home: str) -> Iterator[Fault]:
    places: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["unmet_penalty"] is not None:
            places[row["node"], row["commodity"]].append(row)
    for (node, commodity), steps in sorted(places.items()):
        for one, other in combinations(steps, 2):
            alike = abs(one["depth"] - other["depth"]) <= ALIKE * max(one["depth"], other["depth"])
            if one["owner"] != other["owner"] or alike:
                why = f"the need of {commodity} at {node} stands twice: in {one['market']} and {other['market']}"
                yield Fault(
                    "K1002", why, right_form(home), "markets.csv", other["line"], "depth", f"{other['depth']:g}"
                )


def _bought_for_nothing(model: Model) -> Iterator[Fault]:
    territory = dict(model.table("nodes").select("node", "territory").iter_rows())
    for row in model.table("supplies").iter_rows(named=True):
        if row["owner"] == model.focal_state != territory[row["node"]] and row["cost"] == 0:
            why = f"what {row['supply']} sells from {territory[row['node']]} costs nothing"
            mend = "write into cost what is paid to the seller for a unit"
            yield Fault("K1030", why, mend, "supplies.csv", row["line"], "cost", "0")


def _below_nought(row: Mapping[str, Any]) -> Iterator[Fault]:
    if row["price"] < 0:
        why = f"{row['market']} pays less than nothing for {row['commodity']}"
        mend = "write the price without a sign; what is paid stands in cost"
        yield Fault("K1031", why, mend, "markets.csv", row["line"], "price", f"{row['price']:g}")


def _cheaper_to_go_without(model: Model, row: Mapping[str, Any]) -> Iterator[Fault]:
    supplies = model.table("supplies").filter(commodity=row["commodity"], owner=row["owner"])
    least = min(supplies["cost"].to_list(), default=0.0)
    if row["unmet_penalty"] is not None and row["unmet_penalty"] + row["price"] < least:
        why = f"going without costs {row['unmet_penalty']:g} a unit, and no supply of it costs less than {least:g}"
        mend = "write into unmet_penalty what a missing unit costs, more than what is paid for one"
        yield Fault("K1029", why, mend, "markets.csv", row["line"], "unmet_penalty", f"{row['unmet_penalty']:g}")


def _priced(row: Mapping[str, Any]) -> Iterator[Fault]:
    place = ("markets.csv", row["line"])
    if row["kind"] != "import":
        return
    if row["unmet_penalty"] is None:
        why = f"nobody misses what {row['market']} does not get: no refusal of its sellers costs anything"
        mend = "write into unmet_penalty what a missing unit costs: the dearest substitute, or output that is lost"
        yield Fault("K1016", why, mend, *place, "unmet_penalty")
    elif row["price"] > 0:
        why = "what is paid for an import counts as income, beside the penalty of going without"
        mend = "write price 0: what is paid to sellers stands in cost of supplies.csv"
        yield Fault("K1015", why, mend, *place, "price", f"{row['price']:g}")


def _of_a_kind(model: Model, row: Mapping[str, Any]) -> Iterator[Fault]:
    territory = dict(model.table("nodes").select("node", "territory").iter_rows())[row["node"]]
    home = model.focal_state
    place = ("markets.csv", row["line"], "kind", row["kind"])
    if row["owner"] != home:
        if row["kind"] == "import":
            why = f"a need that belongs to {row['owner']}: what {home} goes without is not counted as its loss"
            yield Fault("K1006", why, right_form(home), place[0], place[1], "owner", row["owner"])
        return
    if row["kind"] == "import" and territory != home:
        why = f"a need of {home} that lies in {territory}"
        yield Fault("K1025", why, "write export for a sale abroad, or correct the node", *place)
    elif row["kind"] == "export" and territory == home and row["unmet_penalty"] is not None:
        why = f"a sale abroad that lies in {home} and has a penalty of going without"
        yield Fault("K1025", why, "write import for a need of bought goods, domestic for one of own goods", *place)
