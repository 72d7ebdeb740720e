"""Anchors: what the words around a figure name of parties, goods, measure and time, nearest first.

A reading may carry slots over from elsewhere; anchors hold only what stands in the figure's own clause, else in
its sentence, else (goods, measure and time) in the sentence before it in the paragraph.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from kopir.core.codes import codes
from kopir.evidence import Named, named
from kopir.facts.claimed._phrasing import sentence_at
from kopir.facts.named._manners import (
    ABLE,
    ALREADY,
    DESIGN,
    DOWN_FROM,
    OF_STATES,
    REACH,
    VIA_BEFORE,
    VIA_BEHIND,
    former_or_latter,
    party_in_turn,
)

_CUT = re.compile(r";|,(?!\d)|:(?!\d)")
CONTEXT = frozenset(
    {"goods", "oil", "gas", "container", "cargo", "railway", "pipeline", "route", "total", "merchandise"}
)
"""Cues that say of what a measure is, not which."""
_ENDING = 4
"""Letters behind a phrase that may still be its last word, or the one that a period was taken from."""
_MARKS = " \t\r\n.!?…»”\"')]"
_DIGIT = re.compile(r"\d")
_NEXT = re.compile(r"[ \u00a0][^\W\d_]+")
_FROM = re.compile(r"\b(?:from|с|со)\s+\W?$", re.IGNORECASE)
_FROM_ENDING = re.compile(r"\w*?['’]?(?:[dt][ae]n|[дт][ае]н|н[ае]н)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n\s*\n")
_YEAR = re.compile(r"\d{4}")
_MODES = frozenset({"plan", "target", "forecast"})


@dataclass(frozen=True, slots=True)
class Anchors:
    """What is named for one figure. ``own`` holds the kinds whose words stand in the figure's own sentence.

    ``around`` are the parties of the whole sentence, ``earlier`` those of the one before, ``nearest`` that named
    last before the figure, ``period`` the time nearest to it, or by a turn ("a year later") from it; ``clause`` is
    the part of the sentence that the figure stands in, ``lead`` what stands before it in the sentence, ``before``
    the sentence before. ``modes`` are those of plans and targets in the clause. ``own`` also holds "carried" where
    the sentence tells no time and its paragraph has spoken of one year alone, and the manner of telling.
    """

    parties: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()
    cues: frozenset[str] = frozenset()
    period: str = ""
    clause: str = ""
    lead: str = ""
    before: str = ""
    earlier: frozenset[str] = frozenset()
    nearest: str = ""
    modes: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def tells(self, period: str) -> bool:
        """Tell whether the words of the figure's own sentence say ``period``: of none, that it is of now."""
        return ("now" in self.own and not period) or ("period" in self.own and self.period == period != "")


@dataclass
class Words:
    """The words of a text, sentence by sentence, read when first asked."""

    text: str
    language: str
    date: str | None
    _read: dict[tuple[int, int], tuple[Named, ...]] = field(default_factory=dict)

    def of(self, span: tuple[int, int]) -> tuple[Named, ...]:
        """Return what the sentence at ``span`` names."""
        if span not in self._read:
            self._read[span] = tuple(
                each
                for one in named(self.text, *span, self.language, self.date)
                if not self._is_aside(one)
                for each in self._ends_of_way(one)
            )
        return self._read[span]

    def _is_aside(self, one: Named) -> bool:
        """Tell whether a word only helps to name another: exporting countries, a state that goods pass through."""
        if one.kind == "cue":
            return OF_STATES.match(self.text, one.end) is not None
        if one.kind != "party" or one.code not in codes("states"):
            return False
        before = self.text[max(one.start - REACH, 0) : one.start]
        return bool(VIA_BEFORE.search(before) or VIA_BEHIND.match(self.text, one.end))

    def _ends_of_way(self, one: Named) -> list[Named]:
        """Return a way with a name made of states («China – Kyrgyzstan – Uzbekistan») as these states too."""
        if one.code not in codes("routes"):
            return [one]
        ends = {
            each.code
            for part in re.split(r"[—–-]", self.text[one.start : one.end])
            for each in named(part, 0, len(part), self.language)
            if each.code in codes("states")
        }
        return [one, *(replace(one, code=end) for end in sorted(ends))] if len(ends) > 1 else [one]

    def span_before(self, span: tuple[int, int]) -> tuple[int, int] | None:
        """Return where the sentence before ``span`` stands, ``None`` where a paragraph begins."""
        head = self.text[: span[0]]
        bare = head.rstrip(_MARKS)
        if not bare or _PARAGRAPH.search(head[len(bare) :]):
            return None
        return sentence_at(self.text, len(bare) - 1, len(bare))

    def before(self, span: tuple[int, int]) -> tuple[Named, ...]:
        """Return what the sentence before ``span`` names, nothing where a paragraph begins."""
        earlier = self.span_before(span)
        return () if earlier is None else self.of(earlier)

    def year_so_far(self, span: tuple[int, int]) -> str:
        """Return the one year that the sentences before ``span`` in its paragraph speak of, blank for more."""
        years: set[str] = set()
        earlier = self.span_before(span)
        while earlier is not None:
            times = [one.code for one in self.of(earlier) if one.kind in {"period", "earlier"} and one.code]
            years.update(times)
            earlier = self.span_before(earlier)
        return min(years) if len(years) == 1 and _YEAR.fullmatch(min(years)) else ""

    def unread(self, read: Sequence[tuple[int, int]]) -> list[Named]:
        """Return the figures in digits that are none of those ``read``, each with the word behind it."""
        found: list[Named] = []
        at = 0
        while (digit := _DIGIT.search(self.text, at)) is not None:
            span = sentence_at(self.text, digit.start(), digit.end())
            for one in self.of(span):
                stated = one.kind == "figure" and _DIGIT.search(self.text, one.start, one.end)
                if stated and not any(one.start < end and begin < one.end for begin, end in read):
                    word = _NEXT.match(self.text, one.end, span[1])
                    found.append(one if word is None else replace(one, end=word.end()))
            at = max(span[1], digit.end())
        return found


def anchors(words: Words, start: int, end: int, *, change: bool = False) -> Anchors:
    """Return what is named for the figure at ``start`` to ``end``; a ``change`` has no time before it."""
    span = sentence_at(words.text, start, end)
    found, before = words.of(span), words.before(span)
    clause = _clause(words.text, span, start, end)
    inside = [one for one in found if one.kind == "figure" and clause[0] <= one.start < clause[1]]
    picked, own = _named_slots(words, span, clause, (start, end))
    if _starts_from(words.text, inside, (start, end)):
        own.add("from")
    own |= {name for name, manner in (("able", ABLE), ("already", ALREADY)) if manner.search(words.text, *clause)}
    today = [one for one in found if one.kind == "period" and one.code == words.date]
    if today or any(one.kind == "now" for one in found):
        own.add("now")
    times = [one for one in found if one.kind == "period" or (one.kind == "earlier" and not change)]
    times = [one for one in times if one not in today]
    period, stands = _period(words, times, before, inside, (start, end), clause)
    if stands and all(one.code != period for one in times):
        own.add("turned")
    if not times and not stands and "now" not in own and (year := words.year_so_far(span)):
        period = year
        own.add("carried")
    earlier = words.span_before(span)
    return Anchors(
        parties=picked["party"],
        around=frozenset(one.code for one in found if one.kind == "party"),
        goods=picked["good"],
        cues=picked["cue"],
        period=period,
        clause=words.text[clause[0] : clause[1]],
        lead=words.text[span[0] : clause[0]],
        before="" if earlier is None else words.text[earlier[0] : earlier[1]],
        earlier=frozenset(one.code for one in before if one.kind == "party" and one.code),
        nearest=next((one.code for one in reversed(found) if one.kind == "party" and one.end <= start), ""),
        modes=_modes(words.text, found, clause),
        own=frozenset(own | ({"period"} if stands else set())),
    )


def _named_slots(
    words: Words, span: tuple[int, int], clause: tuple[int, int], figure: tuple[int, int]
) -> tuple[dict[str, frozenset[str]], set[str]]:
    """Return parties, goods and cues meant for a figure, and where the words of each stand."""
    found, before = words.of(span), words.before(span)
    inside = [one for one in found if one.kind == "figure" and clause[0] <= one.start < clause[1]]
    own: set[str] = set()
    picked: dict[str, frozenset[str]] = {}
    for kind in ("party", "good", "cue"):
        told = [one for one in found if one.kind == kind and _tells(one)]
        near, where = _scoped(told, clause)
        if near:
            own |= {kind, f"{kind} {where}"}
        elif kind != "party":
            near = [one for one in before if one.kind == kind and _tells(one)]
        picked[kind] = _picked(near, inside, figure, single=kind != "party" and len(inside) > 1)
    meant = party_in_turn(words.text, span, found, *figure)
    meant = meant or former_or_latter(words.text, clause, (*before, *found), words.language)
    if meant:
        picked["party"] = frozenset({meant})
        own |= {"party", "party inside"}
    return picked, own


def _modes(text: str, found: Sequence[Named], clause: tuple[int, int]) -> frozenset[str]:
    """Return the modes of plans that a clause names; what something is designed for is a plan."""
    told = {one.code for one in found if one.kind == "mode" and clause[0] <= one.start < clause[1]} & _MODES
    return frozenset(told | ({"plan"} if DESIGN.search(text, *clause) else set()))


def _starts_from(text: str, figures: Sequence[Named], figure: tuple[int, int]) -> bool:
    """Tell whether a figure is what another came from: «from 5.2 to 3.4», «3.4, down from 5.2».

    The word before it says so, or the ending of its unit.
    """
    if DOWN_FROM.search(text[max(figure[0] - 24, 0) : figure[0]]):
        return True
    later = [one for one in figures if one.start >= figure[1]]
    return bool(later) and bool(
        _FROM.search(text[max(figure[0] - 8, 0) : figure[0]])
        or _FROM_ENDING.match(text[figure[1] - 4 : figure[1] + 8])
    )


def _tells(one: Named) -> bool:
    return bool(one.code) and not (one.kind == "cue" and one.code in CONTEXT)


def _clause(text: str, span: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Return the part of a sentence around a figure, between semicolons, colons and commas."""
    begin = max((cut.end() for cut in _CUT.finditer(text, span[0], start)), default=span[0])
    after = _CUT.search(text, end, span[1])
    return begin, span[1] if after is None else after.start()


def _scoped(found: Sequence[Named], clause: tuple[int, int]) -> tuple[list[Named], str]:
    """Return what stands in the clause, else all before it, else all behind it, and which of these it is."""
    inside = [one for one in found if clause[0] <= one.start < clause[1]]
    if inside:
        return inside, "inside"
    before = [one for one in found if one.start < clause[0]]
    return (before, "before") if before else (list(found), "behind")


def _picked(
    near: Sequence[Named], figures: Sequence[Named], figure: tuple[int, int], *, single: bool
) -> frozenset[str]:
    """Return the codes meant for a figure: in turn where words and figures are as many, else the nearest one."""
    codes = list(dict.fromkeys(one.code for one in near))
    if len(codes) > 1 and len(codes) == len(figures):
        at = next((n for n, one in enumerate(figures) if one.start < figure[1] and figure[0] < one.end), None)
        if at is not None:
            return frozenset({codes[at]})
    if single and len(codes) > 1:
        return frozenset({min(near, key=lambda one: _gap(one, figure)).code})
    return frozenset(codes)


def _gap(one: Named, figure: tuple[int, int]) -> int:
    """Return how many characters lie between a word and a figure; words behind it count double."""
    return figure[0] - one.end if one.end <= figure[0] else 2 * max(0, one.start - figure[1])


def _period(
    words: Words,
    named_times: Sequence[Named],
    before: Sequence[Named],
    figures: Sequence[Named],
    figure: tuple[int, int],
    clause: tuple[int, int],
) -> tuple[str, bool]:
    """Return the period of a figure, and whether its own sentence names it; a turn counts from what is told."""
    span = sentence_at(words.text, *figure)
    turns = _turns_in(words, span)
    times = [
        one
        for one in named_times
        if one.code and not any(one.start < end and at < one.end for _, at, end in turns)
    ]
    told = [one.code for one in before if one.kind == "period" and one.code]
    for years, at, end in turns:
        if not clause[0] <= at < clause[1]:
            continue
        past = [one.code for one in times if one.end <= at] or told or _last_year(words)
        inside = [one for one in times if clause[0] <= one.start < clause[1]]
        gap = min(abs(at - figure[1]), abs(figure[0] - end))
        others = [one for one in figures if one.end <= figure[0] or figure[1] <= one.start]
        if any(min(abs(at - one.end), abs(one.start - end)) < gap for one in others):
            continue  # another figure stands nearer to it
        if past and past[-1][:4].isdigit() and not any(_gap(one, figure) < gap for one in inside):
            return str(int(past[-1][:4]) + years), True
    near, where = _scoped(times, clause)
    if where == "behind":
        near = []
    plain = [one for one in near if one.kind == "period"]
    if len(near) != len(figures):
        near = plain or near
    if not near:
        return (told[-1] if told else ""), False
    (code,) = _picked(near, figures, figure, single=True)
    return code, True


def _last_year(words: Words) -> list[str]:
    """Return the year before that of the text, of which it mostly speaks; nothing for a text without a day."""
    year = (words.date or "")[:4]
    return [str(int(year) - 1)] if year.isdigit() else []


def _turns_in(words: Words, span: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Return the phrases of a sentence that turn from the time spoken of: by how many years, and where."""
    part = words.text[span[0] : span[1]].casefold()
    found: list[tuple[int, int, int]] = []
    for phrase, years in _turns().get(words.language, ()):
        at = part.find(phrase)
        if at >= 0 and not any(begin <= span[0] + at < end for _, begin, end in found):
            found.append((years, span[0] + at, span[0] + at + len(phrase) + _ENDING))
    return found


@cache
def _turns() -> dict[str, tuple[tuple[str, int], ...]]:
    told = files("kopir.facts").joinpath("data/turns.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, int]]] = {}
    for row in csv.DictReader(told.splitlines()):
        found.setdefault(row["language"], []).append((row["phrase"], int(row["years"])))
    return {language: tuple(sorted(rows, key=lambda row: -len(row[0]))) for language, rows in found.items()}
