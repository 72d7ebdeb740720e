"""Reconcile a planted world: ``python -m benchmarks.facts_planted DIR OUT.json``.

DIR holds claims.jsonl, identities.jsonl and sources.json; OUT.json gets an estimate and interval for every key and
the claims held to be wrong with their class, in the form that the scorer of the planted worlds reads.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from kopir.facts import given_identities, parse_key, read_claims, reconcile

CLASSES = {"unit_scale": "unit_slip"}


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


def _stated(claims) -> set[str]:  # noqa: ANN001
    """Return the keys of levels as their claims write them."""
    slots = ("indicator", "subject", "partners", "period", "route", "commodity", "perimeter", "unit")
    levels = claims.filter(claims["kind"] == "level").select(slots).unique()
    return {
        "|".join(",".join(slot) if isinstance(slot, list) else slot or "-" for slot in row)
        for row in levels.iter_rows()
    }


def main(folder: str, out: str) -> None:
    begun = time.perf_counter()
    found = answers(Path(folder))
    for row in found["estimates"]:
        for end in ("lo", "hi"):
            if abs(row[end]) == float("inf"):
                row[end] = None
        parse_key(row["key"])
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    counts = {name: len(rows) for name, rows in found.items()}
    print(f"{counts} in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:3])
