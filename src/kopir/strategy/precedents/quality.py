"""How well disruptions elsewhere were told, as stored: what was seen, and each collection when it was scored.

A collection is scored once, by the mechanisms of that day, and then fitted on; what it scored cannot be worked
out again and is kept. The seen part can, and a test does. ``python -m kopir.strategy.precedents.quality`` prints
what is to be stored; with a name and a day the unseen part of the record is added as a collection of that name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kopir.strategy.precedents.compared import ALL
from kopir.strategy.precedents.judged import Judgement, judge, learnt
from kopir.strategy.precedents.record import bundled_record

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
    """The seen part, each disruption left out in turn, and every collection scored, in order."""

    seen: Score
    unseen: tuple[Score, ...]


@cache
def stored_quality() -> Quality:
    """Return what is stored of the record that comes with kopir."""
    text = files("kopir.strategy.precedents").joinpath("record", STORED).read_text(encoding="utf-8")
    return read_quality(text)


def read_quality(text: str) -> Quality:
    """Return what a text of the stored form says."""
    found: Mapping[str, Sequence[Mapping[str, object]]] = json.loads(text)
    seen, *unseen = (Score(**row) for row in [*found["seen"], *found["unseen"]])  # type: ignore[arg-type]
    return Quality(seen, tuple(unseen))


def as_text(quality: Quality) -> str:
    """Return the stored form."""
    rows = {"seen": [asdict(quality.seen)], "unseen": [asdict(one) for one in quality.unseen]}
    return json.dumps(rows, indent=1) + "\n"


def scored(found: Judgement, collection: str, day: str, fitted_on: int) -> Score:
    """Return the score of a judged part; :class:`ValueError` where no rule reaches a response of it."""
    total = found.mechanisms.filter(mechanism=ALL)
    if total.is_empty():
        raise ValueError(f"no response of {collection} is reached")
    row = total.row(0, named=True)
    low, high = found.ratio_range or (None, None)
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
        "meant": found.spread.level,
    }
    rounded: dict[str, Any] = {
        name: value if value is None else round(value, _PLACES) for name, value in numbers.items()
    }
    return Score(collection, day, fitted_on, row["precedents"], row["responses"], **rounded)


def worked_out(before: Quality, collection: str | None = None, day: str = "") -> Quality:
    """Return the seen part worked out from the rows, with the unseen part added as a collection if it is named."""
    record = bundled_record()
    told = learnt(record)
    seen = scored(judge(record, "seen", told), "seen", "", told[1].disruptions)
    if collection is None:
        return Quality(seen, before.unseen)
    latest = scored(judge(record, "unseen", told), collection, day, told[1].disruptions)
    return Quality(seen, (*before.unseen, latest))


if __name__ == "__main__":
    sys.stdout.write(as_text(worked_out(stored_quality(), *sys.argv[1:3])))
