"""A PyPSA network folder (CSV) as a model folder: buses, links, generators, loads and stores of one snapshot.

One unit of power is one Mt a year and costs are USD/t. A bus is a node, its carrier the good; a link between
carriers is a conversion and a way. A generator is a supply, one of negative sign a market that pays its cost, a
load a need with a price on what it lacks. All goods belong to the focal state. What PyPSA can say and a model
cannot is a fault: nothing is left out silently.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kopir.core.clock import today
from kopir.core.codes import state_called
from kopir.core.errors import Fault, InputError
from kopir.core.folders.cells import parse_number
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.settings import FILE
from kopir.core.folders.tables import format_table, make_table
from kopir.core.folders.textfiles import read_text
from kopir.model.neighbours.sheets import written

ABROAD = "ABROAD"
"""The player of a network whose buses name no other country."""
DEAREST, LEAST = 10.0, 1_000.0
"""A load that is not met costs so many times the dearest thing of the network, and at least so many USD/t."""

Row = Mapping[str, str]
Rows = list[dict[str, str]]

_READ = ("buses", "links", "generators", "loads", "stores", "carriers", "snapshots", "network")
_BEYOND = ("lines", "transformers", "storage_units", "shunt_impedances", "global_constraints", "processes")
_BY_SNAPSHOT = re.compile(
    r"(?:inflow|(?:p|e)_(?:set|max_pu|min_pu)|marginal_cost|efficiency\d*|standing_loss|marginal_cost_quadratic)"
)
"""Columns that may stand by snapshot in a table of their own, ``links-efficiency.csv``; others are results."""
_TRUE = frozenset({"true", "1", "1.0", "yes"})
_MEND = "write it otherwise in the network, or leave it out there"


@dataclass
class _Made:
    """Rows of the tables of the model, the codes given so far, and faults found."""

    rows: dict[str, Rows] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, table: str, **cells: str) -> None:
        self.rows.setdefault(table, []).append(cells)

    def code(self, kind: str, name: str) -> str:
        """Return the code of a component: its name, with what no code may hold as ``_``."""
        if (kind, name) not in self.codes:
            stem = re.sub(r"[^\w.-]+", "_", name).strip("_.-") or kind
            taken = {code.lower() for (of, _), code in self.codes.items() if of == kind}
            code, number = stem, 2
            while code.lower() in taken:
                code, number = f"{stem}_{number}", number + 1
            self.codes[kind, name] = code
        return self.codes[kind, name]


def is_pypsa(path: Path) -> bool:
    """Return whether a folder looks like one that PyPSA wrote."""
    return path.is_dir() and (path / "buses.csv").is_file() and not (path / FILE).exists()


def from_pypsa(path: Path, *, name: str, focal: str) -> dict[str, bytes]:
    """Return the files of a model of the network in the folder ``path``, whose goods belong to ``focal``.

    Raises :class:`InputError` with everything that a model cannot say.
    """
    tables = {one: _read(path, one) for one in _READ}
    made = _Made(faults=[*_beyond(path), *_more_than_a_year(tables["snapshots"])])
    of = {bus["name"]: _Bus.of(made, bus, focal) for bus in tables["buses"]}
    players = sorted({bus.territory for bus in of.values()} - {focal}) or [ABROAD]
    for commodity in sorted({bus.commodity for bus in of.values()}):
        made.add("commodities", commodity=commodity, unit="Mt")
    for one in (focal, *players):
        made.add("jurisdictions", jurisdiction=one, kind="union" if one == ABROAD else "state")
    costs = [abs(_number(row, "marginal_cost")) for kind in ("links", "generators") for row in tables[kind]]
    penalty = written(max(LEAST, DEAREST * max(costs, default=0.0)))
    for kind, read in (("links", _link), ("generators", _generator), ("loads", _load), ("stores", _store)):
        for row in tables[kind]:
            unknown = [row[port] for port in ("bus", "bus0", "bus1") if port in row and row[port] not in of]
            if unknown:
                made.faults.append(_fault(kind, row, "bus", "no such bus in buses.csv", unknown[0]))
            else:
                read(made, row, of, penalty)
    if made.faults:
        raise InputError(made.faults)
    made.add("functions", function="network", kind="network")
    for empty in ("baseline_flows", "denial", "facts", "names", "sources"):
        made.rows.setdefault(empty, [])
    schemas = table_schemas()
    written_tables = {one: format_table(make_table(schemas[one], rows)) for one, rows in made.rows.items()}
    settings = _settings(name, focal, players)
    return {FILE: settings} | {f"{one}.csv": text.encode() for one, text in sorted(written_tables.items())}


@dataclass(frozen=True, slots=True)
class _Bus:
    node: str
    commodity: str
    territory: str
    owner: str

    @classmethod
    def of(cls, made: _Made, row: Row, focal: str) -> _Bus:
        """Return a bus, whose node is added to the tables."""
        commodity = made.code("carrier", row.get("carrier") or "AC")
        bus = cls(made.code("bus", row["name"]), commodity, state_called(row.get("country", "")) or focal, focal)
        place = {}
        if row.get("x") and row.get("y") and (row["x"], row["y"]) != ("0.0", "0.0"):
            place = {"lon": row["x"], "lat": row["y"]}
        made.add("nodes", node=bus.node, kind="hub", territory=bus.territory, **place)
        return bus


def _link(made: _Made, row: Row, of: Mapping[str, _Bus], _: str) -> None:
    first, last = of[row["bus0"]], of[row["bus1"]]
    made.faults += _unsaid(made, "links", row)
    more = [name for name in row if re.fullmatch(r"bus[2-9]\d*", name) and row[name]]
    if more:
        made.faults.append(_fault("links", row, more[0], "a link with a third bus", row[more[0]]))
    gain, cost = _number(row, "efficiency", 1.0), _number(row, "marginal_cost")
    most, least = _number(row, "p_max_pu", 1.0), _number(row, "p_min_pu")
    room = _number(row, "p_nom")
    if least > 0 or (least < 0 and (gain != 1 or cost != 0 or first.commodity != last.commodity)):
        why = "a link that must run, or runs backwards at a cost, a loss or into another carrier"
        made.faults.append(_fault("links", row, "p_min_pu", why, written(least)))
        return
    if first.commodity == last.commodity and gain > 1:
        made.faults.append(_fault("links", row, "efficiency", "a link that makes more of the same", written(gain)))
        return
    name = made.code("link", row["name"])
    if first.commodity == last.commodity:
        _way(made, name, first, last, first.commodity, room * most, cost, 1 - gain)
        if least < 0:
            _way(made, made.code("link", f"{row['name']} back"), last, first, first.commodity, -room * least, 0, 0)
        return
    made.add(
        "conversions",
        conversion=name,
        node=first.node,
        from_commodity=first.commodity,
        to_commodity=last.commodity,
        ratio=written(gain),
        cost=written(cost),
        nameplate=written(room * most),
        basis=_BASIS,
    )
    if first.node != last.node:
        _way(made, name, first, last, last.commodity, None, 0, 0)


def _way(
    made: _Made, name: str, first: _Bus, last: _Bus, goods: str, room: float | None, cost: float, loss: float
) -> None:
    territories = " ".join(dict.fromkeys((first.territory, last.territory)))
    mode = "power" if goods in {"AC", "DC"} else "pipeline"
    made.add("links", link=name, from_node=first.node, to_node=last.node, mode=mode, territories=territories)
    made.add(
        "carries",
        link=name,
        commodity=goods,
        cost=written(float(cost)),
        loss=written(round(float(loss), 12)),
        nameplate="" if room is None else written(room),
        basis=_BASIS,
    )


def _generator(made: _Made, row: Row, of: Mapping[str, _Bus], _: str) -> None:
    bus = of[row["bus"]]
    made.faults += _unsaid(made, "generators", row)
    if _number(row, "p_min_pu") != 0:
        made.faults.append(_fault("generators", row, "p_min_pu", "a generator that must run", row["p_min_pu"]))
    amount = written(_number(row, "p_nom") * _number(row, "p_max_pu", 1.0))
    cost, gives = _number(row, "marginal_cost"), _number(row, "sign", 1.0) > 0
    name = made.code("supply" if gives else "market", row["name"])
    goods = {"node": bus.node, "commodity": bus.commodity, "owner": bus.owner, "basis": _BASIS}
    if gives:
        made.add("supplies", supply=name, amount=amount, cost=written(cost), **goods)
    else:
        made.add("markets", market=name, kind="export", price=written(-cost), depth=amount, **goods)


def _load(made: _Made, row: Row, of: Mapping[str, _Bus], penalty: str) -> None:
    bus = of[row["bus"]]
    made.faults += _unsaid(made, "loads", row)
    amount, name = _number(row, "p_set"), row["name"]
    if amount < 0:
        made.faults.append(_fault("loads", row, "p_set", "a load below nought", row["p_set"]))
    made.add(
        "markets",
        market=made.code("market", name if ("market", name) not in made.codes else f"{name} load"),
        node=bus.node,
        commodity=bus.commodity,
        owner=bus.owner,
        kind="domestic",
        price="0",
        depth=written(amount),
        unmet_penalty=penalty,
        basis=_PENALTY,
    )


def _store(made: _Made, row: Row, of: Mapping[str, _Bus], _: str) -> None:
    bus = of[row["bus"]]
    made.faults += _unsaid(made, "stores", row)
    first, cyclic = _number(row, "e_initial"), row.get("e_cyclic", "").lower() in _TRUE
    kept = _number(row, "e_min_pu") * _number(row, "e_nom")
    if first and not cyclic and kept < first * (1 - 1e-9):
        why = "a store that may end emptier than it began"
        made.faults.append(_fault("stores", row, "e_cyclic", why, row.get("e_cyclic", "")))
    made.add(
        "storage",
        storage=made.code("store", row["name"]),
        node=bus.node,
        commodity=bus.commodity,
        owner=bus.owner,
        capacity=written(_number(row, "e_nom")),
        initial=written(first),
        cost=written(abs(_number(row, "marginal_cost"))),
        basis=_BASIS,
    )


_BASIS = "the PyPSA network"
_PENALTY = (
    f"the PyPSA network must serve its loads; what is not served costs {DEAREST:.0f} times its dearest thing"
)


def _unsaid(made: _Made, kind: str, row: Row) -> Iterator[Fault]:
    """Yield what a row asks for that a model of one year at given capacities cannot say, or cannot read."""
    for column in ("p_nom_extendable", "e_nom_extendable", "committable"):
        if row.get(column, "").lower() in _TRUE:
            yield _fault(kind, row, column, "something to be sized or switched", row[column])
    for column in ("marginal_cost_quadratic", "standing_loss", "delay", "stand_by_cost", "e_sum_min"):
        if parse_number(row.get(column, "")) not in {None, 0.0}:
            yield _fault(kind, row, column, "a cost, loss or delay of another form", row[column])
    for column in ("p_nom", "e_nom", "p_set", "marginal_cost", "efficiency", "p_max_pu", "p_min_pu", "sign"):
        if row.get(column) and parse_number(row[column]) is None:
            yield _fault(kind, row, column, "not a finite number", row[column])


def _beyond(path: Path) -> Iterator[Fault]:
    """Yield the tables of the folder that a model has no place for."""
    for name in sorted(one.name for one in path.glob("*.csv")):
        stem = name.removesuffix(".csv")
        if stem in _BEYOND and _read(path, stem):
            yield Fault("K0390", f"{stem}: a model has nothing like it", _MEND, name)


def _more_than_a_year(snapshots: Rows) -> Iterator[Fault]:
    if len(snapshots) > 1:
        mend = "write a network of one snapshot: averages over the year"
        yield Fault("K0390", f"{len(snapshots)} snapshots", mend, "snapshots.csv")
    for row in snapshots[:1]:
        weight = next((row[name] for name in ("objective", "weightings") if row.get(name)), "1")
        if parse_number(weight) != 1:
            yield Fault("K0390", "a weight of the snapshot", "write 1", "snapshots.csv", 2, "objective", weight)


def _fault(kind: str, row: Row, column: str, why: str, value: str) -> Fault:
    return Fault("K0390", f"{row['name']}: {why}", _MEND, f"{kind}.csv", None, column, value)


def _number(row: Row, column: str, otherwise: float = 0.0) -> float:
    found = parse_number(row.get(column, ""))
    return otherwise if found is None else found


def _read(path: Path, name: str) -> Rows:
    """Return the rows of a table, none where there is none; its first column is the name."""
    if not (path / f"{name}.csv").exists():
        return []
    text = read_text(path, f"{name}.csv")
    if isinstance(text, Fault):
        raise InputError(text)
    try:
        head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (csv.Error, ValueError) as error:
        raise InputError(Fault("K0105", f"not CSV: {error}", "write the network anew", f"{name}.csv")) from error
    head = ["name", *head[1:]]
    found = [dict(zip(head, row, strict=False)) for row in rows if row]
    for column, values in _by_snapshot(path, name):
        for row in found:
            if row["name"] in values:
                row[column] = values[row["name"]]
    return found


def _by_snapshot(path: Path, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the columns of a table that stand by snapshot, with the values of the one snapshot by component."""
    for file in sorted(path.glob(f"{name}-*.csv")):
        column = file.stem.removeprefix(f"{name}-")
        if not _BY_SNAPSHOT.fullmatch(column):
            continue
        text = read_text(path, file.name)
        if isinstance(text, Fault):
            raise InputError(text)
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
        if len(lines) != 2:
            mend = "write a network of one snapshot: averages over the year"
            raise InputError(Fault("K0390", f"values of {max(0, len(lines) - 1)} snapshots", mend, file.name))
        yield column, dict(zip(lines[0][1:], lines[1][1:], strict=False))


def _settings(name: str, focal: str, players: list[str]) -> bytes:
    listed = ", ".join(f'"{player}"' for player in players)
    year = today().year - 1
    return (
        f'format = 1\nplayers = [{listed}]\n\n[model]\nname = "{name}"\nfocal_state = "{focal}"\n'
        f"base_year = {year}\n"
    ).encode()
