"""How often each construction of the reader is right: ``python -m benchmarks.rule_counts [--write]``.

Counts come from the annotated passages that may be looked at and from generated twins; blind passages are never
read here. ``--write`` keeps them in ``src/kopir/evidence/rules/counts.csv``, from which confidence is made.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reading.matching import pairs_of, right
from benchmarks.reading.passages import LANGUAGES
from benchmarks.reading.samples import LOOK, sample
from kopir.evidence import read_text
from tests.evidence.twins import PATTERNS, twins

TABLE = Path(__file__).resolve().parents[1] / "src/kopir/evidence/rules/counts.csv"
HELD_BACK = " too often wrong"
Found = tuple[str, str, bool]


@dataclass
class Counts:
    """How often each rule of each slot was right and wrong, and how many twins it read rightly."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    twins: Counter[tuple[str, str]] = field(default_factory=Counter)

    def table(self) -> str:
        """Return the counts as CSV, sorted."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("slot", "rule", "right", "wrong", "twins"))
        for key in sorted({*self.right, *self.wrong, *self.twins}):
            writer.writerow((*key, self.right[key], self.wrong[key], self.twins[key]))
        return out.getvalue()


def counted() -> Counts:
    """Count every rule, over all languages."""
    out = Counts()
    for language in LANGUAGES:
        for slot, rule, good in _annotated(language):
            (out.right if good else out.wrong)[slot, rule] += 1
    for slot, rule, good in _generated():
        (out.twins if good else out.wrong)[slot, rule] += 1
    return out


def _annotated(language: str) -> Iterator[Found]:
    """Yield what each rule came to on the annotated passages.

    A bound slot counts only where nothing but confidence keeps its claim back; a lead counts everywhere. A claim
    on a figure for which there is no indicator is a wrong indicator.
    """
    held = sample(language, LOOK)
    if held is None:
        return
    for pair in pairs_of(held.gold, held.read):
        free = not [why for why in pair.read["withheld"] if not why.endswith(HELD_BACK)]
        core = pair.gold["tier"] == "core"
        for slot, rule in pair.read["bound_by"].items():
            if slot == "value":
                yield slot, rule, right(pair, ("value", "unit", "comparator"))
            elif slot == "indicator" and not core:
                if pair.read["indicator"] and (free or rule.startswith("lead:")):
                    yield slot, rule, False
            elif core and (free or rule.startswith("lead:")):
                yield slot, rule, right(pair, (slot,))


def _generated() -> Iterator[Found]:
    """Yield what each rule came to on twins."""
    for language, pattern, reading in PATTERNS:
        for twin in twins(language, pattern, reading, count=8):
            claims = read_text(twin.text, language=language, date="2024-06-01").claims
            for claim, (indicator, subject, partners, period) in zip(claims, twin.right, strict=False):
                told = {"indicator": indicator, "subject": subject, "partners": partners, "period": period}
                for slot, rule in claim.bound_by.items():
                    if not rule.startswith("lead:"):
                        yield slot, rule, slot not in told or getattr(claim, slot) == told[slot]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts; with ``--write`` keep them."""
    parser = argparse.ArgumentParser(prog="benchmarks.rule_counts", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"keep them in {TABLE.name}")
    given = parser.parse_args(arguments)
    text = counted().table()
    if given.write:
        TABLE.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
