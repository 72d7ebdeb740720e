"""Review of a text: each figure set against what sources state, with the sentence one would write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.codes import codes, registered_name
from kopir.facts.book._book import FactBook
from kopir.facts.checked._arithmetic import Results
from kopir.facts.checked._computed import derived
from kopir.facts.checked._hypotheses import site_names
from kopir.facts.checked._mending import mended_sentence
from kopir.facts.checked._selfcheck import Break, own_breaks
from kopir.facts.checked._verdicts import (
    PROVED,
    TYPED,
    VERDICTS,
    Judgement,
    elsewhere,
    is_denied,
    is_doubtful,
    is_unnamed,
    judge,
    placed,
    stopped,
    unproved,
)
from kopir.facts.checked._weighing import Weighing, doubted, weigh
from kopir.facts.claimed._claims import claims_table
from kopir.facts.claimed._keys import LEVEL_KINDS, Key
from kopir.facts.claimed._loading import claims_of_readings
from kopir.facts.claimed._phrasing import sentence_at
from kopir.facts.named._anchors import Anchors, Words, anchors
from kopir.facts.named._figures import readings_of, with_own_money
from kopir.facts.named._kinship import Told
from kopir.facts.named._naming import named_in
from kopir.facts.named._openings import in_time, in_unit, is_bare, past_of
from kopir.facts.named._scene import scene_of
from kopir.facts.named._sites import sites_in
from kopir.facts.named._statements import Statement, meets, statements

if TYPE_CHECKING:
    from kopir.evidence import Claim, Reading

CONTEXT = 400
"""Characters before a sentence that may say whom it speaks of."""

__all__ = ["REVIEW_SCHEMA", "VERDICTS", "Review", "review"]

REVIEW_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "start": pl.Int64,
    "end": pl.Int64,
    "text": pl.String,
    "sentence": pl.String,
    "address": pl.String,
    "read_as": pl.String,
    "verdict": pl.String,
    "key": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "sources": pl.List(pl.String),
    "why": pl.String,
    "suggestion": pl.String,
}


_BORNE = frozenset({"confirmed", "perimeter mixed", "unknown"})
"""Verdicts under which a figure may equal what is held of a way that was stopped since."""


_NOBODY = frozenset[str]()
_CHANGES = frozenset({"change_pct", "change_abs", "mult"})
ADDED = re.compile(
    r"прибав|увелич|больше|меньше|\bmore\b|\bless\b|\bup by\b|\badd|fazla|\bdaha az|\bart|көп|\bаз\b|арт", re.I
)
"""Words of a step between two levels, which a reading may take for a level."""
OF_WHICH = re.compile(
    r"\bof (?:which|these|those|them)\b|\bиз (?:них|которых)\b|\bbun(?:un|ların)\b|\b(?:соның|оның)\b", re.I
)
"""Words of a part of what the sentence has told."""
WRONG = frozenset({"contradicted", "out of date", "perimeter mixed"})
_BOUNDS = ["le", "lt", "upto"]
"""Comparators of a figure whose negation is read already: «did not exceed»."""
_NOT_ABOVE: Mapping[str, str] = {
    "en": r"\b(?:not|never|n['’]t)\s+(?:(?:yet|even)\s+)?(?:exceed|surpass|top\b|topped|pass\b|go beyond)",
    "tr": r"\b(?:aşma|geçme)(?:[dm]|yacak|z)",
    "kk": r"\bаспа(?:ды|ған|йды)|\bасқан жоқ",
}
"""How a sentence says that a figure was not passed, where the reader takes it for the figure, or for more."""
_NOT_REACHED: Mapping[str, str] = {
    "en": r"\b(?:not|never|n['’]t)\s+(?:(?:yet|even)\s+)?(?:reach|hit\b|attain|get to|make it to)",
    "ru": r"\bне (?:достиг|дотян|дош|добра)",
    "tr": r"\b(?:ulaşma|erişme|varma)(?:[dm]|yacak|z)",
    "kk": r"\bжетпе(?:ді|ген|йді)|\bжеткен жоқ",
}
"""How a sentence says that a figure was not even reached."""
_VERB_LAST = frozenset({"tr", "kk"})
_PASSED = frozenset({"gt", "ge", "eq"})


@dataclass(frozen=True)
class Review:
    """The figures of one text with their verdicts, in reading order; ``language`` is that of the text.

    ``value``, ``low`` and ``high`` are what the sources named state, in canonical units. ``breaks`` are the
    figures of the text that cannot hold together, whatever any source says.
    """

    table: pl.DataFrame
    language: str
    breaks: tuple[Break, ...] = ()

    def count(self, verdict: str) -> int:
        """Return how many figures got a verdict."""
        return int((self.table["verdict"] == verdict).sum())


def review(
    reading: Reading,
    held: FactBook | pl.DataFrame,
    titles: Mapping[str, str] | None = None,
    *,
    focal: str = "",
    as_of: str = "",
) -> Review:
    """Set every figure of a document against what the claims of ``held`` (a book or its claims) state.

    ``titles`` names sources for readers, ``focal`` the state whose book it is. With ``as_of`` only what was
    published by that day is known. Every figure of the text is judged, published or not; of what is held only
    claims that are published, corrected or no document's are evidence.
    """
    claims = held.claims if isinstance(held, FactBook) else held
    if as_of:
        claims = claims.filter(pl.col("published").fill_null("") <= as_of)
    reading = with_own_money(reading, focal)
    known = statements(claims)
    text, language = reading.document.text, reading.document.language
    drafted = _with_bounds(claims_of_readings([reading]), text)
    draft = _Draft(reading, known, focal, drafted)
    rows = []
    for claim in reading.claims:
        figure, judged = draft.judged(claim)
        begin, end = draft.spans[claim.id]
        row = claim.as_record()
        rows.append(_row(row, text[begin:end], figure, judged, (text, claim.lang, titles or {})))
    rows += _unread(reading, draft, known, titles or {})
    rows.sort(key=lambda row: (row["start"], row["end"]))
    placed_well = drafted.filter(~pl.col("id").is_in(draft.misplaced))
    return Review(pl.DataFrame(rows, schema=dict(REVIEW_SCHEMA)), language, own_breaks(placed_well))


class _Draft:
    """The figures of a draft, judged in reading order; ``misplaced`` are of no use to its arithmetic."""

    def __init__(self, reading: Reading, known: Sequence[Statement], focal: str, drafted: pl.DataFrame) -> None:
        self.reading, self.known, self.focal = reading, known, focal
        self.text, self.date = reading.document.text, reading.document.date or ""
        self.within = set(drafted.filter(pl.col("comparator").is_in(_BOUNDS))["id"])
        self.said = {one.id: one for one in statements(drafted, stood=False)}
        self.words = Words(self.text, reading.document.language, reading.document.date)
        self.spans = {claim.id: sentence_at(self.text, claim.start, claim.end) for claim in reading.claims}
        self.beside, self.parties = _named_by_readings(reading.claims, self.spans)
        self.results = Results(self.text)
        self.misplaced: list[str] = []
        self.spoken: dict[int, list[Key]] = {}
        self.all = (*known, *derived(known))
        self.places = frozenset(name for one in known for name in site_names(one))

    def judged(self, claim: Claim) -> tuple[Statement | None, Judgement]:
        """Return what a figure says and its judgement."""
        begin, end = self.spans[claim.id]
        sentence, figure = self.text[begin:end], self.said.get(claim.id)
        if figure is None:
            return None, Judgement("unknown", "the text does not say enough to place the figure")
        named = named_in(sentence) | self.beside[begin, end]
        before = named_in(self.text[max(begin - CONTEXT, 0) : begin]) | self.parties[begin, end]
        found = anchors(self.words, claim.start, claim.end, change=claim.kind in _CHANGES)
        figure = in_time(figure, found, self.date)
        found = replace(
            found, period=past_of(found.period, found, self.date) if figure.is_report else found.period
        )
        timed = found.tells(figure.key.period)
        sites = self._sites(found)
        told = Told(figure, named, self.focal, sentence, self.date, before, timed=timed, sites=sites)
        told = replace(told, present="already" in found.own)
        denied = is_denied(found.clause, claim.lang, claim.modality) and claim.id not in self.within
        carried = figure.parties - named - found.around - {self.focal}
        if denied or (not claim.published and (carried or elsewhere(told, found))):
            self.misplaced.append(claim.id)
        own = self.reading.document.name
        judged = judge(told, found, self.known, own=own, denied=denied, sure=claim.published)
        if judged.verdict not in PROVED and not denied and is_bare(self.text[claim.start : claim.end]):
            judged = self._in_other_units(told, found, claim) or (judged if claim.published else unproved(judged))
        if judged.verdict in WRONG and not claim.published and ADDED.search(found.clause):
            judged = self._as_step(told, found) or judged
        judged = _if_stopped(told, self.known, judged, denied=denied)
        judged = judged if denied else self._weighed_too(told, found, claim, judged)
        if judged.of and judged.verdict in PROVED:
            self.spoken.setdefault(begin, []).append(judged.of[0].key)
        return figure, self.results.judged(figure, (begin, claim.start, claim.end), claim.lang, judged)

    def _weighed_too(self, told: Told, found: Anchors, claim: Claim, judged: Judgement) -> Judgement:
        """Return a judgement, or what hypotheses make of the figure where nothing or the wrong thing placed it."""
        if judged.verdict in PROVED:
            figure = self._weighing(told, found, claim.start, claim.end)
            return doubted(figure, judged.of[0], self.all) or judged if judged.of else judged
        if (
            judged.why.startswith("this is the figure of")
            and OF_WHICH.search(found.clause)
            and not claim.published
        ):
            return replace(judged, verdict="confirmed", why=f"stated, {judged.why}", right=())
        open_to = judged.verdict in WRONG and (is_unnamed(judged) if claim.published else is_doubtful(judged))
        if judged.verdict != "unknown" and not open_to and not is_doubtful(judged):
            return judged
        weighed = self.weighed(told, found, claim.start, claim.end)
        if weighed is None or (judged.verdict != "unknown" and weighed.verdict not in PROVED):
            return judged
        return weighed

    def weighed(self, told: Told, found: Anchors, start: int, end: int) -> Judgement | None:
        """Judge a figure that no reading places by the statement that the words around it speak of most."""
        return weigh(self._weighing(told, found, start, end), self.all, self.reading.document.name)

    def _weighing(self, told: Told, found: Anchors, start: int, end: int) -> Weighing:
        span = sentence_at(self.text, start, end)
        around = self.words.of(span)
        written = next(
            (one for one in around if one.kind == "figure" and one.start < end and start < one.end), None
        )
        units = [one.unit for one in reversed(around) if one.kind == "figure" and one.unit and one is not written]
        figures = readings_of(told.said, written, self.text[start:end], found.clause, units, self.focal)
        scene = replace(scene_of(self.words, found, told.said.key.period, span, start), sites=told.sites)
        return Weighing(told, figures, scene, self.spoken.get(span[0], ()))

    def _sites(self, found: Anchors) -> frozenset[str]:
        """Return the sites of a clause, else, where it names no party, of what stands before it."""
        told = sites_in(found.clause, found.before, self.places)
        return told if told or "party inside" in found.own else sites_in(found.lead, "", self.places)

    def _as_step(self, told: Told, found: Anchors) -> Judgement | None:
        """Judge a level as the step to it, of its year or the next; ``None`` where that bears it out neither."""
        year = told.said.key.period
        for period in (year, str(int(year) + 1) if year.isdigit() else year):
            key = replace(told.said.key, period=period)
            step = replace(told, said=replace(told.said, kind="change_abs", key=key), timed=True)
            judged = judge(
                step,
                replace(found, period=period),
                self.known,
                own=self.reading.document.name,
                denied=False,
                sure=False,
            )
            if judged.verdict in PROVED:
                return judged
        return None

    def _in_other_units(self, told: Told, found: Anchors, claim: Claim) -> Judgement | None:
        """Judge a figure without a unit by those that may be meant; ``None`` where that proves nothing."""
        span = self.spans[claim.id]
        beside = [one for one in self.reading.claims if self.spans[one.id] == span and one.end <= claim.start]
        units = [one.unit or "" for one in beside if not is_bare(self.text[one.start : one.end])][-1:]
        for unit in dict.fromkeys((*units, "")):
            meant = replace(told, said=in_unit(told.said, unit))
            judged = judge(meant, found, self.known, own=self.reading.document.name, denied=False, sure=False)
            if judged.verdict in PROVED or judged.why.startswith(TYPED):
                return judged
        return None


def _named_by_readings(
    claims: Sequence[Claim], spans: Mapping[str, tuple[int, int]]
) -> tuple[dict[tuple[int, int], set[str]], dict[tuple[int, int], set[str]]]:
    """Return by sentence the speakers and ways that its figures were read with, and their parties."""
    beside: dict[tuple[int, int], set[str]] = {}
    parties: dict[tuple[int, int], set[str]] = {}
    for claim in claims:
        whom = {claim.subject or "", *claim.partners}
        own = {claim.attribution or "", claim.route or ""} | (set(codes("routes")) & whom)
        beside.setdefault(spans[claim.id], set()).update(own - {""})
        parties.setdefault(spans[claim.id], set()).update(whom - {""})
    return beside, parties


def _if_stopped(told: Told, known: Sequence[Statement], judged: Judgement, *, denied: bool) -> Judgement:
    """Return the judgement, or that its figure is out of date where its way was stopped since."""
    borne = () if denied else tuple(one for one in judged.of if meets(told.said, one))
    note = stopped(told, known, borne) if judged.verdict in _BORNE else ""
    return Judgement("out of date", note, judged.of) if note else judged


def _with_bounds(claims: pl.DataFrame, text: str) -> pl.DataFrame:
    """Return claims with figures that were not passed as upper bounds.

    The words stand between the figure and the one before it, in Turkish and Kazakh between it and the next.
    """
    rows = claims.select("id", "lang", "start", "end", "comparator", "kind").sort("start").to_dicts()
    bound, short = [], []
    for at, row in enumerate(rows):
        begin, end = sentence_at(text, row["start"], row["end"])
        first = max(begin, rows[at - 1]["end"]) if at else begin
        last = min(end, rows[at + 1]["start"]) if at + 1 < len(rows) else end
        near = text[row["end"] : last] if row["lang"] in _VERB_LAST else text[first : row["start"]]
        words, short_of = (told.get(row["lang"], "$^") for told in (_NOT_ABOVE, _NOT_REACHED))
        if row["comparator"] in _PASSED and row["kind"] in LEVEL_KINDS and re.search(words, near, re.IGNORECASE):
            bound.append(row["id"])
        elif row["comparator"] in _PASSED and row["kind"] in LEVEL_KINDS and re.search(short_of, near, re.I):
            short.append(row["id"])
    is_bound = pl.col("id").is_in([*bound, *short])
    most = pl.coalesce("value", "lo") * pl.when(pl.col("id").is_in(short)).then(_JUST_BELOW).otherwise(1.0)
    return claims.with_columns(
        comparator=pl.when(is_bound).then(pl.lit("le")).otherwise("comparator"),
        lo=pl.when(is_bound).then(None).otherwise("lo"),
        hi=pl.when(is_bound).then(most).otherwise("hi"),
        value=pl.when(is_bound).then(most).otherwise("value"),
    )


_JUST_BELOW = 0.99
"""What has not been reached is less than the figure, not the figure."""


def _unread(
    reading: Reading, draft: _Draft, known: Sequence[Statement], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the rows of figures that the reader makes nothing of: unknown, unless number and words place them."""
    text, name = reading.document.text, reading.document.name
    words, focal = draft.words, draft.focal
    told = words.unread([(claim.start, claim.end) for claim in reading.claims])
    bare = {
        "doc": name,
        "comparator": "eq",
        "kind": "count",
        "partners": [],
        "modality": "actual",
        "published": False,
    }
    claims: list[dict[str, Any]] = [
        {**bare, "id": f"{name}#{one.start}", "start": one.start, "end": one.end, "value": one.value}
        | {"text": text[one.start : one.end], "unit": one.unit or None}
        for one in told
    ]
    table = claims_table([row for row in claims if row["value"] is not None])
    figures = {one.id: one for one in statements(table, stood=False)}
    rows = []
    for claim in claims:
        begin, stop = sentence_at(text, claim["start"], claim["end"])
        judged, figure = None, figures.get(claim["id"])
        if figure is not None:
            about = Told(figure, _NOBODY, focal, text[begin:stop], reading.document.date or "")
            found = anchors(words, claim["start"], claim["end"])
            judged = placed(about, found, known, own=name)
            weighed = draft.weighed(about, found, claim["start"], claim["end"]) if judged is None else None
            judged = weighed if weighed is not None and not is_unnamed(weighed) else judged
        judged = judged or Judgement("unknown", "of this figure no measure is known")
        row = _row(_blank(claim), text[begin:stop], figure, judged, (text, reading.document.language, titles))
        rows.append(row | {"read_as": "not read"})
    return rows


def _blank(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim of which nothing but number and place is known."""
    return dict.fromkeys(
        ("subject", "indicator", "route", "commodity", "perimeter", "period", "attribution")
    ) | dict(claim)


def _row(
    claim: Mapping[str, Any],
    sentence: str,
    figure: Statement | None,
    judged: Judgement,
    draft: tuple[str, str, Mapping[str, str]],
) -> dict[str, Any]:
    text, language, titles = draft
    shown = judged.right or judged.of
    best = shown[0] if shown else None
    wrong = judged.verdict in {"contradicted", "out of date", "perimeter mixed"}
    return {
        "start": claim["start"],
        "end": claim["end"],
        "text": claim["text"],
        "sentence": sentence,
        "address": f"{claim['doc']}#{claim['start']}-{claim['end']}",
        "read_as": read_as(claim, figure),
        "verdict": judged.verdict,
        "key": None if best is None else str(best.key),
        "value": None if best is None else best.value,
        "low": None if best is None or best.low == -float("inf") else min(one.low for one in shown),
        "high": None if best is None or best.high == float("inf") else max(one.high for one in shown),
        "sources": list(
            dict.fromkeys(titles.get(str(one.row["source"]), str(one.row["source"])) for one in shown)
        ),
        "why": judged.why,
        "suggestion": mended_sentence(text, claim, judged.right, language, titles) if wrong else None,
    }


def read_as(claim: Mapping[str, Any], figure: Statement | None) -> str:
    """Return in words how a figure was read, with the slots that the text left open."""
    names = [str(claim["subject"] or ""), *claim["partners"]]
    parties = " – ".join(registered_name(one, "en") or one for one in dict.fromkeys(filter(None, names)))
    parts = [
        str(claim["indicator"] or "of no measure").replace("_", " "),
        "" if claim["kind"] == "level" else str(claim["kind"]).replace("_", " "),
        parties or "nobody named",
        f"by {claim['route']}" if claim["route"] and claim["route"] not in names else "",
        str(claim["commodity"] or ""),
        str(claim["perimeter"] or "").replace("_", " "),
        str(claim["period"] or "no period"),
        "" if claim["modality"] == "actual" else str(claim["modality"]),
        "" if claim["comparator"] == "eq" else f"“{claim['comparator']}”",
        f"says {claim['attribution']}" if claim["attribution"] else "",
    ]
    sure = "" if claim["published"] or figure is None else " (not sure of it)"
    return ", ".join(filter(None, parts)) + sure
