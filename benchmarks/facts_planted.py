"""Reconcile planted worlds: ``python -m benchmarks.facts_planted [--facts N ...] [SEED ...]``.

Worlds with a known truth come from a generator that lies beside the project, with its scorer. Without seeds,
three fresh ones are drawn and named. ``--folder DIR OUT.json`` answers one world that is there already: DIR holds
claims.jsonl, identities.jsonl and sources.json; OUT.json gets an estimate and interval for every key and the
claims held to be wrong with their class, in the form that the scorer reads. Beside the shares of facts that are
off stand those of the same world without its wrong claims and copies (*cleaned*): what the other claims allow.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.measure import Table
from kopir.facts import given_identities, read_claims, reconcile

PLANTED = Path(__file__).resolve().parents[1].parent / "shared" / "evidence" / "planted"
CLASSES = {"unit_scale": "unit_slip"}
SIZES = (100, 10_000)
HEADS = (
    "facts | seed | direct off > 1 % | derived off > 1 % | both, cleaned | "
    "derived: half of its whole or more / less / less than a tenth | "
    "interval holds truth, direct / derived | any P / R | "
    "unit slip P / R | perimeter P / R | period P / R | dispute P / R"
)


def answers(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Return estimates and conflicts of a planted world."""
    sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    identities = [
        json.loads(line) for line in (folder / "identities.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    claims = read_claims(folder / "claims.jsonl", {source["id"]: source["class"] for source in sources})
    book = reconcile(claims, given_identities(identities), implied=False, compare=False)
    keys = {
        str(key) for row in identities for key in (row.get("total"), row.get("small"), row.get("large")) if key
    }
    keys |= {part for row in identities for part in row.get("parts", ())} | _stated(claims)
    held = [(key, book.ask(key)) for key in sorted(keys)]
    return {
        "estimates": [
            {"key": key, "value": fact.value, "lo": fact.low, "hi": fact.high}
            for key, fact in held
            if fact is not None and fact.value is not None
        ],
        "conflicts": [
            {"claims": row["blamed"], "class": CLASSES.get(row["class"], row["class"])}
            for row in book.conflicts.iter_rows(named=True)
            if row["blamed"] and row["class"] != "rounding"
        ],
    }


def _stated(claims: pl.DataFrame) -> set[str]:
    """Return the keys of levels as their claims write them."""
    slots = ("indicator", "subject", "partners", "period", "route", "commodity", "perimeter", "unit")
    levels = claims.filter(claims["kind"] == "level").select(slots).unique()
    return {
        "|".join(",".join(slot) if isinstance(slot, list) else slot or "-" for slot in row)
        for row in levels.iter_rows()
    }


def answer_folder(folder: Path, out: Path) -> dict[str, Any]:
    """Write the answers on the world in ``folder`` to ``out`` and return them; open ends become null."""
    found: dict[str, Any] = answers(folder)
    for row in found["estimates"]:
        for end in ("lo", "hi"):
            if abs(row[end]) == float("inf"):
                row[end] = None
    out.write_text(json.dumps(found), encoding="utf-8")
    return found


def fresh_seeds(count: int = 3) -> list[int]:
    """Return seeds that nobody has looked at."""
    return sorted(random.SystemRandom().sample(range(1_000, 1_000_000), count))


def scored(seed: int, facts: int) -> str:
    """Return one row of the table: how the answers on one world of ``facts`` facts are scored."""
    planted, scorer = _beside("planted_conflicts"), _beside("score_planted")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planted.write(seed, facts, folder)
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        given = answer_folder(folder, folder / "answers.json")
        result = scorer.score(truth, given)
        shares = " / ".join(off_by_share(folder, truth, given))
        clean(folder, truth)
        best = scorer.score(truth, answer_folder(folder, folder / "answers.json"))["error"]
    direct, derived = result["error"]["direct"], result["error"]["derived"]
    cells = [f"{facts:,}", str(seed), *(f"{one['share off by > 1 %']:.3f}" for one in (direct, derived))]
    cells.append(" / ".join(f"{best[how]['share off by > 1 %']:.3f}" for how in ("direct", "derived")))
    cells.append(shares)
    cells.append(
        " / ".join(
            "-" if not one["intervals"] else f"{one['interval holds truth']:.3f}" for one in (direct, derived)
        )
    )
    kinds = ("any class", "unit_slip", "perimeter", "period", "dispute")
    cells += [f"{result['conflicts'][kind]['P']:.2f} / {result['conflicts'][kind]['R']:.2f}" for kind in kinds]
    return " | ".join(cells)


def off_by_share(folder: Path, truth: Any, given: dict[str, Any]) -> list[str]:
    """Return how many derived facts are off by over 1 %, by how much of the largest whole they are a part of.

    A remainder takes over the error of its whole, divided by its share of it.
    """
    true = {fact["key"]: fact["value"] for fact in truth["facts"]}
    held = {one["key"]: one["value"] for one in given["estimates"]}
    wholes: dict[str, float] = {}
    for line in (folder / "identities.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for part in row.get("parts", ()):
            wholes[part] = max(wholes.get(part, 0.0), true.get(row["total"], 0.0))
    off: dict[int, list[bool]] = {0: [], 1: [], 2: []}
    for fact in truth["facts"]:
        whole = wholes.get(fact["key"])
        if fact["how"] == "derived" and whole and fact["key"] in held:
            share = fact["value"] / whole
            wrong = abs(held[fact["key"]] / fact["value"] - 1) > 0.01
            off[0 if share >= 0.5 else 1 if share >= 0.1 else 2].append(wrong)
    return [f"{sum(one) / len(one):.2f} of {len(one)}" if one else "-" for one in off.values()]


def clean(folder: Path, truth: Any) -> None:
    """Take every wrong claim and every copy out of a world: what is left is the best that can be asked for."""
    gone = {one["claim"] for one in truth["conflicts"]} | {copy for copy, _ in truth["copies"]}
    path = folder / "claims.jsonl"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if json.loads(line)["id"] not in gone]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _beside(module: str) -> Any:
    sys.path.insert(0, str(PLANTED))
    try:
        return importlib.import_module(module)
    finally:
        sys.path.pop(0)


def run(_rounds: int, seeds: Sequence[int] = (), sizes: Sequence[int] = SIZES) -> list[Table]:
    """Return how three fresh worlds of each size are reconciled, one line a world."""
    title = "Planted worlds"
    if not PLANTED.is_dir():
        return [Table(title, notes=("skipped: the generator of planted worlds is not there",))]
    drawn = [(size, seed) for seed in seeds or fresh_seeds() for size in sizes]
    return [Table(title, notes=(HEADS, *(scored(seed, size) for size, seed in sorted(drawn))))]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="benchmarks.facts_planted", description="Planted worlds with known truth."
    )
    parser.add_argument("seeds", nargs="*", type=int, help="seeds of worlds (three fresh ones)")
    parser.add_argument(
        "--facts", type=int, action="append", help="facts in a world; may be repeated (100, 10,000)"
    )
    parser.add_argument("--folder", nargs=2, type=Path, metavar=("DIR", "OUT"), help="answer one world")
    given = parser.parse_args(argv)
    if given.folder:
        found = answer_folder(*given.folder)
        print({name: len(rows) for name, rows in found.items()})
        return
    for table in run(0, given.seeds, given.facts or SIZES):
        print(table)


if __name__ == "__main__":
    main()
