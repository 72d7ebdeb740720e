"""How a whole answer grows with the network: ``kopir leverage`` from folder to table, on lanes of ten links."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.command_lines import spent
from benchmarks.measure import Table, row_of

SIZES = (1_000, 3_000, 10_000)
"""Links."""

LANE = 10
PARTNERS = ("AZE", "CHN", "GEO", "RUS")
MARKETS = 5
MOST_ROUNDS = 2

_STATED = {"carries", "markets", "supplies"}
"""Tables whose numbers say where they come from."""

SETTINGS = """format = 1
players = ["AZE", "CHN", "GEO", "RUS"]

[model]
name = "lanes"
focal_state = "KAZ"
base_year = 2025
currency = "USD"
"""


def run(rounds: int, sizes: Sequence[int] = SIZES) -> list[Table]:
    """Return the processor time of ``leverage --draws 0`` by links, beside that of the smallest network."""
    turns = min(rounds, MOST_ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        models = {f"{size:,} links": write_lanes(Path(folder) / str(size), size) for size in sizes}
        seconds: dict[str, list[float]] = {name: [] for name in models}
        for _ in range(turns + 1):  # the first compiles
            for name, model in models.items():
                asked = ["leverage", str(model), "--draws", "0", "--json", "--quiet"]
                seconds[name].append(spent(["-c", "from kopir.cli import main; main()", *asked]))
    first = next(iter(models))
    rows = tuple(row_of(name, seconds[name][1:], seconds[first][1:]) for name in models)
    note = "one commodity, four players, lanes of ten links from a hub to five markets; start and reading included"
    return [Table("Whole leverage by size", rows, (note,))]


def write_lanes(folder: Path, links: int) -> Path:
    """Write a model whose every lane of ten links is another way from one hub to one of five markets."""
    folder.mkdir(parents=True)
    (folder / "kopir.toml").write_text(SETTINGS, encoding="utf-8")
    lanes = range(links // LANE)
    places = {"HUB": "KAZ"} | {f"M{number}": "TUR" for number in range(MARKETS)}
    ways: list[tuple[str, str, str]] = []
    for lane in lanes:
        stops = ["HUB", *(f"N{lane}_{stop}" for stop in range(LANE - 1)), f"M{lane % MARKETS}"]
        places |= dict.fromkeys(stops[1:-1], PARTNERS[lane % len(PARTNERS)])
        ways += [(f"L{lane}_{step}", *stops[step : step + 2]) for step in range(LANE)]
    _write(
        folder, "nodes", ("node", "kind", "territory"), ((node, "hub", state) for node, state in places.items())
    )
    _write(folder, "links", ("link", "from_node", "to_node", "mode"), ((*way, "rail") for way in ways))
    _write(
        folder,
        "carries",
        ("link", "commodity", "cost", "nameplate"),
        ((link, "goods", 5 + len(link) % 3 + lane_of(link) % 7, 1 + lane_of(link) % 3) for link, *_ in ways),
    )
    _write(folder, "commodities", ("commodity", "unit"), [("goods", "Mt")])
    _write(
        folder,
        "supplies",
        ("supply", "node", "commodity", "owner", "amount", "cost"),
        [("FIELD", "HUB", "goods", "KAZ", len(lanes), 20)],
    )
    _write(
        folder,
        "markets",
        ("market", "node", "commodity", "owner", "kind", "price", "depth"),
        [
            (f"BUYER{one}", f"M{one}", "goods", "KAZ", "export", 400 + 10 * one, len(lanes))
            for one in range(MARKETS)
        ],
    )
    _write(
        folder, "jurisdictions", ("jurisdiction", "kind"), [(one, "state") for one in ("KAZ", "TUR", *PARTNERS)]
    )
    _write(
        folder,
        "denial",
        (
            "asset_type",
            "asset",
            "clause",
            "effectiveness_low",
            "effectiveness_high",
            "basis_kind",
            "legal_basis",
            "in_force",
            "function",
        ),
        (
            (
                "link",
                f"L{lane}_{LANE // 2}",
                PARTNERS[lane % len(PARTNERS)],
                1,
                1,
                "territory",
                "its own land",
                "no",
                "export",
            )
            for lane in lanes
        ),
    )
    _write(folder, "functions", ("function", "kind"), [("export", "network")])
    return folder


def lane_of(link: str) -> int:
    """Return the number of the lane of a link."""
    return int(link[1:].partition("_")[0])


def _write(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow([*header, *(["basis"] if name in _STATED else [])])
        written.writerows([*row, "made up"] if name in _STATED else row for row in rows)
