"""How well documents are read, as one table among the benchmarks: pairs of parts seen and unseen."""

from __future__ import annotations

import json

from benchmarks.measure import Table
from benchmarks.reading import report
from benchmarks.reading.passages import LANGUAGES, TEXTS


def run(_rounds: int) -> list[Table]:
    """Return the headline figures; nothing where the texts are not beside the project."""
    title = "How well documents are read"
    if not TEXTS.is_dir():
        return [Table(title, notes=("skipped: the texts are not there",))]
    found = json.loads(report.as_json(report.measure(LANGUAGES)))
    return [Table(title, notes=("of the unseen part only totals are told",), body=report.headline(found))]
