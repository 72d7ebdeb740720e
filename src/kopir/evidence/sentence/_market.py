"""Days and contracts of an exchange, and years in brackets: what dates a figure though it stands aside."""

from __future__ import annotations

from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence

CLOSED = frozenset({"closed", "ended", "settled", "finished"})
"""Verbs of the end of a day's trade."""
DONE = frozenset(
    {"completed", "opened", "built", "begun", "started", "finished", "inaugurated", "commissioned", "constructed"}
    | {"start", "begin", "open", "operational", "completion", "opening"}
)
"""Words of works being begun or done."""
NEAR = 3
"""Words before a period within which such a word stands."""
ESTIMATES = frozenset({"est", "estimate", "estimated", "", "оценка", "tahmini"})
"""Words and stops that may stand behind the year in a bracket."""
QUOTED = CLOSED | {"futures", "contract", "contracts", "delivery", "shipment", "traded"}
"""Words behind the month of a contract on an exchange."""


def of_something_else(sentence: Sentence, period: PeriodMention, indicator: str | None) -> bool:
    """Tell a period that is of a contract, not of its price, or of works being done, not of what they cost."""
    if indicator == "project_value":
        return any(t.text in DONE for t in sentence.tokens[max(0, period.first - NEAR) : period.first])
    return indicator == "price" and of_contract(sentence, period)


def of_contract(sentence: Sentence, period: PeriodMention) -> bool:
    """Tell a month for which goods are sold ahead, which dates no price: "May soybeans", "July closed at"."""
    if period.months is None or period.year is not None or period.day is not None:
        return False
    before = sentence.role_at(period.first - 1) if period.first else None
    behind = sentence.tokens[period.last].text if period.last < len(sentence.tokens) else ""
    ahead = period.last in sentence.hits["goods"] or behind in QUOTED
    return ahead and (before is None or before in ("and", "clause", "contrast"))


def in_bracket(sentence: Sentence, quantity: Quantity, period: PeriodMention) -> bool:
    """Tell the period that alone stands in the bracket right behind a figure: "1.7 billion (2022 est.)"."""
    tokens, last = sentence.tokens, period.last
    while last < len(tokens) and tokens[last].text.rstrip(".") in ESTIMATES:
        last += 1
    alone = last < len(tokens) and tokens[last].text == ")"
    return alone and period.first == quantity.last + 1 and tokens[quantity.last].text == "("


def goes_on(sentence: Sentence) -> bool:
    """Tell a sentence without a time in which a price only changed or closed: of the day told before."""
    moved = any(h.row["effect"] in ("rise", "fall") for h in sentence.hits["changes"].values())
    return not sentence.periods and (moved or any(t.text in CLOSED for t in sentence.tokens))
