"""A change and the level that it led to: "rose 4 % year on year to 5 bn", "вырос на 4 % и составил 5 млрд"."""

from __future__ import annotations

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence

REACHING = frozenset({"to", "at", "до", "and", "и", ",", "-", "reaching", "from", "on", "year", "a", "the"})
"""Words that may stand between a change and its level, beside words of comparison and of reaching."""
LED = frozenset({"to", "at", "до"})
LEFT = frozenset({"from", "с"})
SPANNING = frozenset({"between", "from", "с", "между"})
"""Words that open a span of years."""
FAR = 9
"""Most tokens between the two."""
MOVED = frozenset({"percent", "times"})


def level_reached(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """Return the level right behind a change in per cent or a multiple, if nothing else stands between them."""
    if quantity.unit_kind not in MOVED:
        return None
    if sentence.lexicon.settings["verb_side"] == "after":
        return _level_behind(sentence, quantity)
    following = next((q for q in sentence.figures if q.first >= quantity.last), None)
    if following is None or following.unit_kind in MOVED or following.first - quantity.last > FAR:
        return None
    first = min(following.first, following.compared[0]) if following.compared else following.first
    led = False
    for n in range(quantity.last, first):
        hit = sentence.hits["changes"].get(n)
        reached = hit is not None and hit.row["effect"] == "reach"
        led = led or reached or sentence.tokens[n].text in LED
        if not (reached or sentence.tokens[n].text in REACHING or _compares(sentence, n)):
            return None
    return following if led else None


def _level_behind(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """Return the level that a change led to, told with the verb behind it: "yüzde 4 artarak 5 milyara çıktı"."""
    following = next((q for q in sentence.figures if q.first >= quantity.last), None)
    if following is None or following.unit_kind in MOVED or following.first - quantity.last > FAR:
        return None
    between = range(quantity.last, following.first)
    moved = any(h.row["effect"] in ("rise", "fall") for n, h in sentence.hits["changes"].items() if n in between)
    parted = any(n in sentence.hits[table] for n in between for table in ("cues", "actors"))
    stopped = any(sentence.tokens[n].text == ";" for n in between)
    return following if moved and not parted and not stopped else None


def level_told(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """Return the level that a change is of: the one it led to, or the one right before it (", up 4 %")."""
    reached = level_reached(sentence, quantity)
    if reached is not None or quantity.unit_kind not in MOVED:
        return reached
    before = next((q for q in reversed(sentence.figures) if q.last <= quantity.first), None)
    if before is None or before.unit_kind in MOVED or quantity.first - before.last > FAR:
        return None
    between = range(before.last, quantity.first)
    parted = any(n in sentence.hits[table] for n in between for table in ("cues", "actors"))
    return None if parted or any(sentence.tokens[n].text == ";" for n in between) else before


def _compares(sentence: Sentence, n: int) -> bool:
    """Tell a word of what a change is compared with ("year on year", "from a year earlier")."""
    if any(p.first <= n < p.last and p.role == "compare" for p in sentence.periods):
        return True
    return any(h.first <= n < h.last and h.row["kind"] == "compare" for h in sentence.hits["periods"].values())


def end_of_span(sentence: Sentence, quantity: Quantity, code: str | None) -> str | None:
    """Date a level that a change over years led to or left by that end: "doubled to 5 t between 2015 and 2020"."""
    first_year, _, last_year = (code or "").partition("/")
    first = min(quantity.first, quantity.compared[0]) if quantity.compared else quantity.first
    if (code or "").endswith("y_to_doc") and first > 0 and sentence.tokens[first - 1].text in LED:
        return None if sentence.lexicon.settings["verb_side"] == "before" else code
    spans = first_year.isdigit() and last_year.isdigit() and int(last_year) > int(first_year)
    if not spans or first == 0 or quantity.unit_kind in MOVED:
        return code
    said = {t.text for p in sentence.periods if p.text == code for t in sentence.tokens[p.first - 1 : p.last]}
    moved = any(h.row["effect"] not in ("reach",) and h.first < first for h in sentence.hits["changes"].values())
    if not moved or not said & SPANNING:
        return code
    before = sentence.tokens[first - 1].text
    return last_year if before in LED else first_year if before in LEFT else code


def span_begun(sentence: Sentence, quantity: Quantity) -> str | None:
    """Return the year of a level left behind that begins a span: "rose from 5 t between 2015 and 2020"."""
    ends = (end_of_span(sentence, quantity, p.text) for p in sentence.periods if "/" in (p.text or ""))
    return next((year for year in ends if year and year.isdigit()), None)
