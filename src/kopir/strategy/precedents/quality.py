"""How well disruptions elsewhere were told, as stored: what was seen, and each collection when it was scored.

A collection is scored once, by the mechanisms of that day, and then fitted on; what it scored cannot be worked
out again and is kept. The seen part can, and a test does. ``python -m kopir.strategy.precedents.quality`` prints
what is to be stored; with a name and a day the unseen part of the record is added as a collection of that name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from kopir.strategy.precedents.compared import ALL, by_ground, ratio_range
from kopir.strategy.precedents.judged import judge, learnt
from kopir.strategy.precedents.ranges import LEVEL
from kopir.strategy.precedents.record import Precedent, Record, bundled_record

STORED = "quality.json"
_PLACES = 3


@dataclass(frozen=True)
class Score:
    """Medians of relative errors, shares of directions right and of values within a range meant to hold ``meant``.

    ``fitted_on`` counts the disruptions fitted on before. ``low`` and ``high`` are the ends of the ratio over
    disruptions drawn anew, ``mean_ratio`` that of mean errors; ``None`` where they were not kept.
    """

    collection: str
    day: str
    fitted_on: int
    disruptions: int
    responses: int
    error: float
    no_change: float | None
    pro_rata: float
    ratio: float
    low: float | None
    high: float | None
    mean_ratio: float | None
    signs: float
    inside: float
    meant: float | None


@dataclass(frozen=True)
class Quality:
    """The seen part, each disruption left out in turn; every collection scored, in order; and ``forward``.

    ``forward`` is each collection told by today's rules fitted on earlier ones alone, and all of these together.
    It is seen: the shape of the rules was chosen with all of them in sight.
    """

    seen: Score
    unseen: tuple[Score, ...]
    forward: tuple[Score, ...]


@cache
def stored_quality() -> Quality:
    """Return what is stored of the record that comes with kopir."""
    text = files("kopir.strategy.precedents").joinpath("record", STORED).read_text(encoding="utf-8")
    return read_quality(text)


def read_quality(text: str) -> Quality:
    """Return what a text of the stored form says."""
    found: Mapping[str, Sequence[Mapping[str, object]]] = json.loads(text)
    parts = {name: tuple(Score(**row) for row in rows) for name, rows in found.items()}  # type: ignore[arg-type]
    return Quality(parts["seen"][0], parts["unseen"], parts["forward"])


def as_text(quality: Quality) -> str:
    """Return the stored form."""
    parts = {"seen": (quality.seen,), "unseen": quality.unseen, "forward": quality.forward}
    rows = {name: [asdict(one) for one in scores] for name, scores in parts.items()}
    return json.dumps(rows, indent=1) + "\n"


def scored(table: pl.DataFrame, meant: float, collection: str, day: str, fitted_on: int) -> Score:
    """Return the score of the table of a judged part; :class:`ValueError` where it has no row."""
    if table.is_empty():
        raise ValueError(f"no response of {collection} is reached")
    row = by_ground(table, "mechanism").filter(mechanism=ALL).row(0, named=True)
    low, high = ratio_range(table) or (None, None)
    numbers: dict[str, Any] = {
        "error": row["error"],
        "no_change": row["error_no_change"],
        "pro_rata": row["error_proportional"],
        "ratio": row["ratio"],
        "low": low,
        "high": high,
        "mean_ratio": row["mean_ratio"],
        "signs": row["signs"],
        "inside": row["inside"],
        "meant": meant,
    }
    rounded: dict[str, Any] = {
        name: value if value is None else round(value, _PLACES) for name, value in numbers.items()
    }
    return Score(collection, day, fitted_on, row["precedents"], row["responses"], **rounded)


def worked_out(before: Quality, collection: str | None = None, day: str = "") -> Quality:
    """Return the seen part worked out from the rows, with the unseen part added as a collection if it is named."""
    record = bundled_record()
    fitted, reach = learnt(record)
    known, meant = reach.disruptions, reach.level
    seen = scored(judge(record, "seen", (fitted, reach)).table, meant, "seen", "", known)
    unseen = before.unseen
    if collection is not None:
        table = judge(record, "unseen", (fitted, reach)).table
        unseen = (*unseen, scored(table, meant, collection, day, known))
    return Quality(seen, unseen, forward(record))


def forward(record: Record) -> tuple[Score, ...]:
    """Return each collection as rules fitted on earlier ones tell it, and all of them (``all``).

    Of the first collection the rows of split ``fit`` are what the rules are fitted on.
    """
    seen = {code: one for code, one in record.precedents.items() if one.seen and one.collection}
    scores, tables = [], []
    known: dict[str, Precedent] = {}
    for name in dict.fromkeys(one.collection for one in seen.values()):
        new = {code: one for code, one in seen.items() if one.collection == name}
        known |= {code: one for code, one in new.items() if one.split == "fit"}
        kept = {code: replace(one, split="score", opened=None) for code, one in new.items() if code not in known}
        told = replace(record, precedents={**known, **kept})
        fitted, reach = learnt(told)
        tables.append(judge(told, "unseen", (fitted, reach)).table)
        scores.append(scored(tables[-1], reach.level, str(name), "", reach.disruptions))
        known |= new
    whole = pl.concat(tables) if tables else pl.DataFrame()
    return (*scores, scored(whole, scores[-1].meant or LEVEL, ALL, "", scores[-1].fitted_on)) if scores else ()


if __name__ == "__main__":
    sys.stdout.write(as_text(worked_out(stored_quality(), *sys.argv[1:3])))
