"""Whether a rule for sharing a cut is given where there is something to share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder


def apportionment_faults(folder: Folder) -> Iterator[Fault]:
    """Yield a fault for each group with an apportionment whose members fewer than two supplies can reach."""
    groups = folder.tables["capacity_groups"]
    sharing = [row for row in groups.typed.iter_rows(named=True) if row["apportionment"] is not None]
    reached = _reached(folder) if sharing else {}
    members: dict[str, list[tuple[str, str]]] = {}
    for one in folder.tables["capacity_group_members"].typed.iter_rows(named=True):
        members.setdefault(one["group"], []).append((one["asset_type"], one["asset"]))
    for row in sharing:
        assets = members.get(row["group"], [])
        shippers = {supply for supply, assets_of in reached.items() for asset in assets if asset in assets_of}
        if len(shippers) < 2:
            only = f"only {next(iter(shippers))} can use it" if shippers else "no supply can reach it"
            mend = "leave apportionment blank, or correct the members of the group"
            why = f"an apportionment on a capacity that nobody shares: {only}"
            yield Fault("K0315", why, mend, groups.file, row["line"], "apportionment", row["apportionment"])


def _reached(folder: Folder) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return the assets that goods of each supply can reach over links, whatever they cost and carry."""
    links = list(folder.tables["links"].typed.iter_rows(named=True))
    places = {
        (kind, row[kind]): row["node"]
        for kind, table in (("market", "markets"), ("conversion", "conversions"))
        for row in folder.tables[table].typed.iter_rows(named=True)
    } | {("link", row["link"]): row["from_node"] for row in links}
    onward: dict[str, list[str]] = {}
    for link in links:
        onward.setdefault(link["from_node"], []).append(link["to_node"])
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for row in folder.tables["supplies"].typed.iter_rows(named=True):
        nodes, frontier = set[str](), [row["node"]]
        while frontier:
            node = frontier.pop()
            if node not in nodes:
                nodes.add(node)
                frontier += onward.get(node, [])
        assets = {asset for asset, node in places.items() if node in nodes}
        found[row["supply"]] = frozenset(assets | {("supply", row["supply"])})
    return found
