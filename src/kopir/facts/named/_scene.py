"""The scene of a figure: what the words around it name, each with how near it stands.

Nearness counts down from the figure's own clause over its sentence and the sentence before it to the paragraph.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from kopir.core.codes import codes
from kopir.evidence import measures_of, named
from kopir.facts.named._anchors import CONTEXT, Anchors, Words
from kopir.facts.named._naming import named_in, plain_letters
from kopir.facts.named._sites import spelt_in

CLAUSE, SENTENCE, BEFORE, PARAGRAPH, NOWHERE = range(5)
IMPLIED = {"TEU": "containers", "MWh": "power", "MW": "power", "bbl": "crude", "m3": "gas", "train": "containers"}
"""Goods that a unit alone names."""
HALF = re.compile(
    r"\bhalf[\s-]|\bfirst six months|\bполугод|\bперв\w+ шесть|\bпервые 6 мес|\byarı(?:sı|yıl)|\bilk altı ay"
    r"|\bilk 6 ay|\bжарты ?жыл|\bалғашқы алты ай|\bmid-?year|\bend of june|\bконц\w+ июня|\bhaziran sonu"
    r"|\bмаусымның соңы",
    re.IGNORECASE,
)
"""Words of the first half of a year."""
WHOLE = re.compile(
    r"\b(?:total|overall|altogether|nationwide)\b|\bвсего\b|\bобщ(?:ий|ая|ее|его|ей|ем)\b|\bвесь\b|\bвсе[хй]?\b"
    r"|\btoplam|\bbütün\b|\btüm\b|\bжалпы\b|\bбарлық\b",
    re.IGNORECASE,
)
"""Words that speak of the whole, whoever was named before."""
_CAPITAL = re.compile(r"[A-Z]\w{2,}")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is named around a figure: for each kind the codes with their nearness, and the texts themselves."""

    found: Anchors
    near: Mapping[str, Mapping[str, int]]
    cued: Mapping[str, int]
    stemmed: Mapping[str, int]
    texts: tuple[str, ...]
    date: str
    read: str = ""
    half: bool = False
    sites: frozenset[str] = frozenset()
    whole: bool = False

    def nearness(self, kind: str, code: str) -> int:
        """Return how near a code stands, :data:`NOWHERE` when it is not named."""
        return self.near[kind].get(code, NOWHERE)

    def spells(self, name: str) -> int:
        """Return how near a name of a site or firm is written, in whatever script."""
        words = [one for one in re.split(r"[\W_]+", name) if _CAPITAL.fullmatch(one) and one not in _GENERIC]
        whole = ["".join(words)] if len(words) > 1 else []
        for level, text in enumerate(self.texts):
            if any(spelt_in(word, text) for word in (*words, *whole)):
                return level
        return min(self.nearness("party", name), self.nearness("speaker", name))


_GENERIC = frozenset(
    {"Port", "Airport", "Railway", "Pipeline", "Terminal", "Refinery", "Line", "Canal", "Corridor", "Plant", "Dam"}
    | {"Gas", "Oil", "Project", "North", "South", "East", "West", "Central", "New", "Company", "Airlines", "Group"}
    | {"National", "International", "Energy", "Bank"}
)
"""Words of names of sites that name none alone."""


def scene_of(words: Words, found: Anchors, read: str, span: tuple[int, int], start: int) -> Scene:
    """Return the scene of the figure at ``start`` in the sentence at ``span`` that was ``read`` as of a time."""
    texts = [found.clause, words.text[span[0] : span[1]]]
    near = _named_near(words, found, span)
    speaker = _speaker_in_turn(words, span, start)
    if speaker:
        near["speaker"] = {speaker: CLAUSE}
    earlier, level = words.span_before(span), BEFORE
    while earlier is not None:
        for one in words.of(earlier):
            if one.kind in near and one.code:
                near[one.kind].setdefault(one.code, level)
        texts.append(words.text[earlier[0] : earlier[1]])
        earlier, level = words.span_before(earlier), PARAGRAPH
    cued: dict[str, int] = {}
    for cue, level in sorted(near["cue"].items(), key=lambda pair: pair[1]):
        for name in measures_of(cue) if cue not in CONTEXT or cue == "container" else ():
            cued.setdefault(name, level)
    stemmed: dict[str, int] = {}
    for level, text in enumerate(texts):
        for name in stems_in(text, words.language):
            stemmed.setdefault(name, min(level, PARAGRAPH))
        for code in named_in(text):
            near["aside"].setdefault(code, min(max(level, SENTENCE), PARAGRAPH))
    texts = [*texts[:PARAGRAPH], *([" ".join(texts[PARAGRAPH:])] if texts[PARAGRAPH:] else [])]
    half, whole = (one.search(found.clause) is not None for one in (HALF, WHOLE))
    return Scene(found, near, cued, stemmed, tuple(texts), words.date or "", read, half, whole=whole)


def _named_near(words: Words, found: Anchors, span: tuple[int, int]) -> dict[str, dict[str, int]]:
    """Return what the sentence of a figure names, by kind, with its nearness."""
    near: dict[str, dict[str, int]] = {"party": {}, "good": {}, "cue": {}, "speaker": {}, "aside": {}}
    for kind, named_codes in (("party", found.parties), ("good", found.goods), ("cue", found.cues)):
        near[kind].update(dict.fromkeys(named_codes if f"{kind} inside" in found.own else (), CLAUSE))
    begin = words.text.find(found.clause, span[0], span[1]) if found.clause else span[0]
    for one in words.of(span):
        inside = begin <= one.start < begin + len(found.clause)
        if one.kind == "figure" and not inside and one.unit in IMPLIED:
            near["good"].setdefault(IMPLIED[one.unit], SENTENCE)
        elif one.kind in near and one.code:
            near[one.kind].setdefault(one.code, CLAUSE if inside and one.kind == "speaker" else SENTENCE)
    return near


def _speaker_in_turn(words: Words, span: tuple[int, int], start: int) -> str:
    """Return whose figure it is where a sentence names as many who report as it has figures, blank elsewhere."""
    speakers = [one.code for one in words.of(span) if one.kind == "speaker" and one.code]
    figures = [one for one in words.of(span) if one.kind == "figure"]
    at = next((n for n, one in enumerate(figures) if one.start <= start < one.end), None)
    return speakers[at] if at is not None and len(speakers) == len(figures) > 1 else ""


def stems_in(text: str, language: str) -> frozenset[str]:
    """Return the indicators that words of a text stand for by their stems (``data/measure_words.csv``)."""
    stems = _stems().get(language, ())
    plain = plain_letters(text)
    return frozenset(one for stem, indicators in stems if re.search(rf"\b{stem}", plain) for one in indicators)


@cache
def _stems() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    told = files("kopir.facts").joinpath("data/measure_words.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in csv.DictReader(told.splitlines()):
        found.setdefault(row["language"], []).append(
            (plain_letters(row["stem"]), tuple(row["indicators"].split()))
        )
    return {language: tuple(rows) for language, rows in found.items()}


def is_state(code: str) -> bool:
    """Tell whether a code is a state's or a group's."""
    return code in codes("states") or code in codes("groups")


@lru_cache(maxsize=4096)
def speakers_in(source: str) -> frozenset[str]:
    """Return the codes of those who report that the name of a source holds."""
    return frozenset(
        one.code
        for one in named(source, 0, len(source), "en")
        if one.kind == "speaker" or (one.kind == "party" and one.code and not is_state(one.code))
    )
