"""Clauses that close nothing, clauses of states that are not there, and players without a clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kopir.core.errors import Fault
from kopir.model.contents.accounting import accounting_links
from kopir.model.contents.model import Model
from kopir.model.network.clauses import ClauseBook
from kopir.strategy.sense.ways import Ways


def refusal_doubts(model: Model, ways: Ways, clauses: ClauseBook) -> Iterator[Fault]:
    """Yield a warning for each clause and each player that no answer can depend on."""
    yield from _closing_nothing(model, ways)
    yield from _elsewhere(model, clauses)
    yield from _players(model, clauses)


def _closing_nothing(model: Model, ways: Ways) -> Iterator[Fault]:
    apart = accounting_links(model.folder)
    grouped = set(model.table("capacity_group_members").select("asset_type", "asset").iter_rows())
    for row in model.table("denial").iter_rows(named=True):
        asset = (row["asset_type"], row["asset"])
        place = ("denial.csv", row["line"])
        if row["basis_kind"] != "none" and not row["effectiveness_high"]:
            why = "an effectiveness of nought closes nothing"
            mend = "write the share of the asset that a refusal closes, or basis_kind none"
            yield Fault("K1007", why, mend, *place, "effectiveness_high", "0")
        elif (
            asset not in ways.used and asset not in grouped and row["asset"] not in apart and asset[0] != "storage"
        ):
            why = f"{row['asset']} lies on no way from a supply to a market: closing it closes nothing"
            mend = "name an asset that goods pass, or mend the way (see the warnings of supplies and markets)"
            yield Fault("K1007", why, mend, *place, "asset", row["asset"])


def _elsewhere(model: Model, clauses: ClauseBook) -> Iterator[Fault]:
    """Clauses by right of territory over links whose states lie on neither end nor course."""
    places = dict(model.table("nodes").select("node", "territory").iter_rows())
    states = _crossed(model, places)
    kinds = dict(model.table("jurisdictions").select("jurisdiction", "kind").iter_rows())
    for row in model.table("denial").iter_rows(named=True):
        here = states.get((row["asset_type"], row["asset"]))
        if row["basis_kind"] != "territory" or here is None or not row["effectiveness_low"]:
            continue  # a share from nought says that it is not known whether the state is crossed
        for party in row["clause"]:
            named = {party, *clauses.members.get(party, ())}
            if kinds.get(party) == "state" and party != model.settings.model.home and not named & here:
                why = f"{row['asset']} lies in {' and '.join(sorted(here))}, not on the territory of {party}"
                mend = "correct the clause, add the state to territories of links.csv, or give another basis_kind"
                yield Fault("K1008", why, mend, "denial.csv", row["line"], "clause", "+".join(row["clause"]))


def _crossed(model: Model, places: Mapping[str, str]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in model.table("links").iter_rows(named=True):
        ends = {places[row["from_node"]], places[row["to_node"]]}
        found["link", row["link"]] = {*row["territories"], *ends} if row["territories"] else ends
    return found


def _players(model: Model, clauses: ClauseBook) -> Iterator[Fault]:
    held = {party for row in model.folder.tables["denial"].typed["clause"].to_list() for party in row}
    held |= {party for clause in clauses.clauses for party in clause.parties}
    for table in ("shares", "trade", "layer_routes", "deals", "institutions"):
        frame = model.folder.tables[table].typed
        for column in ("partner", "control", "controllers", "jurisdiction"):
            if column in frame.columns:
                for cell in frame[column].drop_nulls().to_list():
                    held |= {cell} if isinstance(cell, str) else set(cell)
    for player in model.settings.players:
        if not held & {player, *clauses.members.get(player, ())}:
            why = f"{player} stands in no clause of denial.csv: whatever it refuses costs nothing"
            mend = f"add what {player} can close to denial.csv, or take it out of players"
            yield Fault("K1009", why, mend, "kopir.toml", None, "players", player)
