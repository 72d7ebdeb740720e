"""Drawing passages at random by seed: one half to look at, the other to be scored only."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

from benchmarks.reading.passages import Passage

PARTS = ("look", "blind")
YARDSTICK = Path(__file__).resolve().parents[2] / "tests" / "evidence" / "yardstick"
DRAWN = YARDSTICK / "drawn.csv"
"""Which passages have been drawn, into which part, and which of them are annotated twice."""
_PACK = 20
_TRADE_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Drawn:
    """A passage that has been drawn; ``double`` when a second annotator takes it too."""

    passage: str
    lang: str
    part: str
    double: bool
    group: str


def side(seed: int, group: str) -> str:
    """Tell on which side a document stands: half of all, the same in every language."""
    return PARTS[hashlib.sha256(f"{seed}:{group}".encode()).digest()[0] % 2]


def draw(
    every: Iterable[Passage],
    seed: int,
    figures: int,
    *,
    drawn: Sequence[Drawn] = (),
    parts: Collection[str] = PARTS,
) -> list[Drawn]:
    """Draw about ``figures`` figures into each of ``parts``, at most one passage a document.

    Documents that were ``drawn`` before are left alone. With one part all others are open to it. Sources take
    turns, each as often as the square root of its number of passages, so that none swamps the others; three of
    four passages speak of trade, production, carriage, prices or investment. A fifth of each part is
    annotated twice.
    """
    rng = random.Random(seed)
    without = {row.group for row in drawn}
    open_to = [p for p in sorted(every, key=lambda p: p.id) if p.figures and p.group not in without]
    out: list[Drawn] = []
    for part in parts:
        chosen = _until(figures, [p for p in open_to if len(parts) == 1 or side(seed, p.group) == part], rng)
        twice = set(rng.sample([p.id for p in chosen], -(-len(chosen) // 5)))
        out.extend(Drawn(p.id, p.lang, part, p.id in twice, p.group) for p in chosen)
    return out


def retire(rows: Iterable[Drawn], language: str) -> list[Drawn]:
    """Turn the blind part of a language, and what other languages have of its documents, into one to look at."""
    rows = list(rows)
    opened = {row.group for row in rows if row.part == "blind" and row.lang == language}
    return [replace(row, part="look") if row.group in opened else row for row in rows]


def _until(figures: int, open_to: Sequence[Passage], rng: random.Random) -> list[Passage]:
    """Take passages by weighted turns of their strata until they hold enough figures."""
    strata: dict[tuple[str, bool], list[Passage]] = defaultdict(list)
    for passage in rng.sample(open_to, len(open_to)):
        strata[passage.source, passage.on_trade].append(passage)
    weights = {
        key: sqrt(len(rows)) * (_TRADE_SHARE if key[1] else 1 - _TRADE_SHARE) for key, rows in strata.items()
    }
    taken: list[Passage] = []
    seen: set[str] = set()
    while sum(p.figures for p in taken) < figures and any(strata.values()):
        keys = [key for key, rows in strata.items() if rows]
        passage = strata[rng.choices(keys, [weights[key] for key in keys])[0]].pop()
        if passage.group not in seen:
            seen.add(passage.group)
            taken.append(passage)
    return taken


def write_drawn(rows: Sequence[Drawn], path: Path = DRAWN) -> None:
    """Write the table of drawn passages, sorted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["passage", "lang", "part", "double", "group"])
        for row in sorted(rows, key=lambda r: (r.lang, r.part, r.passage)):
            writer.writerow([row.passage, row.lang, row.part, "yes" if row.double else "no", row.group])


def read_drawn(path: Path = DRAWN) -> list[Drawn]:
    """Read the table of drawn passages."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Drawn(r["passage"], r["lang"], r["part"], r["double"] == "yes", r["group"])
            for r in csv.DictReader(stream)
        ]


def write_packs(rows: Sequence[Drawn], texts: Mapping[str, Passage], folder: Path) -> list[Path]:
    """Write what annotators are given: id, language, date and text, ``<language>-<part>-<number>.jsonl``."""
    folder.mkdir(parents=True, exist_ok=True)
    language = rows[0].lang
    packs = {
        part: [texts[r.passage] for r in rows if r.part == part] for part in dict.fromkeys(r.part for r in rows)
    }
    packs["double"] = [texts[r.passage] for r in rows if r.double]
    out: list[Path] = []
    for part, chosen in packs.items():
        ordered = sorted(chosen, key=lambda p: p.id)
        for number, first in enumerate(range(0, len(ordered), _PACK), 1):
            path = folder / f"{language}-{part}-{number}.jsonl"
            lines = (
                json.dumps({"id": p.id, "lang": p.lang, "date": p.date, "text": p.text}, ensure_ascii=False)
                for p in ordered[first : first + _PACK]
            )
            path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
            out.append(path)
    return out
