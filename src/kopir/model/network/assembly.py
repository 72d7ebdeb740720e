"""From the tables of a model to the arrays of its network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from kopir.core.sparse import Sparse
from kopir.model.contents.model import Model, Row
from kopir.model.contents.quantities import CellRef
from kopir.model.network.capacity import Capacity
from kopir.model.network.clauses import Asset
from kopir.model.network.network import (
    Activities,
    Cargo,
    Gains,
    Kind,
    Limits,
    Needs,
    Network,
    Stores,
    Triggers,
)
from kopir.model.network.obligations import Obligation, assets_of, in_force

Rows = Sequence[Row]
Tables = Mapping[str, Rows]
Charges = Mapping[Asset, Sequence[Row]]
"""Rows of charges.csv by asset."""
_TABLES = (
    "capacity_group_members",
    "capacity_groups",
    "carries",
    "charges",
    "contracts",
    "conversions",
    "links",
    "markets",
    "nodes",
    "option_gains",
    "options",
    "storage",
    "supplies",
)


@dataclass(frozen=True, slots=True)
class _Activity:
    kind: Kind
    asset: Asset
    cargo: Cargo
    taken: tuple[str, Cargo] | None
    put: tuple[str, Cargo] | None
    gain: float
    cost: float
    amount: float
    restart: float = 0.0


@dataclass
class _Limit:
    asset: Asset
    nameplate: float
    firm: float
    ramp: float
    lag: float
    pro_rata: bool = False
    members: list[tuple[int, float]] = field(default_factory=list)


def build_network(model: Model, values: Mapping[CellRef, float] | None = None) -> Network:
    """Return the network of ``model``; ``values`` replaces central values of uncertain quantities.

    Cargoes are the commodities of supplies, and what conversions make of them, for each owner. Links that
    are stopped or planned carry nothing unless an option opens them. Accounting layers are no part of it.
    """
    tables: dict[str, Rows] = {name: model.rows(name, values) for name in _TABLES}
    nodes, options = model.beyond_network
    tables["nodes"] = [row for row in tables["nodes"] if row["node"] not in nodes]
    for name in ("options", "option_gains"):
        tables[name] = [row for row in tables[name] if row["option"] not in options]
    cargoes = _cargoes(tables)
    charges = charges_by_asset(tables["charges"])
    activities = [
        *_flows(tables, cargoes, charges),
        *_supplies(tables["supplies"], charges),
        *_sales(tables["markets"], charges),
        *_conversions(tables["conversions"], cargoes, charges),
    ]
    shortfalls = list(_shortfalls(tables["contracts"]))
    activities += shortfalls
    return _arrays(tables, cargoes, activities, _triggering(model, values))


def _triggering(model: Model, values: Mapping[CellRef, float] | None) -> Mapping[Obligation, Sequence[Asset]]:
    """Return the clauses under which using one asset closes others, with what they close."""
    if all(row["form"] != "triggers" for row in model.rows("obligations")):
        return {}
    return {
        one: closed
        for one in in_force(model, values)
        if one.form == "triggers"
        and one.left.is_asset
        and not one.soft
        and (closed := assets_of(model, one.target))
    }


def _cargoes(tables: Tables) -> tuple[Cargo, ...]:
    found = {Cargo(row["commodity"], row["owner"]) for row in tables["supplies"]}
    steps = [(row["from_commodity"], row["to_commodity"]) for row in tables["conversions"]]
    while True:
        made = {Cargo(to, cargo.owner) for cargo in found for source, to in steps if cargo.commodity == source}
        if made <= found:
            return tuple(sorted(found))
        found |= made


def charges_by_asset(rows: Rows) -> Charges:
    """Return the rows of charges.csv by the asset that they are paid at, in their order."""
    found: dict[Asset, list[Row]] = {}
    for row in rows:
        found.setdefault((row["asset_type"], row["asset"]), []).append(row)
    return found


def charge_rows(charges: Charges, asset: Asset, cargo: Cargo) -> Iterator[Row]:
    """Yield the rows of charges.csv that one unit of ``cargo`` pays at ``asset``."""
    for row in charges.get(asset, ()):
        if row["commodity"] in {None, cargo.commodity} and row["owner"] in {None, cargo.owner}:
            yield row


def _in_order(rows: Rows, *keys: str) -> list[Row]:
    """Return the rows sorted by ``keys``, none of which is blank."""
    return sorted(rows, key=itemgetter(*keys))


def _charge(charges: Charges, asset: Asset, cargo: Cargo, price: float = 0.0) -> float:
    return math.fsum(row["amount"] + row["share"] * price for row in charge_rows(charges, asset, cargo))


def _flows(tables: Tables, cargoes: Sequence[Cargo], charges: Charges) -> Iterator[_Activity]:
    links = {row["link"]: row for row in tables["links"]}
    for row in _in_order(tables["carries"], "link", "commodity"):
        link = links.get(row["link"])
        if link is None:
            continue
        asset = ("link", row["link"])
        for cargo in cargoes:
            if cargo.commodity == row["commodity"]:
                cost = row["cost"] + _charge(charges, asset, cargo)
                ends = (link["from_node"], cargo), (link["to_node"], cargo)
                yield _Activity(Kind.FLOW, asset, cargo, *ends, 1 - row["loss"], cost, np.inf)


def _supplies(frame: Rows, charges: Charges) -> Iterator[_Activity]:
    for row in _in_order(frame, "supply"):
        asset, cargo = ("supply", row["supply"]), Cargo(row["commodity"], row["owner"])
        cost = row["cost"] + _charge(charges, asset, cargo)
        end = (row["node"], cargo)
        yield _Activity(Kind.SUPPLY, asset, cargo, None, end, 1.0, cost, row["amount"], row["restart"])


def _sales(frame: Rows, charges: Charges) -> Iterator[_Activity]:
    for row in _in_order(frame, "market"):
        asset, cargo = ("market", row["market"]), Cargo(row["commodity"], row["owner"])
        price = row["price"] + row["differential"]
        cost = _charge(charges, asset, cargo, price) - price
        yield _Activity(Kind.SALE, asset, cargo, (row["node"], cargo), None, 1.0, cost, row["depth"])
        if row["unmet_penalty"] is not None:
            yield _Activity(Kind.UNMET, asset, cargo, None, None, 1.0, row["unmet_penalty"], row["depth"])


def _conversions(frame: Rows, cargoes: Sequence[Cargo], charges: Charges) -> Iterator[_Activity]:
    for row in _in_order(frame, "conversion"):
        asset = ("conversion", row["conversion"])
        for cargo in cargoes:
            if cargo.commodity == row["from_commodity"]:
                cost = row["cost"] + _charge(charges, asset, cargo)
                ends = (row["node"], cargo), (row["node"], Cargo(row["to_commodity"], cargo.owner))
                yield _Activity(Kind.CONVERSION, asset, cargo, *ends, row["ratio"], cost, np.inf)


def _shortfalls(frame: Rows) -> Iterator[_Activity]:
    for row in _in_order(frame, "contract"):
        asset, cargo = ("contract", row["contract"]), Cargo(row["commodity"], row["owner"])
        yield _Activity(Kind.SHORTFALL, asset, cargo, None, None, 1.0, row["penalty"], row["minimum"])


def _arrays(
    tables: Tables,
    cargoes: tuple[Cargo, ...],
    activities: Sequence[_Activity],
    watched: Mapping[Obligation, Sequence[Asset]],
) -> Network:
    nodes = tuple(sorted(row["node"] for row in tables["nodes"]))
    node_index = {node: index for index, node in enumerate(nodes)}
    cargo_index = {cargo: index for index, cargo in enumerate(cargoes)}
    activities = [activity for activity in activities if activity.cargo in cargo_index]
    limits = [*_limits(tables, activities), *_watches(tables, activities, watched)]
    groups = [("group", row["group"]) for row in tables["capacity_groups"]]
    stores = [("storage", row["storage"]) for row in tables["storage"]]
    duties = [("obligation", one.code) for one in watched]
    assets = tuple(sorted({activity.asset for activity in activities} | {*groups, *stores, *duties}))
    asset_index = {asset: index for index, asset in enumerate(assets)}

    def row_of(end: tuple[str, Cargo] | None) -> int:
        return -1 if end is None else node_index[end[0]] * len(cargoes) + cargo_index[end[1]]

    columns = Activities(
        kind=np.array([activity.kind for activity in activities], dtype=np.int64),
        asset=np.array([asset_index[activity.asset] for activity in activities], dtype=np.int64),
        cargo=np.array([cargo_index[activity.cargo] for activity in activities], dtype=np.int64),
        taken=np.array([row_of(activity.taken) for activity in activities], dtype=np.int64),
        put=np.array([row_of(activity.put) for activity in activities], dtype=np.int64),
        gain=np.array([activity.gain for activity in activities], dtype=np.float64),
        cost=np.array([activity.cost for activity in activities], dtype=np.float64),
        amount=np.array([activity.amount for activity in activities], dtype=np.float64),
    )
    return Network(
        nodes=nodes,
        cargoes=cargoes,
        assets=assets,
        activities=columns,
        limits=_limit_arrays(limits, asset_index, len(activities)),
        needs=_needs(tables, activities, asset_index),
        stores=_stores(tables["storage"], asset_index, row_of, cargo_index),
        gains=_gains(tables, limits, activities),
        restart=np.array([activity.restart for activity in activities], dtype=np.float64),
        triggers=_triggers(watched, limits, asset_index),
    )


def _limits(tables: Tables, activities: Sequence[_Activity]) -> list[_Limit]:
    limits: list[_Limit] = []
    members: dict[tuple[Asset, str], list[int]] = {}
    for index, activity in enumerate(activities):
        members.setdefault((activity.asset, activity.cargo.commodity), []).append(index)
    status = {row["link"]: row["status"] for row in tables["links"]}
    by_merit = _links_by_merit(tables)
    for row in _in_order(tables["carries"], "link", "commodity"):
        asset = ("link", row["link"])
        limit = _limit(asset, row, closed=status.get(row["link"]) in {"stopped", "planned"})
        limit.members = [(index, 1.0) for index in members.get((asset, row["commodity"]), [])]
        limit.pro_rata = row["link"] not in by_merit
        limits.append(limit)
    for row in _in_order(tables["conversions"], "conversion"):
        asset = ("conversion", row["conversion"])
        limit = _limit(asset, row)
        limit.members = [(index, 1.0) for index in members.get((asset, row["from_commodity"]), [])]
        limits.append(limit)
    grouped = _group_members(tables, activities)
    for row in _in_order(tables["capacity_groups"], "group"):
        if row["enforced"]:
            limit = _limit(("group", row["group"]), row)
            limit.members = grouped.get(row["group"], [])
            limit.pro_rata = row["apportionment"] != "merit"
            limits.append(limit)
    return [limit for limit in limits if limit.members]


def _links_by_merit(tables: Tables) -> frozenset[str]:
    """Return the links that belong to a group whose capacity goes to who gains most."""
    merit = {row["group"] for row in tables["capacity_groups"] if row["apportionment"] == "merit"}
    members = tables["capacity_group_members"]
    return frozenset(row["asset"] for row in members if row["group"] in merit and row["asset_type"] == "link")


def _group_members(tables: Tables, activities: Sequence[_Activity]) -> Mapping[str, list[tuple[int, float]]]:
    """Return by group the activities that share its capacity, with what a unit of each takes of it."""
    by_asset = _by_asset(activities)
    found: dict[str, list[tuple[int, float]]] = {}
    for part in tables["capacity_group_members"]:
        found.setdefault(part["group"], []).extend(
            (index, part["coefficient"])
            for index in by_asset.get((part["asset_type"], part["asset"]), ())
            if part["commodity"] in {None, activities[index].cargo.commodity}
        )
    return found


def _by_asset(activities: Sequence[_Activity]) -> Mapping[Asset, Sequence[int]]:
    found: dict[Asset, list[int]] = {}
    for index, activity in enumerate(activities):
        found.setdefault(activity.asset, []).append(index)
    return found


def _watches(tables: Tables, activities: Sequence[_Activity], watched: Iterable[Obligation]) -> Iterator[_Limit]:
    """Yield a limit that never binds for each trigger: its left side is the use that the trigger counts."""
    watched = list(watched)
    if not watched:
        return
    groups = {("group", row["group"]) for row in tables["capacity_groups"]}
    grouped, by_asset = _group_members(tables, activities), _by_asset(activities)
    for one in watched:
        asset = (one.left.kind, one.left.code)
        limit = _Limit(("obligation", one.code), np.inf, np.inf, 0.0, 0.0)
        if asset in groups:
            limit.members = grouped.get(one.left.code, [])
        else:
            limit.members = [
                (index, 1.0)
                for index in by_asset.get(asset, ())
                if activities[index].kind not in {Kind.UNMET, Kind.SHORTFALL}
            ]
        yield limit


def _triggers(
    watched: Mapping[Obligation, Sequence[Asset]], limits: Sequence[_Limit], asset_index: Mapping[Asset, int]
) -> Triggers:
    rows = {limit.asset: index for index, limit in enumerate(limits)}
    closed = np.zeros((len(watched), len(asset_index)))
    for number, (one, assets) in enumerate(watched.items()):
        closed[number, [asset_index[asset] for asset in assets if asset in asset_index]] = one.share[0]
    return Triggers(
        limit=np.array([rows["obligation", one.code] for one in watched], dtype=np.int64),
        above=np.array([one.threshold for one in watched], dtype=np.float64),
        closed=closed,
    )


def _limit(asset: Asset, row: Row, *, closed: bool = False) -> _Limit:
    usable = np.inf if row["nameplate"] is None else max(0.0, row["nameplate"] - row["others_use"])
    firm = usable if row["firm"] is None else min(row["firm"], usable)
    if closed:
        usable = firm = 0.0
    return _Limit(asset, usable, firm, row["ramp"], row["lag"])


def _limit_arrays(limits: Sequence[_Limit], asset_index: Mapping[Asset, int], count: int) -> Limits:
    entries = [(row, index, share) for row, limit in enumerate(limits) for index, share in sorted(limit.members)]
    return Limits(
        asset=np.array([asset_index[limit.asset] for limit in limits], dtype=np.int64),
        share=_matrix(entries, (len(limits), count)),
        capacity=Capacity(
            usable=np.array([limit.nameplate for limit in limits], dtype=np.float64),
            firm=np.array([limit.firm for limit in limits], dtype=np.float64),
            ramp=np.array([limit.ramp for limit in limits], dtype=np.float64),
            lag=np.array([limit.lag for limit in limits], dtype=np.float64),
        ),
        pro_rata=np.array([limit.pro_rata for limit in limits], dtype=np.bool_),
    )


def _needs(tables: Tables, activities: Sequence[_Activity], asset_index: Mapping[Asset, int]) -> Needs:
    entries: list[tuple[int, int, float]] = []
    assets: list[int] = []
    amounts: list[float] = []
    waived: list[bool] = []
    by_asset = _by_asset(activities)
    for activity in activities:
        if activity.kind == Kind.UNMET:
            entries += [(len(assets), member, 1.0) for member in by_asset[activity.asset]]
            assets.append(asset_index[activity.asset])
            amounts.append(activity.amount)
            waived.append(False)
    contracts = {("contract", row["contract"]): row for row in tables["contracts"]}
    for index, activity in enumerate(activities):
        if activity.kind == Kind.SHORTFALL:
            row = contracts[activity.asset]
            bound = (row["asset_type"], row["asset"])
            owed = [
                member
                for member in by_asset.get(bound, ())
                if activities[member].cargo == activity.cargo and activities[member].kind in {Kind.FLOW, Kind.SALE}
            ]
            entries += [(len(assets), member, 1.0) for member in [*owed, index]]
            assets.append(asset_index[bound])
            amounts.append(row["minimum"])
            waived.append(row["if_denied"] == "waived")
    return Needs(
        asset=np.array(assets, dtype=np.int64),
        share=_matrix(entries, (len(assets), len(activities))),
        amount=np.array(amounts, dtype=np.float64),
        waived=np.array(waived, dtype=np.bool_),
    )


def _stores(
    frame: Rows,
    asset_index: Mapping[Asset, int],
    row_of: Callable[[tuple[str, Cargo]], int],
    cargoes: Mapping[Cargo, int],
) -> Stores:
    rows = [row for row in _in_order(frame, "storage") if Cargo(row["commodity"], row["owner"]) in cargoes]
    places = [row_of((row["node"], Cargo(row["commodity"], row["owner"]))) for row in rows]
    return Stores(
        asset=np.array([asset_index["storage", row["storage"]] for row in rows], dtype=np.int64),
        row=np.array(places, dtype=np.int64),
        capacity=np.array([row["capacity"] for row in rows], dtype=np.float64),
        initial=np.array([row["initial"] for row in rows], dtype=np.float64),
        cost=np.array([row["cost"] for row in rows], dtype=np.float64),
    )


def _gains(tables: Tables, limits: Sequence[_Limit], activities: Sequence[_Activity]) -> Gains:
    options = _in_order(tables["options"], "option")
    place = {row["option"]: number for number, row in enumerate(options)}
    limited: dict[Asset, list[int]] = {}
    for index, limit in enumerate(limits):
        limited.setdefault(limit.asset, []).append(index)
    by_asset = _by_asset(activities)
    limit_gain = np.zeros((len(options), len(limits)))
    amount_gain = np.zeros((len(options), len(activities)))
    for row in tables["option_gains"]:
        asset, option = (row["asset_type"], row["asset"]), place[row["option"]]
        for index in limited.get(asset, ()):
            commodities = {activities[member].cargo.commodity for member, _ in limits[index].members}
            if row["commodity"] is None or row["commodity"] in commodities:
                limit_gain[option, index] += row["gain"]
        for index in by_asset.get(asset, ()):
            if activities[index].kind in {Kind.SUPPLY, Kind.SALE}:
                amount_gain[option, index] += row["gain"]
    return Gains(
        options=tuple(place),
        limit=limit_gain,
        amount=amount_gain,
        lead_time=np.array([row["lead_time"] for row in options], dtype=np.float64),
        annual_cost=np.array([row["annual_cost"] for row in options], dtype=np.float64),
    )


def _matrix(entries: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> Sparse:
    rows, columns, shares = (np.array([entry[part] for entry in entries]) for part in range(3))
    if not entries:
        return Sparse.nothing(shape)
    return Sparse.of(rows.astype(np.int64), columns.astype(np.int64), shares, shape)
