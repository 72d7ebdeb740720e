"""One border crossing or port is not the whole flow: which place narrows a figure, and whose it is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit

THROUGH = frozenset(
    [
        "export",
        "import",
        "oil_export",
        "freight_transit",
        "freight_carried",
        "container_transit",
        "port_throughput",
        "port_containers",
        "traffic_rate",
        "fleet_count",
        "queue",
        "passengers",
        "capacity",
        "transit_capacity",
        "terminal_loadings",
        "wagons",
    ]
)
"""Indicators whose figure can be of one place only."""


class Place(NamedTuple):
    """A registered place with its state and kind (``crossing`` or ``port``)."""

    code: str
    state: str
    kind: str


@cache
def places() -> Mapping[str, Place]:
    """Return the registered places, keyed by code."""
    text = files("kopir.core").joinpath("data/places.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Place(row["code"], row["state"], row["kind"]) for row in csv.DictReader(text.splitlines())
    }


def crossing_named(sentence: Sentence) -> bool:
    """Tell whether a sentence names a border crossing."""
    return any(places()[hit.row["code"]].kind == "crossing" for hit in sentence.hits["places"].values())


def place_of(sentence: Sentence, quantity: Quantity, indicator: str | None) -> Place | None:
    """Return the one place that narrows a figure; ``None`` where its part of the sentence names none or more."""
    if indicator not in THROUGH:
        return None
    hits = [h for h in sentence.hits["places"].values() if not _parted(sentence, quantity, h)]
    codes = {h.row["code"] for h in hits}
    return places()[codes.pop()] if len(codes) == 1 else None


def _parted(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
    low, high = sorted((quantity.first, hit.first))
    return any(t.text == ";" for t in sentence.tokens[low:high])
