"""What the words of a sentence name, each with its place: parties, goods, cues of a measure, times, figures."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import indicator_rules, iterate, lexicon
from kopir.evidence.words._view import fold


@dataclass(frozen=True, slots=True)
class Named:
    """A word of a sentence with its meaning; offsets are those of the text.

    ``kind`` is ``party``, ``speaker`` (an actor that reports), ``good``, ``cue`` (a word of a measure), ``mode``
    (a word of plans, targets, forecasts or denials), ``period``, ``earlier`` (a time beside which another is set),
    ``now`` or ``figure``; ``code`` is what it means, blank for a time that only the context gives, for now and for
    figures. ``value`` is that of a figure, in base units of its ``unit``, where it has one.
    """

    kind: str
    code: str
    start: int
    end: int
    value: float | None = None
    unit: str = ""


def named(text: str, start: int, end: int, language: str, date: str | None = None) -> tuple[Named, ...]:
    """Return what the sentence ``text[start:end]`` names, in reading order; ``date`` resolves relative times."""
    cut = text[start:end]
    sentence = Sentence(cut, fold(cut), 0, len(cut), 0, lexicon(language), date)
    tokens = sentence.tokens
    classes = relation_classes()

    def at(kind: str, code: str, first: int, last: int) -> Named:
        return Named(kind, code, start + tokens[first].start, start + tokens[last - 1].end)

    def found() -> Iterator[Named]:
        for one in sentence.mentions:
            yield at("speaker" if one.speaker else "party", one.state or one.code, one.first, one.last)
        for hit in iterate(sentence.hits["goods"]):
            yield at("good", hit.row["commodity"], hit.first, hit.last)
        for hit in iterate(sentence.hits["cues"]):
            yield at("cue", hit.row["cue"], hit.first, hit.last)
        for hit in iterate(sentence.hits["modality"]):
            yield at("mode", hit.row["modality"], hit.first, hit.last)
        for hit in iterate(sentence.hits["relations"]):
            yield at("tie", classes.get(hit.row["relation"], ""), hit.first, hit.last)
        for period in sentence.periods:
            kind = "earlier" if period.role == "compare" else "period"
            yield at(kind, period.text or "", period.first, period.last)
        for hit in iterate(sentence.hits["periods"]):
            if hit.row["kind"] == "now":
                yield at("now", "", hit.first, hit.last)
        for quantity in sentence.quantities:
            place = at("figure", "", quantity.first, max(quantity.last, quantity.first + 1))
            yield replace(place, value=quantity.value, unit=quantity.unit or "")

    return tuple(sorted(found(), key=lambda one: (one.start, one.end, one.kind)))


@cache
def relation_classes() -> dict[str, str]:
    """Return the class of each relation."""
    text = files("kopir.evidence").joinpath("rules/relations.csv").read_text(encoding="utf-8")
    return {row["relation"]: row["class"] for row in csv.DictReader(text.splitlines())}


@cache
def measures_of(cue: str) -> frozenset[str]:
    """Return the indicators that a cue may stand for, whatever stands beside it."""
    return frozenset(row["indicator"] for row in indicator_rules() if cue in {row["cue"], row["with"]})
