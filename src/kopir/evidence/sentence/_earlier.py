"""Figures of the time compared with: "against 50 a year earlier", "from 727 mln in the same 1986 period".

Such a figure has the period that is compared with, and no other figure may take it.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import regex

from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._changes import kind_of
from kopir.evidence.sentence._sentence import Sentence, once
from kopir.evidence.words._lexicon import Hit

BACK, AHEAD = 7, 6
BEHIND = 5
"""Words behind a figure within which a comparison may make it one of another time."""
OPENED = 4
"""Words between "against" and the figure that it opens with."""
PART = 3
"""Words between a year and "the same period" of it, where the year stands first."""
PAST = frozenset({"last", "earlier", "last_year"})
TO_LEVEL = frozenset({"до", "to"})
"""Words before the level that a change came to, set off from what it is compared with."""
REACHED = frozenset({"to", "at", "до"})
LEAVING = frozenset({"from", "с", "со"})
AGAINST = frozenset({"against", "after", "following", "versus", "vs", "против", "после"})
"""Words right before a change that another is set against ("after a 2 % fall", "compared with a rise of 3 %")."""
LEADING = frozenset({"на", "by", "of", "a", "an", "the", "about", "some", "just", "revised"})
"""Words that may stand between such a word and the change."""
SET_BESIDE = frozenset(
    {"compared", "compares", "comparing", "relative", "close", "equal", "сравнению", "отношению"}
)
"""Words behind which "to" names what a figure is set beside; behind others ("year on year") it names a level."""
BOUNDING = frozenset({"than", "чем", "above", "below"})
DESCRIBING = frozenset(
    {"a", "an", "the", "revised", "initial", "earlier", "provisional", "previous", "record", "about"}
)
"""Words that may stand between "from" and the figure left behind."""
SAME = frozenset({"same", "corresponding", "тот", "том", "тем", "аналогичный", "аналогичном"})
MEASURES = frozenset({"export", "import", "production", "consumption"})
"""Cues of what two figures of one time may be set against each other by."""
YEAR_BEFORE = "-1"
OF_YEAR = 3
"""Words behind a figure within which "of the previous year" begins."""
_MONTH = regex.compile(r"(\d{4})-(\d\d)")
_YEAR = regex.compile(r"\b(?:1[5-9]|20|21)\d\d\b")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What dates a figure compared with: a period of its own, or the year before the other figure's."""

    mention: PeriodMention | None = None
    year_before: bool = False
    same_part: bool = False


def earlier(sentence: Sentence, quantity: Quantity) -> Earlier | None:
    """Return what dates a figure that something is compared with; ``None`` for any other figure."""
    key = (quantity.first, quantity.last, quantity.compared, quantity.unit_kind)
    if key not in sentence.remembered:
        sentence.remembered[key] = _earlier(sentence, quantity)
    found: Earlier | None = sentence.remembered[key]
    return found


def _earlier(sentence: Sentence, quantity: Quantity) -> Earlier | None:
    changes = _changes(sentence, quantity)
    if sentence.lexicon.settings["verb_side"] == "after":
        return None if changes else _same_part(sentence, quantity)
    if changes:
        at = _set_against(sentence, quantity)
        return None if at is None else _dated(sentence, quantity, at)
    if _of_year_before(sentence, quantity):
        return Earlier(year_before=True)
    at = _compared_at(sentence, quantity)
    return _opened(sentence, quantity) if at is None else _dated(sentence, quantity, at)


def _of_year_before(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell "double the 31 million tonnes of the previous year"."""
    behind = range(quantity.last, min(quantity.last + OF_YEAR, len(sentence.tokens)))
    opens = quantity.first > 0 and sentence.tokens[quantity.first - 1].text == "the"
    joined = any(sentence.tokens[n].text in ("of", "in") for n in behind[:1])
    return opens and joined and any(_year_before(sentence, n) for n in behind)


def _changes(sentence: Sentence, quantity: Quantity) -> bool:
    return quantity.unit_kind == "percent" and kind_of(sentence, quantity)[0] == "change_pct"


def _set_against(sentence: Sentence, quantity: Quantity) -> int | None:
    """Return the word that sets a change against another; a change listed behind one so set is set so too."""
    n = _opening(quantity) - 1
    changes = sentence.hits["changes"]
    while n >= 0 and (sentence.tokens[n].text in LEADING or _moves(changes.get(n))):
        n -= 1
    if n < 0:
        return None
    beside = n > 0 and sentence.tokens[n].text in ("with", "to") and sentence.tokens[n - 1].text in SET_BESIDE
    if sentence.tokens[n].text in AGAINST or beside:
        return n
    before = next((q for q in reversed(sentence.figures) if q.last <= quantity.first), None)
    if before is None or before.unit_kind != "percent" or sentence.role_at(n) != "and":
        return None
    plain = not any(before.last <= c < quantity.first for c in sentence.hits["cues"])
    return n if plain and _changes(sentence, before) and _set_against(sentence, before) is not None else None


def _moves(hit: Hit | None) -> bool:
    return hit is not None and hit.row["effect"] in ("rise", "fall")


def _dated(sentence: Sentence, quantity: Quantity, at: int) -> Earlier | None:
    """Return what dates a figure that the word at ``at`` sets against another."""
    first = _opening(quantity)
    told = (h for h in sentence.hits["periods"].values() if at < h.last and h.first < first)
    if any(_year_before(sentence, h.first) for h in told):
        return Earlier(year_before=True)
    between = [p for p in sentence.periods if at < p.first + 1 and p.last <= first and p.first >= at]
    if between:
        return Earlier(between[-1])
    following = [p for p in sentence.periods if quantity.last <= p.first <= quantity.last + AHEAD]
    following = [p for p in following if not _crossed(sentence, quantity.last, p.first)]
    phrase = next((n for n in range(quantity.last, quantity.last + AHEAD) if _year_before(sentence, n)), None)
    if phrase is not None and not _crossed(sentence, quantity.last, phrase):
        return Earlier(year_before=True)
    if not following:
        return None if _own_measure(sentence, at, first) else Earlier()
    said = {t.text for t in sentence.tokens[quantity.last : following[0].last + 1]}
    return Earlier(following[0], same_part=bool(said & SAME))


def _same_part(sentence: Sentence, quantity: Quantity) -> Earlier | None:
    """Read the level of the same part of an earlier year: "geçen yılın aynı döneminde 5 tondu".

    The words stand in the locative; those of a comparison ("aynı dönemine göre") do not.
    """
    first = _opening(quantity)
    for n, hit in sentence.hits["periods"].items():
        if hit.row["kind"] != "compare" or hit.last > first or sentence.lexicon.case_of(hit.tail) != "loc":
            continue
        if any(hit.last <= q.first < quantity.first for q in sentence.figures):
            continue
        years = [p for p in sentence.periods if n - PART <= p.first <= n and p.year is not None and not p.relative]
        if years:
            return Earlier(years[-1], same_part=True)
        before = (sentence.hits["periods"].get(i) for i in range(max(0, n - PART), n + 1))
        if any(h is not None and h.row["kind"] in PAST for h in before):
            return Earlier(year_before=True)
    return None


def _own_measure(sentence: Sentence, at: int, first: int) -> bool:
    """Tell a figure set against one of its own time by another measure or name: "imports of 6, exports of 5"."""
    if any(m.kind in ("state", "firm") and at < m.first and m.last <= first for m in sentence.mentions):
        return True
    cues = {n: h.row["cue"] for n, h in sentence.hits["cues"].items() if h.row["cue"] in MEASURES}
    own = {cue for n, cue in cues.items() if at < n < first}
    return len(own) == 1 and not own & {cue for n, cue in cues.items() if n < at}


def _opening(quantity: Quantity) -> int:
    return min(quantity.first, quantity.compared[0]) if quantity.compared else quantity.first


def _compared_at(sentence: Sentence, quantity: Quantity) -> int | None:
    """Return the word that sets a figure against another: against, compared with, против, "(down) from"."""
    first = _opening(quantity)
    if _reached(sentence, first):
        return None
    turned = any(h.row["effect"] in ("rise", "fall") for h in sentence.hits["changes"].values())
    turned = turned or any(q.last <= first and q.unit_kind == quantity.unit_kind for q in sentence.figures)
    for n in range(first - 1, max(-1, first - 1 - BACK), -1):
        token = sentence.tokens[n]
        if token.text in ",;()%" or (token.kind == "num" and not _in_period(sentence, n)):
            return None
        moved = sentence.hits["changes"].get(n)
        if moved is not None and moved.row["effect"] == "reach":
            return None
        hit = sentence.hits["periods"].get(n)
        if (
            hit is not None
            and hit.row["kind"] == "compare"
            and (token.text not in BOUNDING or _possessed(sentence, n, first))
        ):
            return n
        near = n == first - 1 or _in_period(sentence, first - 1) or _only_described(sentence, n + 1, first)
        if token.text in LEAVING and turned and near:
            return n
    return None


def _possessed(sentence: Sentence, n: int, first: int) -> bool:
    """Tell the figure of a month named as its owner: "narrower than July's 1.9 bn"."""
    held = [p for p in sentence.periods if n < p.first and p.last <= first <= p.last + 1]
    return any("s" in (sentence.tokens[p.last - 1].suffix, sentence.tokens[p.last].text[-1:]) for p in held)


def _only_described(sentence: Sentence, start: int, end: int) -> bool:
    """Tell the words of "from a revised 245 mln"."""
    return all(t.text in DESCRIBING for t in sentence.tokens[start:end])


def _reached(sentence: Sentence, first: int) -> bool:
    """Tell the level that something came to: "rose 20% over the previous year to 34 mln", "unchanged at 91"."""
    if sentence.tokens[first].text in TO_LEVEL and sentence.tokens[first - 1].text in "-,":
        return True
    if first < 2 or sentence.tokens[first - 1].text not in REACHED:
        return False
    hit = next((h for h in sentence.hits["periods"].values() if h.last in (first - 1, first)), None)
    compares = hit is not None and hit.row["kind"] == "compare" and hit.row["value"] != YEAR_BEFORE
    return not compares or sentence.tokens[first - 2].text not in SET_BESIDE


def _in_period(sentence: Sentence, n: int) -> bool:
    return any(p.first <= n < p.last for p in sentence.periods)


def _year_before(sentence: Sentence, n: int) -> bool:
    hit = sentence.hits["periods"].get(n)
    return hit is not None and hit.row["kind"] in ("compare", "earlier") and hit.row["value"] == YEAR_BEFORE


def _opened(sentence: Sentence, quantity: Quantity) -> Earlier | None:
    """Take a sentence that begins with "a year earlier" and names no other period for one of the year before."""
    if any(p.role == "at" for p in sentence.periods):
        return None
    opens = any(_year_before(sentence, n) for n in range(min(2, quantity.first)))
    return Earlier(year_before=True) if opens else None


def _crossed(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether another figure or a strong break stands between two places."""
    if any(first <= q.first < last for q in sentence.figures):
        return True
    return any(t.text in ";()" for t in sentence.tokens[first:last])


def compared_behind(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell words of comparison right behind a figure that set no other against it ("5 Mt a year earlier")."""
    after = [q.first for q in sentence.figures if q.first >= quantity.last]
    stops = [i for i in range(quantity.last, len(sentence.tokens)) if sentence.tokens[i].text in ",;"]
    for n in range(quantity.last, min([quantity.last + BEHIND, *after, *stops])):
        hit = sentence.hits["periods"].get(n)
        if hit is None or hit.row["kind"] != "compare":
            continue
        opens = not hit.row["value"] and sentence.lexicon.settings["verb_side"] == "before"
        return not (opens and any(first - hit.last <= OPENED for first in after))
    return False


@once
def taken_by_earlier(sentence: Sentence) -> Set[int]:
    """Return the first tokens of the periods that belong to figures compared with."""
    found = (earlier(sentence, q) for q in sentence.figures)
    return {e.mention.first for e in found if e is not None and e.mention is not None}


def year_before(code: str | None) -> str | None:
    """Move a period code a year back; relative and open codes cannot be moved."""
    if code is None or "_" in code or code.endswith("/"):
        return None
    return str(_YEAR.sub(lambda found: str(int(found[0]) - 1), code))


def in_months(code: str, months: tuple[int, int]) -> str | None:
    """Write the part of a month, or the month, that ``code`` names in another month of the same year.

    A month that comes later in the year is that of the year before. Other periods have no such part.
    """
    first, _, last = code.partition("/")
    month = _MONTH.match(first)
    if month is None or months[0] != months[1] or (last and last[: len(month[0])] != month[0]):
        return None
    year = int(month[1]) - int(months[0] > int(month[2]))
    return "/".join(f"{year}-{months[0]:02d}{day[len(month[0]) :]}" for day in (first, last) if day)


def of_last_year(mention: PeriodMention, code: str | None) -> bool:
    """Tell "from 6 mln last year" beside a figure of a part of this year: it is of the same part."""
    whole = mention.relative and mention.months is None and mention.day is None and mention.year is not None
    part = code is not None and "-" in code and "_" not in code and not code.endswith("/")
    return whole and part and code is not None and code[:4] == str((mention.year or 0) + 1)


def in_year(code: str, year: int) -> str:
    """Write the part of a year that ``code`` names in another year; of a season, the one that begins with it."""
    first, _, last = code.partition("/")
    if first.isdigit() and last.isdigit():
        return f"{year}/{year + int(last) - int(first)}"
    return str(_YEAR.sub(str(year), code))
