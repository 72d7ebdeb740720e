"""What a figure is a measure of, where the text says it elsewhere: a price of what amount, an output of what time.

"Prices rose to 18 dollars a barrel ... an average of 17 dollars": the second is of a barrel too. "An annual output
of 3,000 kilos": a rate of a year, though the word stands before the noun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kopir.evidence.figures._money import money_of
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames._drafts import Context, Draft
from kopir.evidence.sentence._indicators import Reading
from kopir.evidence.sentence._sentence import Sentence

PER_TIME = frozenset({"yr", "mo", "d"})
OF_TIME = frozenset(
    {"production", "oil_production", "capacity", "transit_capacity", "consumption", "refinery_intake", "export"}
)
"""Indicators whose figure may be of a year, a month or a day by an adjective before their noun."""
PHYSICAL = frozenset({"mass", "volume", "oilvol", "container"})
BESIDE = 1
AHEAD = 3
"""Words between "daily" and its noun, where nouns stand last: "günlük ham petrol üretimi"."""
DOLLARS = frozenset({"CAD", "AUD", "NZD", "HKD", "SGD", "TWD"})
"""Dollars other than that of the United States."""


def measured_as(
    sentence: Sentence,
    quantity: Quantity,
    indicator: str | None,
    found: Reading | None,
    earlier: Sequence[Draft],
    before: Sequence[Draft],
) -> Quantity:
    """Return a figure with the measure of its price, or the time of its rate, that the text says elsewhere."""
    unit = quantity.unit or ""
    if indicator == "price" and quantity.unit_kind == "money" and "/" not in unit:
        for draft in reversed([*earlier, *before]):
            held = draft.quantity.unit or ""
            if draft.indicator == "price" and held.partition("/")[0] == unit and "/" in held:
                return replace(quantity, unit=held, elided=True)
    if unit == "USD" and (named := _dollar_named(sentence, quantity, before)) is not None:
        return replace(quantity, unit=named)
    if found is not None and quantity.rate is None and indicator in OF_TIME and quantity.unit_kind in PHYSICAL:
        reach = AHEAD if sentence.lexicon.settings["verb_side"] == "after" else BESIDE
        for hit in sentence.hits["rates"].values():
            if hit.row["rate"] in PER_TIME and 0 <= found.place[0] - hit.last <= reach:
                return replace(quantity, rate=hit.row["rate"])
    if quantity.unit_kind == "oilvol" and quantity.rate is None:
        rates = {d.quantity.rate for d in before if d.sentence is sentence and d.quantity.unit == unit}
        if rates == {"d"}:
            return replace(quantity, rate="d")
    return quantity


def settled_by_text(quantity: Quantity, context: Context) -> Quantity:
    """Give money of several states by one name the currency of the state that the text is of."""
    noun, slash, per = (quantity.unit or "").partition("/")
    code = money_of(noun, context.states)
    return quantity if code is None else replace(quantity, unit=f"{code}{slash}{per}")


def _dollar_named(sentence: Sentence, quantity: Quantity, before: Sequence[Draft]) -> str | None:
    """Return the state's dollar that the sentence spoke of before a plain one ("2 bn Canadian dlrs")."""
    plain = all(
        t.text not in ("us", "u", "сша", "$", "abd") for t in sentence.tokens[quantity.first : quantity.last + 1]
    )
    units = {d.quantity.unit for d in before if d.sentence is sentence and d.quantity.unit_kind == "money"}
    return units.pop() if plain and len(units) == 1 and units <= DOLLARS else None


def accumulated(sentence: Sentence) -> bool:
    """Tell whether investment is told as a sum put in up to now, and not as a plan.

    So it is when the text says attracted, in all, its volume; and when those who invest are a state's. What a
    firm raises or puts in is of its time.
    """
    if any(hit.row["modality"] != "actual" for hit in sentence.hits["modality"].values()):
        return False
    if any(m.kind in ("firm", "name") and m.role == "nom" for m in sentence.mentions):
        return False
    invested = [i for i, hit in sentence.hits["cues"].items() if hit.row["cue"] == "investment"]
    roles = ("gen", "attr") if sentence.lexicon.cases else ("nom", "gen", "attr")
    owners = [m for m in sentence.mentions if m.kind == "state" and m.role in roles]
    if any(m.last <= i for m in owners for i in invested):
        return True
    if any(hit.row["kind"] == "total" for hit in sentence.hits["references"].values()):
        return True
    return any(hit.row["cue"] in ("stock", "attracted") for hit in sentence.hits["cues"].values())
