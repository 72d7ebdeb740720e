"""Which figures are claims: one with an indicator, and every other that measures or counts something.

What has no indicator is kept when its figure is written out as a measure ("39 %", "12 тысяч акций"); what is only
worded ("half of the town", "twice") may be an idiom, and is left alone unless something rises or falls by it.
"""

from __future__ import annotations

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence

DURATIONS = frozenset({"customs_time", "delivery_time", "talk_duration"})
"""Indicators of a duration."""
FEW = 11
"""Things in words that are claims without an indicator: this many or more."""
WHOLE = 100.0
IN_FORMULAE = ("*", "=", "×", "/")


def is_claim(sentence: Sentence, quantity: Quantity, kind: str, indicator: str | None) -> bool:
    """Tell whether a figure with a unit is a claim."""
    if kind == "duration":
        return indicator in DURATIONS
    return leans(quantity, indicator) or _measures(sentence, quantity, kind)


def leans(quantity: Quantity, indicator: str | None) -> bool:
    """Tell whether later figures may lean on this one: it has an indicator, or is an amount that may get one."""
    amount = quantity.unit_kind in ("money", "mass", "volume") and quantity.scaled and not quantity.elided
    return indicator is not None or amount


def _measures(sentence: Sentence, quantity: Quantity, kind: str) -> bool:
    written = any(t.kind == "num" for t in sentence.tokens[quantity.first : quantity.last])
    if quantity.mult or kind == "mult":
        return _moves(sentence, quantity)
    if kind == "count":
        return _counts(sentence, quantity, written=written)
    if quantity.unit_kind == "percent" and not written:
        named = sentence.tokens[quantity.last - 1].text == "%" or quantity.scale == 1.0
        return named and not quantity.scaled and (quantity.value or 0.0) <= WHOLE
    start, _ = sentence.span(quantity.first, quantity.last)
    return sentence.text[max(sentence.start, start - 2) : start].strip()[-1:] not in IN_FORMULAE


def _moves(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether something rises or falls by a multiple that is not itself the word for it ("doubled")."""
    told = sentence.hits["changes"].values()
    return any(h.row["effect"] in ("rise", "fall") and not quantity.first <= h.first < quantity.last for h in told)


def _counts(sentence: Sentence, quantity: Quantity, *, written: bool) -> bool:
    value = quantity.value if quantity.value is not None else quantity.lo
    if value is None or value != int(value):
        return False
    return written or value >= FEW
