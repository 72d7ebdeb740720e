"""Opposite framings of one fact across documents: ``python -m benchmarks.facts_narratives``.

Each set of ``tests/facts/unseen/narratives`` has four or five documents on one matter and annotated pairs of
sentences: two documents, one fact, opposite stances (praise, warn, hope, deny). ``LOOK`` is the set that was
opened; of the others only totals are printed. Pairs told but not annotated are mostly true ones: not every pair
is annotated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Table
from kopir.evidence import Reading, read_text
from kopir.facts import compare_narratives

ROOT = Path(__file__).resolve().parents[1] / "tests/facts/unseen/narratives"
LOOK = frozenset({"MNG", "SRB"})
VOICES = {
    "praise": {"praises"},
    "warn": {"warns"},
    "hope": {"hopes", "expects", "plans"},
    "deny": {"denies"},
}


def readings_of(folder: Path) -> list[Reading]:
    """Return the documents of a set as read."""
    return [
        read_text((folder / one["doc"]).read_text("utf-8"), date=one["date"], name=one["doc"])
        for one in json.loads((folder / "docs.json").read_text("utf-8"))
    ]


def score(state: str) -> Counter[str]:
    """Return counts over the annotated pairs of one set, and over those that the program tells."""
    folder = ROOT / state
    told = compare_narratives(readings_of(folder)).framings.to_dicts()
    counts: Counter[str] = Counter(told=len(told))
    right: set[int] = set()
    for pair in json.loads((folder / "gold.json").read_text("utf-8")):
        sides = pair["a"], pair["b"]
        hits = [(n, found) for n, row in enumerate(told) if (found := _meets(row, sides)) is not None]
        right |= {n for n, _ in hits}
        counts["pairs"] += 1
        counts["found"] += bool(hits)
        counts["voiced"] += any(
            all(voice in VOICES[side["stance"]] for voice, side in zip(found, sides, strict=True))
            for _, found in hits
        )
    counts["right"] = len(right)
    return counts


def _meets(row: dict[str, Any], sides: tuple[dict[str, Any], ...]) -> tuple[str, str] | None:
    """Return the voices of the two annotated sentences where a row sets them side by side."""
    first, second = ("", "other_") if row["document"] == sides[0]["doc"] else ("other_", "")
    for head, side in ((first, sides[0]), (second, sides[1])):
        inside = row[f"{head}start"] < side["end"] and side["start"] < row[f"{head}end"]
        if row[f"{head}document"] != side["doc"] or not inside:
            return None
    return row[f"{first}voice"], row[f"{second}voice"]


def totals() -> Iterator[str]:
    """Yield a line for each set."""
    for state in sorted(path.name for path in ROOT.iterdir()):
        counts = score(state)
        part = "look" if state in LOOK else "blind"
        yield (
            f"{part:6s}{state}  pairs found {counts['found']}/{counts['pairs']}  "
            f"both voices right {counts['voiced']}  "
            f"of those told annotated {counts['right']}/{counts['told']}"
        )


def run(_rounds: int) -> list[Table]:
    """Return the sets as one table."""
    return [Table("Opposite framings of one fact", notes=tuple(totals()))]


def main() -> None:
    print(*totals(), sep="\n")


if __name__ == "__main__":
    main()
