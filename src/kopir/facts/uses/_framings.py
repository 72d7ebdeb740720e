"""Framings: one fact told by two documents, by one for it and by the other against it, sentence beside sentence.

A fact is a figure (the same number in the same unit, of a matter that both sentences name) or a matter between
two parties: arms, trade, carriage, a class of tie. Nothing is scored: each voice is told by words of its
sentence, which stand beside it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from kopir.core.codes import codes
from kopir.evidence import Named, named
from kopir.facts.claimed._phrasing import sentence_at
from kopir.facts.uses._voices import ADVERSE, FAVOURABLE, are_opposite, voice_of

if TYPE_CHECKING:
    from kopir.evidence import Reading

FRAMINGS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "fact": pl.String,
    "document": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "said_by": pl.String,
    "voice": pl.String,
    "cue": pl.String,
    "sentence": pl.String,
    "other_document": pl.String,
    "other_start": pl.Int64,
    "other_end": pl.Int64,
    "other_said_by": pl.String,
    "other_voice": pl.String,
    "other_cue": pl.String,
    "other_sentence": pl.String,
}
_SAME = 0.005
_TELLING = 3
"""Digits from which a number in one unit is the same by more than chance, whatever is said of it."""
_SPOKEN = frozenset({"party", "good"})
_MATTER = frozenset({"party", "good", "cue"})


_THEMES = {
    "arms": "military",
    "defence_industry": "military",
    "personnel": "military",
    "investment": "invest",
    "turnover": "trade",
    "export": "trade",
    "import": "trade",
    "transit": "transit",
    "corridor": "transit",
    "carry": "transit",
    "pipeline": "transit",
}
"""Cues of measures that are of one matter with a class of tie, or with each other."""
_ALLIANCES = frozenset({"NATO", "CSTO"})
"""Groups whose matter is arms."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence that tells of a fact, with its voice; ``matter`` is what it names."""

    document: str
    start: int
    end: int
    said_by: str
    voice: str
    cue: str
    sentence: str
    matter: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Told:
    telling: Telling
    found: tuple[Named, ...]


def framings(readings: Sequence[Reading]) -> pl.DataFrame:
    """Return the pairs of sentences of two documents that tell one fact in opposite voices, each pair once."""
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    told = _read(readings)
    for fact, tellings in (*_figures(readings, told), *_matters(told)):
        for one, other in combinations(tellings, 2):
            if one.document == other.document or not are_opposite(one.voice, other.voice):
                continue
            first, second = sorted((one, other), key=lambda each: (each.document, each.start))
            place = (first.document, first.start, second.document, second.start)
            rows.setdefault(place, (fact, *_cells(first), *_cells(second)))
    return pl.DataFrame(list(rows.values()), schema=dict(FRAMINGS), orient="row")


def _cells(one: Telling) -> tuple[object, ...]:
    return one.document, one.start, one.end, one.said_by, one.voice, one.cue, one.sentence


def _read(readings: Sequence[Reading]) -> list[_Told]:
    """Return every sentence of all documents with what it names."""
    told = []
    for reading in readings:
        text = reading.document.text
        for span in _sentences(text):
            found = named(text, *span, reading.document.language, reading.document.date)
            told.append(_Told(_telling(reading, span, found), found))
    return told


def _figures(readings: Sequence[Reading], told: Sequence[_Told]) -> Iterator[tuple[str, list[Telling]]]:
    """Yield each figure that two documents tell, with the sentences that do."""
    texts = {reading.document.name: reading.document.text for reading in readings}
    figures = [
        (each.value, each.unit, texts[one.telling.document][each.start : each.end], one.telling)
        for one in told
        for each in one.found
        if each.kind == "figure" and each.value and each.unit
    ]
    figures.sort(key=lambda row: (row[1], row[0]))
    spoken: dict[str, frozenset[str]] = {}
    home = _most_named(told)
    for one in told:
        codes_of = {each.code for each in one.found if each.kind in _SPOKEN and each.code} - {home}
        spoken[one.telling.document] = spoken.get(one.telling.document, frozenset()) | codes_of
    group: list[tuple[float, str, str, Telling]] = []
    for row in figures:
        if group and (row[1] != group[-1][1] or abs(row[0] / group[-1][0] - 1) > _SAME):
            yield from _of_one_matter(group, spoken)
            group = []
        group.append(row)
    yield from _of_one_matter(group, spoken)


def _of_one_matter(
    group: Sequence[tuple[float, str, str, Telling]], spoken: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, list[Telling]]]:
    """Yield pairs of sentences with one figure: a long number, or one matter of two sentences, or of two texts.

    A number of one digit must be of one matter in its own sentences; a share or a count always.
    """
    for one, other in combinations(group, 2):
        digits = 0 if one[1] in {"pct", "count"} else _digits(one[0])
        first, second = one[3], other[3]
        texts = spoken[first.document] & spoken[second.document]
        if digits >= _TELLING or first.matter & second.matter or (digits > 1 and texts):
            yield one[2], [first, second]


def _matters(told: Sequence[_Told]) -> Iterator[tuple[str, list[Telling]]]:
    """Yield each matter between two parties: a class of tie, of trade, carriage or arms, whoever tells of it.

    One of the two is the state that all documents together name most; of a document the sentence tells that names
    the fewest others.
    """
    home = _most_named(told)
    found: dict[str, dict[tuple[str, bool], tuple[int, Telling]]] = {}
    before: tuple[str, frozenset[str], frozenset[str]] = ("", frozenset(), frozenset())
    for one in told:
        parties = frozenset(each.code for each in one.found if each.kind == "party" and each.code) - {home}
        themes = frozenset(each.code for each in one.found if each.kind == "tie") | {
            _THEMES[each.code] for each in one.found if each.kind == "cue" and each.code in _THEMES
        }
        telling = one.telling
        themes |= {"military"} if parties & _ALLIANCES else frozenset()
        own = parties, themes
        if telling.document == before[0] and (parties or themes):  # who, or what, is not named was named before
            parties, themes = parties or before[1], themes or before[2]
        before = telling.document, own[0] or parties, own[1]
        for party in parties if telling.voice in FAVOURABLE | ADVERSE else ():
            for theme in themes - {"", "state"}:
                matter = found.setdefault(f"{theme}: {home} – {party}", {})
                side, rank = (telling.document, telling.voice in ADVERSE), len(parties) + len(themes)
                if side not in matter or rank < matter[side][0]:
                    matter[side] = rank, telling
    for name, told_by in sorted(found.items()):
        yield name, [telling for _, telling in told_by.values()]


def _most_named(told: Sequence[_Told]) -> str:
    counts = Counter(
        each.code for one in told for each in one.found if each.kind == "party" and each.code in codes("states")
    )
    return counts.most_common(1)[0][0] if counts else ""


def _telling(reading: Reading, span: tuple[int, int], found: Sequence[Named]) -> Telling:
    sentence = " ".join(reading.document.text[span[0] : span[1]].split())
    matter = frozenset(one.code for one in found if one.kind in _MATTER and one.code)
    voice, cue = voice_of(sentence, reading.document.language)
    return Telling(reading.document.name, *span, _spoken(reading, span), voice, cue, sentence, matter)


def _spoken(reading: Reading, span: tuple[int, int]) -> str:
    names = [one.attribution for one in reading.claims if span[0] <= one.start < span[1] and one.attribution]
    return names[0] if names else ""


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        begin, end = sentence_at(text, at, at + 1)
        yield begin, end
        at = max(end, at + 1)


def _digits(value: float) -> int:
    return len(f"{abs(value):.6e}".split("e")[0].replace(".", "").rstrip("0")) if math.isfinite(value) else 0
