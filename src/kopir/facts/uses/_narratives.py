"""Narratives: which actors, ties and modes each document stresses, and how each words what they share.

Nothing is scored: shares are counts of claims and relations, and wording is quoted. Who hopes, warns or denies is
told by a word of the sentence (``facts/data/voices.csv``), which stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from kopir.facts.claimed._loading import claims_of_readings
from kopir.facts.claimed._observations import observe
from kopir.facts.claimed._phrasing import sentence_at
from kopir.facts.uses._framings import framings
from kopir.facts.uses._voices import voice_of

if TYPE_CHECKING:
    from kopir.evidence import Reading, Relation

_SHARES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "document": pl.String,
    "facet": pl.String,
    "word": pl.String,
    "count": pl.Int64,
    "share": pl.Float64,
}
_SHARED: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "document": pl.String,
    "said_by": pl.String,
    "figure": pl.String,
    "modality": pl.String,
    "sentence": pl.String,
}
_TIES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "tie": pl.String,
    "parties": pl.String,
    "document": pl.String,
    "said_by": pl.String,
    "voice": pl.String,
    "cue": pl.String,
    "sentence": pl.String,
}
_DENIALS = frozenset({"deny", "no_conditions", "not_hostile"})
_MODES = {"denied": "denies", "alleged": "alleges", "plan": "plans", "target": "plans", "forecast": "expects"}


@dataclass(frozen=True)
class Narratives:
    """What documents stress.

    ``table`` counts, for each document, ``actor`` (of claims and relations), ``theme`` (indicators), ``tie``
    (classes of relation) and ``modality``; shares sum to one in each facet. ``shared`` quotes, for every key
    that two or more documents speak of, each document's sentence. ``ties`` does so for every tie (a class of
    relation between two parties) that two or more documents speak of, with who says it and in which ``voice``:
    asserts, plans, expects, alleges, praises, hopes, warns or denies; ``cue`` is the word that tells, where one
    does. ``framings`` sets the sentences of two documents side by side that tell one fact in opposite voices.
    """

    table: pl.DataFrame
    shared: pl.DataFrame
    ties: pl.DataFrame
    framings: pl.DataFrame


def compare_narratives(readings: Sequence[Reading]) -> Narratives:
    """Set documents side by side, in the order of their names."""
    ordered = sorted(readings, key=lambda reading: reading.document.name)
    rows = [row for reading in ordered for row in _stress(reading)]
    stress = pl.DataFrame(rows, schema=dict(_SHARES), orient="row")
    return Narratives(stress, _shared(ordered), _ties(ordered), framings(ordered))


def _stress(reading: Reading) -> list[tuple[str, str, str, int, float]]:
    facets: dict[str, Counter[str]] = {
        "actor": Counter(),
        "modality": Counter(),
        "theme": Counter(),
        "tie": Counter(),
    }
    for claim in reading.claims:
        facets["actor"].update(filter(None, {claim.subject, *claim.partners}))
        facets["modality"][claim.modality] += 1
        if claim.indicator:
            facets["theme"][claim.indicator] += 1
    for relation in reading.relations:
        facets["actor"].update(filter(None, {relation.actor, *relation.targets}))
        facets["modality"][relation.modality] += 1
        facets["tie"][relation.relation_class] += 1
    name = reading.document.name
    return [
        (name, facet, word, count, count / sum(counts.values()))
        for facet, counts in facets.items()
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _shared(readings: Sequence[Reading]) -> pl.DataFrame:
    claims = claims_of_readings(readings)
    seen = observe(claims)
    texts = {reading.document.name: reading.document.text for reading in readings}
    told: dict[str, list[tuple[str, ...]]] = {}
    for row, number in enumerate(seen.claim):
        claim = claims.row(int(number), named=True)
        key = seen.keys[seen.fact[row]]
        text = texts[claim["doc"]]
        begin, end = sentence_at(text, claim["start"], claim["end"])
        about = f"{key}" if seen.base[row] < 0 else f"{claim['kind']} of {key}"
        told.setdefault(about, []).append(
            (about, claim["doc"], claim["attribution"] or "", claim["text"], claim["modality"], text[begin:end])
        )
    rows = [row for _, rows in sorted(told.items()) if len({row[1] for row in rows}) > 1 for row in rows]
    return pl.DataFrame(rows, schema=dict(_SHARED), orient="row")


def _ties(readings: Sequence[Reading]) -> pl.DataFrame:
    told: dict[tuple[str, str], dict[tuple[str, str], tuple[str, ...]]] = {}
    for reading in readings:
        text, name = reading.document.text, reading.document.name
        for one in reading.relations:
            begin, end = sentence_at(text, one.start, one.end)
            sentence = " ".join(text[begin:end].split())
            voice, cue = _voice(one, sentence)
            for target in one.targets if one.actor else ():
                tie = (one.relation_class, " – ".join(sorted((one.actor or "", target))))
                row = (*tie, name, one.attribution or "", voice, cue, sentence)
                told.setdefault(tie, {}).setdefault((name, sentence), row)
    rows = [
        row
        for _, said in sorted(told.items())
        if len({document for document, _ in said}) > 1
        for row in said.values()
    ]
    return pl.DataFrame(rows, schema=dict(_TIES), orient="row")


def _voice(relation: Relation, sentence: str) -> tuple[str, str]:
    """Return in which voice a tie is told, and the word of the sentence that tells, if one does."""
    if relation.relation in _DENIALS:
        return "denies", ""
    if relation.modality in _MODES:
        return _MODES[relation.modality], ""
    return voice_of(sentence, relation.lang)
