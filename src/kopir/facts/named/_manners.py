"""Manners of telling a figure, in four languages: as a design, as what can be, as so already, in turn with others.

Beside a word of trade or a state they tell whether it is one of the figure's own. In turn: «Romania, China and
Ukraine supplied 1.6, 1.3 and 1.1 billion respectively»; «with the former … with the latter».
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from kopir.evidence import Named

DOWN_FROM = re.compile(
    r"\b(?:up|down|rising|falling|compared (?:with|to)|против|по сравнению с) (?:from )?\W*$", re.I
)
"""Before a figure, that another one came from it («3.4, down from 5.2»)."""
DESIGN = re.compile(
    r"\b(?:design|nameplate|planned|projected) (?:capacity|throughput|output)|\bпроектн\w+"
    r"|\bdesigned (?:for|to)\b|\bрассчитан\w* на\b|\bжоба(?:лық|лау)\w* қуат"
    r"|\b(?:tasarım|proje) kapasite",
    re.IGNORECASE,
)
ALREADY = re.compile(
    r"\balready\b|\bcurrently\b|\bуже\b|\bсейчас\b|\bныне\b|\bдейств(?:ует|ующ)|\bşimdiden\b|\bhalihazırda\b"
    r"|\bhâlen\b|\bhalen\b|\bşu anda\b|\bbugün\b|\btoday\b|\bсегодня\b|\bбүгінде\b|\bқазірдің өзінде\b|\bқазір\b",
    re.IGNORECASE,
)
"""A word that something is so at the time of writing."""
REACH = 12
VIA_BEFORE = re.compile(r"\b(?:via|through|via the|через)\s+$", re.IGNORECASE)
VIA_BEHIND = re.compile(r"\w*['’]?\w*\s+(?:üzerinden|арқылы)\b", re.IGNORECASE)
OF_STATES = re.compile(r"\w*[\s-]+(?:countries|стран|елдер|ülkeler)", re.IGNORECASE)
"""Behind a word of trade, what makes it the name of those who trade («Gas Exporting Countries Forum»)."""
ABLE = re.compile(
    r"\bcan\b|\bable to\b|\bспособ\w+|\b(?:с)?мож(?:ет|но)\b|\b(?:taşıya|işleye|elleçleye)bil"
    r"|[аеөүй] алад[ыи]\b",
    re.IGNORECASE,
)
"""A word of what could be: a capacity, not what was carried."""
_IN_TURN = re.compile(
    r"\brespectively\b|\bсоответственно\b|\bsırasıyla\b|\bтиісінше\b|\bсәйкесінше\b", re.IGNORECASE
)
_FORMER: Mapping[str, str] = {
    "en": r"\bthe former\b",
    "ru": r"\b(?:с|на|от|из|в) перв(?:ой|ым|ую|ого|ый)\b|\bпервая\b",
    "tr": r"\b(?:ilkiyle|birincisiyle|ilkine|birincisine|ilkinden)\b",
    "kk": r"\b(?:біріншісі|алғашқысы)(?:мен|не|нен)\b",
}
_LATTER: Mapping[str, str] = {
    "en": r"\bthe latter\b",
    "ru": r"\b(?:со|на|от|из|во) втор(?:ой|ым|ую|ого)\b|\bвторая\b",
    "tr": r"\b(?:ikincisiyle|ikincisine|ikincisinden|diğeriyle)\b",
    "kk": r"\b(?:екіншісі|соңғысы)(?:мен|не|нен)\b",
}
_TWO = 2
_JOINT = re.compile(
    r"(?:['’]\w{1,5})?\s*(?:,|,?\s*and\b|&|,?\s*и\b|ve\b|және\b|[мбп]ен\b|ile\b)?"
    r"(?:\s*(?:(?:from|to|with|in) )?(?:the\b)?|\s*(?:из|со?|во?|на)\b)\s*"
)
"""What may stand between two names of one row: a comma, an «and», an article."""


def party_in_turn(text: str, span: tuple[int, int], found: Sequence[Named], start: int, end: int) -> str:
    """Return the party that a figure at ``start`` to ``end`` is of by its place in a list, blank without one.

    ``found`` is what the sentence at ``span`` names, in reading order.
    """
    word = _IN_TURN.search(text, *span)
    if word is None:
        return ""
    parties = [one for one in found if one.kind == "party" and one.code]
    figures = [one for one in found if one.kind == "figure" and re.search(r"\d", text[one.start : one.end])]
    at = next((n for n, one in enumerate(figures) if one.start < end and start < one.end), None)
    if at is None:
        return ""
    first = max((one.end for one in parties if one.end <= start), default=span[0])
    last = min((one.start for one in parties if one.start >= end), default=span[1])
    run = [one for one in figures if first <= one.start < last]
    lead = [one for one in parties if one.end <= run[0].start]
    begins = min((one.start for one in parties), default=span[0])
    if len(run) < _TWO or len(lead) < len(run) or not begins <= word.start() < last:
        return ""
    rows = [lead[n : n + len(run)] for n in range(len(lead) - len(run), -1, -1)]
    row = next((row for row in rows if _is_row(text, row)), rows[0])
    return row[run.index(figures[at])].code


def _is_row(text: str, parties: Sequence[Named]) -> bool:
    """Tell whether parties stand side by side («China, Georgia and Iran»)."""
    near = all(_JOINT.fullmatch(text, one.end, after.start) for one, after in pairwise(parties))
    return near and len({one.code for one in parties}) == len(parties)


def former_or_latter(text: str, clause: tuple[int, int], named: Sequence[Named], language: str) -> str:
    """Return which of two parties a clause means by «the former» or «the latter», blank where by neither.

    ``named`` is what its sentence and the one before name, in reading order.
    """
    said = text[clause[0] : clause[1]]
    for words, place in ((_FORMER, -_TWO), (_LATTER, -1)):
        if re.search(words.get(language, "$^"), said, re.IGNORECASE):
            pair = list(dict.fromkeys(one.code for one in named if one.kind == "party" and one.end <= clause[0]))
            return pair[place] if len(pair) >= _TWO else ""
    return ""
