"""The unit a head, a caption or a unit line gives: unit, scale and rate, as the reader of sentences knows them."""

from __future__ import annotations

from dataclasses import dataclass

from kopir.evidence.figures._money import CURRENCY_SIGNS
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._view import fold

NEVER = frozenset({"time", "times"})
ALONE = frozenset({"container"})
_HOMES = {"USD": frozenset({"сша", "ақш", "abd", "us", "usa"})}


@dataclass(frozen=True, slots=True)
class HeadUnit:
    """A unit told by a head: base unit, its kind, the factor that a scale word gives, and a rate."""

    unit: str
    kind: str
    factor: float = 1.0
    rate: str | None = None


def units_of(phrase: Sentence) -> tuple[list[HeadUnit], set[int]]:
    """Return the units of a phrase and the tokens that tell them; a scale word alone tells none."""
    found: list[HeadUnit] = []
    used: set[int] = set()
    for i in range(len(phrase.tokens)):
        if i in used or not _starts(phrase, i):
            continue
        read = _probed(phrase, i)
        if read is None:
            continue
        unit, tokens = read
        if not _alone(phrase, tokens) and (unit.kind == unit.unit or unit.kind in ALONE) and unit.factor == 1:
            continue
        used |= tokens
        if unit not in found:
            found.append(unit)
    return found, used


def _starts(phrase: Sentence, i: int) -> bool:
    token = phrase.tokens[i]
    if (
        i
        and phrase.tokens[i - 1].kind == "num"
        and phrase.tokens[i - 1].end >= token.start - 1
        and token.text != "%"
    ):
        return False
    if token.text in CURRENCY_SIGNS or token.text == "%":
        return True
    numeral = phrase.hits["numerals"].get(i)
    if numeral is not None and numeral.row["kind"] == "scale":
        return True
    unit = phrase.hits["units"].get(i)
    if unit is None or unit.row["kind"] in NEVER:
        return False
    nxt = phrase.tokens[i + 1 : i + 3]
    return not (len(token.text) == 1 and len(nxt) == 2 and nxt[0].text == "." and nxt[1].text == "ч")


def _probed(phrase: Sentence, i: int) -> tuple[HeadUnit, set[int]] | None:
    """Read the phrase with a "1" put before token ``i``, as a sentence would have it."""
    at = phrase.tokens[i].start
    text = f"{phrase.text[:at]}1 {phrase.text[at:]}"
    probe = Sentence(text, fold(text), 0, len(text), 0, phrase.lexicon, phrase.date)
    one = next((n for n, t in enumerate(probe.tokens) if t.start == at and t.text == "1"), None)
    if one is None:
        return None
    quantity = next((q for q in probe.quantities if q.first <= one < q.last), None)
    if quantity is None or quantity.unit is None or quantity.value is None or quantity.unit_kind in NEVER:
        return None
    end = max(quantity.last, one + 1)
    told = {n - (n > one) for n in range(quantity.first, end) if n != one}
    if not told:  # the unit stands before the "1": it is none of this head
        return None
    factor = quantity.value
    last = max(told)
    scale = phrase.hits["numerals"].get(last + 1)
    if scale is not None and scale.row["kind"] == "scale" and not quantity.scaled:
        factor *= float(scale.row["value"])
        told |= set(range(scale.first, scale.last))
    told |= _homes(phrase, quantity.unit, told)
    told |= {h_n for h in phrase.hits["rates"].values() if quantity.rate for h_n in range(h.first, h.last)}
    return HeadUnit(quantity.unit, quantity.unit_kind or "", factor, quantity.rate), told


def _homes(phrase: Sentence, unit: str, told: set[int]) -> set[int]:
    """Return tokens after (or before) a currency that only name its state: "долл. США", "US dollars"."""
    names = _HOMES.get(unit, frozenset())
    out: set[int] = set()
    for n in (max(told) + 1, max(told) + 2, min(told) - 1):
        if 0 <= n < len(phrase.tokens) and phrase.tokens[n].text in names:
            out.add(n)
    return out


def _alone(phrase: Sentence, tokens: set[int]) -> bool:
    """Tell whether the tokens fill a part of the phrase by themselves, between signs or its ends."""
    before, after = min(tokens) - 1, max(tokens) + 1
    edges = [phrase.tokens[n] for n in (before, after) if 0 <= n < len(phrase.tokens)]
    return all(t.kind == "sign" for t in edges)
