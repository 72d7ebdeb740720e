"""Opposite framings of one fact across documents: ``python -m benchmarks.facts_narratives``.

Each set of ``tests/facts/unseen/narratives`` has four or five documents on one matter and annotated pairs of
sentences: two documents, one fact, opposite stances (praise, warn, hope, deny). A pair is *beside* when the
program sets both sentences under one fact or tie, *apart* when it also gives them different voices. ``LOOK`` is
the set that was opened.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from kopir.evidence import Reading, read_text
from kopir.facts import Narratives, compare_narratives

ROOT = Path(__file__).resolve().parents[1] / "tests/facts/unseen/narratives"
LOOK = frozenset({"MNG"})
VOICES = {
    "praise": {"asserts", "praises"},
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


def groups(found: Narratives, readings: list[Reading]) -> dict[str, list[tuple[str, int, int, str]]]:
    """Return what the program sets side by side: document, place and voice by fact or tie."""
    texts = {one.document.name: one.document.text for one in readings}
    told: dict[str, list[tuple[str, int, int, str]]] = {}
    for table, key, voice in ((found.shared, ("key",), "modality"), (found.ties, ("tie", "parties"), "voice")):
        for row in table.iter_rows(named=True):
            words = row["sentence"].split()
            text = texts[row["document"]]
            begin = text.find(words[0]) if words else -1
            while begin >= 0 and text[begin:].split()[: len(words)] != words:
                begin = text.find(words[0], begin + 1)
            if begin >= 0:
                place = (row["document"], begin, begin + len(row["sentence"]), row[voice])
                told.setdefault("|".join(row[one] for one in key), []).append(place)
    return told


def score(state: str) -> Counter[str]:
    """Return counts over the annotated pairs of one set."""
    folder = ROOT / state
    readings = readings_of(folder)
    told = groups(compare_narratives(readings), readings)
    counts: Counter[str] = Counter()
    for pair in json.loads((folder / "gold.json").read_text("utf-8")):
        found = [
            (mine, theirs)
            for rows in told.values()
            for mine in _voices(rows, pair["a"])
            for theirs in _voices(rows, pair["b"])
        ]
        wanted = (VOICES[pair["a"]["stance"]], VOICES[pair["b"]["stance"]])
        counts["pairs"] += 1
        counts["beside"] += bool(found)
        counts["apart"] += any(mine != theirs for mine, theirs in found)
        counts["voiced"] += any(mine in wanted[0] and theirs in wanted[1] for mine, theirs in found)
    return counts


def _voices(rows: list[tuple[str, int, int, str]], side: dict[str, Any]) -> set[str]:
    return {
        voice
        for document, begin, end, voice in rows
        if document == side["doc"] and begin < side["end"] and side["start"] < end
    }


def main() -> None:
    for state in sorted(path.name for path in ROOT.iterdir()):
        counts = score(state)
        part = "look" if state in LOOK else "blind"
        print(
            f"{part:6s}{state}  pairs {counts['pairs']}  side by side {counts['beside']}  "
            f"told apart {counts['apart']}  both voices right {counts['voiced']}"
        )


if __name__ == "__main__":
    main()
