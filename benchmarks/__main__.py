"""``python -m benchmarks [--only NAME] [--rounds N] [--json FILE]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import Table

BENCHMARKS = {
    "build": "benchmarks.build_and_solve:synthetic",
    "model": "benchmarks.build_and_solve:model",
    "warm": "benchmarks.warm_resolves:every_size",
    "lattice": "benchmarks.coalition_lattice:lattice",
    "outages": "benchmarks.every_outage:every_outage",
    "worst": "benchmarks.worst_sets:worst_sets",
    "plan": "benchmarks.plan_search:plan_search",
    "denial": "benchmarks.denial_answer:answers",
    "click": "benchmarks.denial_click:clicks",
    "sparse": "benchmarks.sparse_outages:sparse_outages",
    "samples": "benchmarks.sampled_years:sampled_years",
    "means": "benchmarks.dense_means:dense_means",
    "dated": "benchmarks.dated_steps:run",
    "commands": "benchmarks.command_lines:run",
    "growth": "benchmarks.leverage_growth:run",
    "evidence": "benchmarks.evidence_speed:run",
    "planted": "benchmarks.facts_planted:run",
    "twins": "benchmarks.facts_twins:run",
    "review": "benchmarks.facts_review:run",
    "narratives": "benchmarks.facts_narratives:run",
    "scale": "benchmarks.facts_scale:tables",
    "reading": "benchmarks.reading.table:run",
    "world": "benchmarks.world_trade:run",
}
"""Functions that take a number of rounds and return tables."""
PACKAGES = ("kopir", "highspy", "linopy", "pypsa", "numpy", "scipy", "natasha")
ROUNDS = 5


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="benchmarks", description="Ratios against named peers, measured in one run."
    )
    parser.add_argument(
        "--only", action="append", choices=sorted(BENCHMARKS), help="run this one; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"timed turns of each contestant ({ROUNDS})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the tables there")
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # peers' notes about their own future
    conditions = describe_conditions()
    print(*(f"- {what}: {value}" for what, value in conditions.items()), sep="\n", end="\n\n", flush=True)
    tables: list[Table] = []
    took: dict[str, float] = {}
    for name in given.only or BENCHMARKS:
        begun = _spent()
        for table in _benchmark(name)(given.rounds):
            print(table, end="\n\n", flush=True)
            tables.append(table)
        took[name] = _spent() - begun
        print(f"{name}: {took[name]:.0f} s of processor time", file=sys.stderr, flush=True)
    parts = ", ".join(f"{name} {seconds:.0f}" for name, seconds in took.items())
    print(f"- processor time of this run, seconds: {sum(took.values()):.0f} ({parts})")
    if given.json:
        found = {"conditions": conditions, "tables": [table.as_json() for table in tables]}
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _spent() -> float:
    """Return the processor time of this process and of those that it started and that ended (s)."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def describe_conditions() -> dict[str, str]:
    """Return what a ratio depends on: kind of machine and versions."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}",
        "versions": ", ".join([f"Python {platform.python_version()}", *map(_versioned, PACKAGES)]),
        "clock": "CPU time, one solver thread; ratio: median over rounds of time / time of the first contestant",
    }


def _benchmark(name: str) -> Callable[[int], list[Table]]:
    module, _, function = BENCHMARKS[name].partition(":")
    if find_spec(module) is None:
        return lambda rounds: [Table(name, notes=(f"skipped: {module} is not there",))]
    found: Callable[[int], list[Table]] = getattr(importlib.import_module(module), function)
    return found


def _processor() -> str:
    """Return the kind of processor, never the name of a machine."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text("utf-8").splitlines() if listing.is_file() else []
    kinds = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(kinds, platform.machine())


def _versioned(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"


if __name__ == "__main__":
    main()
