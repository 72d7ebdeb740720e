"""How often each construction of the reader is right: ``python -m benchmarks.rule_counts [--write]``.

Counts come from the annotated passages that may be looked at and from generated twins; blind passages are never
read here. ``--write`` keeps them in ``src/kopir/evidence/rules/counts.csv``, from which confidence is made, and in
``floors.csv`` beside it the least confidence at which claims of each language are published.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.reading.gating import SLOTS, Case, across, cases, counted, floors
from benchmarks.reading.passages import LANGUAGES
from benchmarks.reading.samples import LOOK, sample
from kopir.evidence import read_text
from kopir.evidence.frames._confidence import DOUBT, LEAD
from tests.evidence.twins import PATTERNS, twins

RULES = Path(__file__).resolve().parents[1] / "src/kopir/evidence/rules"
COUNTS, FLOORS = RULES / "counts.csv", RULES / "floors.csv"
Key = tuple[str, str]


def generated() -> dict[Key, tuple[int, int]]:
    """Return how many twins each licensed rule read rightly and wrongly."""
    right: Counter[Key] = Counter()
    wrong: Counter[Key] = Counter()
    for language, pattern, reading in PATTERNS:
        for twin in twins(language, pattern, reading, count=8):
            claims = read_text(twin.text, language=language, date="2024-06-01").claims
            for claim, (indicator, subject, partners, period) in zip(claims, twin.right, strict=False):
                told = {"indicator": indicator, "subject": subject, "partners": partners, "period": period}
                for slot, rule in claim.bound_by.items():
                    if slot in SLOTS and not rule.startswith(LEAD) and DOUBT not in rule:
                        good = slot not in told or getattr(claim, slot) == told[slot]
                        (right if good else wrong)[slot, rule] += 1
    return {key: (right[key], wrong[key]) for key in right | wrong}


def annotated() -> list[Case]:
    """Return the claims read of all passages that may be looked at."""
    samples = (sample(language, LOOK) for language in LANGUAGES)
    return [case for held in samples if held is not None for case in cases(held)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts and floors; with ``--write`` keep them."""
    parser = argparse.ArgumentParser(prog="benchmarks.rule_counts", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"keep them in {COUNTS.name} and {FLOORS.name}")
    given = parser.parse_args(arguments)
    twinned, found = generated(), annotated()
    table = counted(found, twinned)
    chosen = floors(across(found, twinned), LANGUAGES)
    rows = ((*key, *numbers) for key, numbers in table.cases.items())
    counts = _csv(("slot", "rule", "right", "wrong", "twins"), rows)
    least = _csv(
        ("language", "sort", "floor"),
        sorted((*key, f"{value:.3f}") for key, value in chosen.items()),
    )
    if given.write:
        COUNTS.write_text(counts, "utf-8")
        FLOORS.write_text(least, "utf-8")
    else:
        sys.stdout.write(counts + least)
    return 0


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
