"""The three sets: texts seen while the reader was made, passages to look at, passages never looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading import annotations, drawing
from benchmarks.reading.matching import Record
from benchmarks.reading.passages import TEXTS, passages
from kopir.evidence import read_text

SEEN, LOOK, UNSEEN = "seen", "look", "unseen"
SETS = (SEEN, LOOK, UNSEEN)
_PART = {LOOK: "look", UNSEEN: "blind"}
_ANNOTATED = TEXTS.parent
_SEEN = (("gold_dev.jsonl", "dev", "docs_dev.jsonl"), ("gold_seeds.jsonl", "seeds", None))


@dataclass(frozen=True, slots=True)
class Sample:
    """Annotated and read claims of one language and set. ``halves`` deals its documents into two, by hash."""

    language: str
    docs: tuple[str, ...]
    gold: tuple[Record, ...]
    read: tuple[Record, ...]
    halves: Mapping[str, int]

    def half(self, number: int) -> Sample:
        """Return one half of the documents."""
        docs = tuple(doc for doc in self.docs if self.halves[doc] == number)
        inside = set(docs)
        gold, read = (tuple(r for r in rows if r["doc"] in inside) for rows in (self.gold, self.read))
        return Sample(self.language, docs, gold, read, self.halves)


def pooled(samples: Sequence[Sample]) -> Sample:
    """Return the sample of all languages together."""
    return Sample(
        "all",
        tuple(doc for s in samples for doc in s.docs),
        tuple(row for s in samples for row in s.gold),
        tuple(row for s in samples for row in s.read),
        {doc: half for s in samples for doc, half in s.halves.items()},
    )


def sample(language: str, which: str) -> Sample | None:
    """Read one language of one set; None where there is no annotation of it."""
    return _seen(language) if which == SEEN else _annotated(language, _PART[which])


def _seen(language: str) -> Sample | None:
    docs: list[str] = []
    gold: list[Record] = []
    read: list[Record] = []
    for file, folder, catalogue in _SEEN:
        rows = [row for row in annotations.load(_ANNOTATED / file) if row["lang"] == language]
        dates = _dates(_ANNOTATED / catalogue) if catalogue else {}
        for doc in sorted({row["doc"] for row in rows}):
            text = (_ANNOTATED / folder / doc).read_text("utf-8")
            read += _claims(text, doc, dates.get(doc), language)
            docs.append(doc)
        gold += rows
    return (
        Sample(language, tuple(docs), tuple(gold), tuple(read), {doc: _half(doc) for doc in docs})
        if docs
        else None
    )


def _annotated(language: str, part: str) -> Sample | None:
    path = drawing.YARDSTICK / part / f"{language}.jsonl"
    if not path.is_file():
        return None
    rows = annotations.load(path)
    texts = {p.id: p for p in passages(language)}
    rows = [row for row in rows if row["doc"] in texts]
    docs = sorted({row["doc"] for row in rows})
    if not docs:
        return None
    groups = {row.passage: row.group for row in drawing.read_drawn()}
    read = [row for doc in docs for row in _claims(texts[doc].text, doc, texts[doc].date, language)]
    gold = tuple(row for row in rows if not row.get("empty"))
    return Sample(language, tuple(docs), gold, tuple(read), {doc: _half(groups[doc]) for doc in docs})


def absent(language: str, parts: Iterable[str] = drawing.PARTS) -> set[str]:
    """Return the annotated passages whose texts are not beside the project: no figure holds these."""
    files = [drawing.YARDSTICK / part / f"{language}.jsonl" for part in parts]
    annotated = {row["doc"] for file in files if file.is_file() for row in annotations.load(file)}
    return annotated - {p.id for p in passages(language)}


def doubles(language: str) -> tuple[list[Record], list[Record]] | None:
    """Return first and second annotation of the passages annotated twice; None where there is no second."""
    path = drawing.YARDSTICK / "double" / f"{language}.jsonl"
    if not path.is_file():
        return None
    second = annotations.load(path)
    docs = {row["doc"] for row in second}
    files = [drawing.YARDSTICK / part / f"{language}.jsonl" for part in drawing.PARTS]
    first = [row for file in files if file.is_file() for row in annotations.load(file)]
    both = docs & {row["doc"] for row in first}
    chosen = ([row for row in rows if row["doc"] in both and not row.get("empty")] for rows in (first, second))
    a, b = chosen
    return a, b


def _claims(text: str, doc: str, date: str | None, language: str) -> list[Record]:
    found = read_text(text, name=doc, date=date, language=language).claims
    return [{**claim.as_record(), "doc": doc} for claim in found]


def _dates(path: Path) -> dict[str, str | None]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {row["doc"]: row.get("date") for row in rows}


def _half(group: str) -> int:
    return hashlib.sha256(f"half:{group}".encode()).digest()[0] % 2
