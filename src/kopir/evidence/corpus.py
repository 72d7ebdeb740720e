"""Score reading on a corpus of lines, one line one case: ``python -m kopir.evidence.corpus [FOLDER]``.

A line is a text with its figures in ``[[...]]``, a tab, and for each figure one entry, parted by `` ; ``::

    comparator value unit[/rate] kind indicator SUBJECT>PARTNER,PARTNER period [modality]

``lo..hi`` stands for a range, ``-`` for a slot that the text leaves open, an empty name for an unknown party. A
line without figures must give no claim. ``<language>_seen.tsv`` is for looking at; ``<language>_held.tsv`` is only
scored.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from kopir.evidence._extract import claims_of
from kopir.evidence._records import Claim, Document

DATE = "2026-01-15"
_MARK = regex.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True, slots=True)
class Expected:
    """One figure as the corpus has it; offsets count in the text without marks."""

    start: int
    end: int
    comparator: str
    value: float | None
    bounds: tuple[float, float] | None
    unit: str
    rate: str | None
    kind: str
    indicator: str | None
    subject: str | None
    partners: frozenset[str]
    period: str | None
    modality: str


@dataclass(frozen=True, slots=True)
class Case:
    """One line: its text and what must be read from it."""

    text: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over cases: figures expected and read, right in value, right as a whole, published and right."""

    lines: int = 0
    expected: int = 0
    read: int = 0
    figures: int = 0
    whole: int = 0
    published: int = 0
    published_right: int = 0

    def __add__(self, other: Score) -> Score:
        names = ("lines", "expected", "read", "figures", "whole", "published", "published_right")
        return Score(*(getattr(self, name) + getattr(other, name) for name in names))

    def f1(self, right: int) -> float:
        """F1 of ``right`` matches over what was expected and read."""
        total = self.expected + self.read
        return 2 * right / total if total else 1.0


def cases(path: Path) -> Iterator[Case]:
    """Read the cases of one corpus file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        marked, _, entries = line.partition("\t")
        spans: list[tuple[int, int]] = []
        text, last = "", 0
        for found in _MARK.finditer(marked):
            text += marked[last : found.start()]
            spans.append((len(text), len(text) + len(found[1])))
            text += found[1]
            last = found.end()
        text += marked[last:]
        items = [entry for entry in entries.split(" ; ") if entry.strip()]
        yield Case(text, tuple(_expected(s, e) for s, e in zip(spans, items, strict=True)))


def _expected(span: tuple[int, int], entry: str) -> Expected:
    comparator, value, unit, kind, indicator, who, period, *modality = entry.split()
    low, _, high = value.partition("..")
    subject, _, partners = who.partition(">")
    code, _, rate = unit.partition("/")
    if rate not in ("", "yr", "mo", "d"):
        code, rate = unit, ""
    return Expected(
        *span,
        comparator,
        None if high else float(low),
        (float(low), float(high)) if high else None,
        code,
        rate or None,
        kind,
        None if indicator == "-" else indicator,
        subject or None,
        frozenset(p for p in partners.split(",") if p),
        None if period == "-" else period,
        modality[0] if modality else "actual",
    )


def figure_right(want: Expected, got: Claim) -> bool:
    """Tell whether value with sign, unit and comparator agree."""
    if want.bounds is not None:
        return got.value is None and (got.lo, got.hi) == want.bounds and got.unit == want.unit
    near = got.value is not None and abs(got.value - (want.value or 0)) <= 1e-6 * max(1.0, abs(want.value or 0))
    return near and got.unit == want.unit and got.comparator == want.comparator


def wrong_slots(want: Expected, got: Claim) -> list[str]:
    """Name the slots in which a claim differs from the corpus."""
    out = [] if figure_right(want, got) else ["figure"]
    pairs = {
        "rate": (want.rate, got.rate),
        "kind": (want.kind, got.kind),
        "indicator": (want.indicator, got.indicator),
        "subject": (want.subject, got.subject),
        "partners": (want.partners, frozenset(got.partners)),
        "period": (want.period, got.period),
        "modality": (want.modality, got.modality),
    }
    return out + [name for name, (a, b) in pairs.items() if a != b]


def matched(case: Case, claims: Sequence[Claim]) -> Iterator[tuple[Expected | None, Claim | None]]:
    """Pair what was expected with what was read, by overlap of places."""
    left = list(claims)
    for want in case.expected:
        got = next((c for c in left if min(c.end, want.end) > max(c.start, want.start)), None)
        if got is not None:
            left.remove(got)
        yield want, got
    for claim in left:
        yield None, claim


def score(case: Case, language: str) -> Score:
    """Score one case."""
    claims = claims_of(Document("case", case.text, language, DATE))
    figures = whole = published = right = 0
    for want, got in matched(case, claims):
        if got is None:
            continue
        good = want is not None and not wrong_slots(want, got)
        figures += want is not None and figure_right(want, got)
        whole += good
        published += got.published
        right += got.published and good
    return Score(1, len(case.expected), len(claims), figures, whole, published, right)


def table(folder: Path) -> list[tuple[str, str, Score]]:
    """Score every corpus file of a folder: ``(language, part, score)``, sorted."""
    out = []
    for path in sorted(folder.glob("*_*.tsv")):
        language, part = path.stem.split("_")
        total = sum((score(case, language) for case in cases(path)), Score())
        out.append((language, part, total))
    return out


def main(argv: Sequence[str]) -> int:
    """Print the counts of each language and part."""
    folder = Path(argv[0]) if argv else Path("tests/evidence/corpus")
    if not folder.is_dir():
        sys.stderr.write(f"no corpus folder at {folder}\n")
        return 3
    head = "lang part   lines  gold  read  figure   whole  publ.  prec.  recall"
    sys.stdout.write(head + "\n")
    for language, part, s in table(folder):
        precision = s.published_right / s.published if s.published else 1.0
        recall = s.published_right / s.expected if s.expected else 1.0
        sys.stdout.write(
            f"{language:5}{part:6}{s.lines:6}{s.expected:6}{s.read:6}{s.f1(s.figures):8.3f}{s.f1(s.whole):8.3f}"
            f"{s.published:7}{precision:7.3f}{recall:8.3f}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
