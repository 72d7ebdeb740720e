"""What makes a sentence doubtful: capitals nothing accounts for, hedges, suppositions, quotations, questions."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from kopir.evidence.sentence._sentence import Sentence, once

SUPPOSING = frozenset(
    {"could", "may", "might", "if", "unless", "бы", "если", "может", "могут", "возможно", "мүмкін"}
)
"""Words of what is only thought of."""


@once
def hedging(sentence: Sentence) -> Sequence[int]:
    hedges = sentence.lexicon.is_hedge
    return [i for i, t in enumerate(sentence.tokens) if hedges(t.text) and not _dates(sentence, i)]


@once
def quotes(sentence: Sentence) -> Sequence[int]:
    return [i for i, t in enumerate(sentence.tokens) if t.text == '"']


@once
def asks(sentence: Sentence) -> bool:
    return any(t.text == "?" for t in sentence.tokens)


@once
def supposing(sentence: Sentence) -> Sequence[int]:
    return [i for i, t in enumerate(sentence.tokens) if t.text in SUPPOSING and not _dates(sentence, i)]


def _dates(sentence: Sentence, i: int) -> bool:
    """Tell the month of May from what may be."""
    return any(p.first <= i < p.last for p in sentence.periods)


WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})


@once
def _capitals(sentence: Sentence) -> Set[int]:
    return {i for i, t in enumerate(sentence.tokens) if t.capital}


@once
def unknown(sentence: Sentence) -> Sequence[int]:
    """Return the capitals that nothing accounts for."""
    known, told = _known(sentence), _told(sentence)
    named = (i for i, t in enumerate(sentence.tokens) if t.kind in ("word", "code") and t.capital)
    return [i for i in named if not (i in told or i in known or _opening(sentence, i) or _aside(sentence, i))]


def _aside(sentence: Sentence, i: int) -> bool:
    """Tell a day of the week, and who something was told to ("told Reuters")."""
    return sentence.tokens[i].text in WEEKDAYS or (i > 0 and sentence.tokens[i - 1].text == "told")


def _known(sentence: Sentence) -> set[int]:
    """Tokens that a table, a period, an actor or a figure accounts for."""
    out: set[int] = set()
    for m in sentence.mentions:
        out.update(range(m.first, m.last))
    for p in sentence.periods:
        out.update(range(p.first, p.last))
    for q in sentence.quantities:
        out.update(range(q.first, q.last))
    for table in (
        "cues",
        "units",
        "numerals",
        "periods",
        "speech",
        "changes",
        "modality",
        "references",
        "particles",
    ):
        for hit in sentence.hits[table].values():
            out.update(range(hit.first, hit.last))
    return out


def _told(sentence: Sentence) -> set[int]:
    """Tokens between commas that only say who says it (", the minister A B said")."""
    out: set[int] = set()
    if not sentence.hits["speech"]:
        return out
    tokens = sentence.tokens
    edges = [i for i, t in enumerate(tokens) if t.text in ",;-:()" and not _abbreviates(sentence, i)]
    cues = [i for i in sentence.hits["cues"] if not tokens[i].capital]
    for low, high in pairwise([-1, *edges, len(tokens)]):
        speech = any(low < i < high for i in sentence.hits["speech"])
        figure = any(low < q.first < high for q in sentence.quantities)
        if speech and not figure and not any(low < i < high for i in cues):
            out.update(range(low + 1, high))
    out.update(range(_spoken_by(sentence)))
    return out


def _spoken_by(sentence: Sentence) -> int:
    """Return the end of the words that open a sentence and say who speaks: "Finance Minister A B said ..."."""
    verbs = [h.first for h in sentence.hits["speech"].values() if h.row["kind"] == "say"]
    if not verbs or sentence.lexicon.settings["verb_side"] == "after":
        return 0
    verb = min(verbs)
    figure = any(q.first < verb for q in sentence.quantities)
    told = any(
        i < verb and not sentence.tokens[i].capital for i in (*sentence.hits["cues"], *sentence.hits["changes"])
    )
    return 0 if figure or told or any(t.text in ",;:" for t in sentence.tokens[:verb]) else verb


def _abbreviates(sentence: Sentence, i: int) -> bool:
    """Tell the brackets around one capital word, the short form of the name before: "the Board of Trade (BOT)"."""
    tokens = sentence.tokens
    opening = i if tokens[i].text == "(" else i - 2
    if opening < 1 or opening + 2 >= len(tokens):
        return False
    marks = tokens[opening].text == "(" and tokens[opening + 2].text == ")"
    return marks and tokens[opening + 1].capital and tokens[opening - 1].capital


def _opening(sentence: Sentence, i: int) -> bool:
    before = sentence.tokens[i - 1]
    shortened = before.kind == "word" and before.text.endswith(".") and (i + 1 not in _capitals(sentence))
    return before.text in '".:' or shortened or not any(t.kind == "word" for t in sentence.tokens[:i])


LEADING = frozenset({"by", "to", "at", "some", "about", "around"})
"""Words between a verb and the figure that it leads to."""
TELLING = frozenset(
    {
        *("estimated", "valued", "quoted", "priced", "adjusted", "revised", "recorded", "reported", "registered"),
        *("measured", "calculated", "combined", "unchanged", "unrevised", "damaged", "assessed", "rated", "fixed"),
    }
)
"""English participles before a level that say nothing of a change."""
TIMES = frozenset(
    {"week", "weeks", "month", "months", "quarter", "season", "year", "years", "fortnight", "decade"}
)
"""English words of time."""
TABLES = ("changes", "cues", "modality", "speech", "units", "periods", "comparators", "references")


def led_by_unknown(sentence: Sentence, first: int) -> bool:
    """Tell a figure behind an English verb that no table knows, or behind "by": who knows what it did.

    ``first`` is the token at which the figure begins, with its comparator.
    """
    if sentence.lexicon.language != "en" or first < 1:
        return False
    n = first - 1
    while n > 0 and sentence.tokens[n].text in LEADING:
        n -= 1
    by = sentence.tokens[first - 1].text == "by"
    verb = sentence.tokens[n]
    known = any(n in range(h.first, h.last) for table in TABLES for h in sentence.hits[table].values())
    return by or (
        verb.kind == "word"
        and verb.text.endswith("ed")
        and not verb.capital
        and not known
        and verb.text not in TELLING
    )


def unread_time(sentence: Sentence) -> bool:
    """Tell an English word of time that is part of no period that was read: "fell 2 dollars during the week"."""
    read = {n for p in sentence.periods for n in range(p.first, p.last)}
    read |= {
        n for h in sentence.hits["periods"].values() if h.row["kind"] == "compare" for n in range(h.first, h.last)
    }
    return sentence.lexicon.language == "en" and any(
        t.text in TIMES and n not in read for n, t in enumerate(sentence.tokens)
    )
