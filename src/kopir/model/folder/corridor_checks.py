"""What is wrong with the corridors of a model folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from kopir.core.errors import Fault
from kopir.core.folders.tables import Table
from kopir.core.spelling import did_you_mean

Row = Mapping[str, Any]


def corridor_faults(tables: Mapping[str, Table]) -> Iterator[Fault]:
    """Yield what is wrong with the corridors: a way that breaks off, a route in two nests or unknown."""
    links = {
        row["link"]: (row["from_node"], row["to_node"]) for row in tables["links"].typed.iter_rows(named=True)
    }
    places = {
        row["transfer"]: (row["node"], row["node"]) for row in tables["transfers"].typed.iter_rows(named=True)
    }
    stages: dict[str, list[Row]] = {}
    row: Row
    for row in tables["corridor_stages"].typed.sort("corridor", "stage").iter_rows(named=True):
        stages.setdefault(row["corridor"], []).append(row)
    for name, way in sorted(stages.items()):
        ends = [(links if row["asset_type"] == "link" else places)[row["asset"]] for row in way]
        for (before, after), row in zip(pairwise(ends), way[1:], strict=True):
            if before[1] != after[0]:
                why = f"{name} arrives at {before[1]} and goes on from {after[0]}"
                yield _stage_fault(row, why, "put the stages in order")
        for row in (way[0], way[-1]):
            if row["asset_type"] == "transfer":
                yield _stage_fault(row, f"{name} begins or ends with a transfer", "begin and end with a link")
    yield from _header_faults(tables["corridors"], stages)
    routes = {row["route"] for row in tables["corridors"].typed.iter_rows(named=True)}
    for row in tables["corridor_records"].typed.iter_rows(named=True):
        if row["route"] not in routes:
            why, mend = (
                f"unknown route {row['route']!r}",
                did_you_mean(row["route"], routes, "a route of corridors.csv"),
            )
            yield Fault("K0207", why, mend, "corridor_records.csv", row["line"], "route", row["route"])


def _stage_fault(row: Row, why: str, mend: str) -> Fault:
    return Fault("K0314", why, mend, "corridor_stages.csv", row["line"], "asset", row["asset"])


def _header_faults(corridors: Table, stages: Mapping[str, object]) -> Iterator[Fault]:
    nests: dict[str, str] = {}
    for row in corridors.typed.iter_rows(named=True):
        if row["corridor"] not in stages:
            yield _header_fault(row, "corridor", "a corridor without stages", "add them to corridor_stages.csv")
        if nests.setdefault(row["route"], row["nest"]) != row["nest"]:
            why = f"route {row['route']} stands in two nests"
            yield _header_fault(row, "nest", why, "give the variants of a route one nest")


def _header_fault(row: Row, column: str, why: str, mend: str) -> Fault:
    return Fault("K0314", why, mend, "corridors.csv", row["line"], column, row[column])
