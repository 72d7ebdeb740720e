"""Currencies: a word of money, the state that stands beside it, and the code that both give.

A currency phrase is settled before anybody looks for actors, so that the state in "US dollars", "долларов США",
"Kanada doları" is part of the unit and never a party.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kopir.evidence.words._lexicon import Hit, Row, Token

CURRENCY_SIGNS = MappingProxyType(
    {
        "$": "USD",
        "€": "EUR",
        "£": "GBP",
        "¥": "CNY",
        "₽": "RUB",
        "₸": "KZT",
        "₺": "TRY",
        "₼": "AZN",
        "₹": "INR",
        "₩": "KRW",
        "₴": "UAH",
        "₾": "GEL",
        "₪": "ILS",
        "฿": "THB",
        "₫": "VND",
        "₦": "NGN",
        "₱": "PHP",
        "₮": "MNT",
    }
)
DOLLAR_MARKS = MappingProxyType(
    {
        "us": "USD",
        "u.s.": "USD",
        "a": "AUD",
        "au": "AUD",
        "aus": "AUD",
        "c": "CAD",
        "ca": "CAD",
        "can": "CAD",
        "nz": "NZD",
        "s": "SGD",
        "hk": "HKD",
        "nt": "TWD",
        "r": "BRL",
    }
)
"""Letters before a dollar sign and the currency they make of it."""


@dataclass(frozen=True, slots=True)
class _Noun:
    """The currencies that one word of money can stand for."""

    by_state: Mapping[str, str]
    default: str | None


@cache
def _nouns() -> Mapping[str, _Noun]:
    text = files("kopir.core").joinpath("data/currencies.csv").read_text(encoding="utf-8")
    states: dict[str, dict[str, str]] = {}
    defaults: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        held = states.setdefault(row["noun"], {})
        held.update(dict.fromkeys(row["states"].split("|"), row["code"]))
        if row["default"]:
            defaults[row["noun"]] = row["code"]
    return {noun: _Noun(held, defaults.get(noun)) for noun, held in states.items()}


def settle_money(hits: dict[str, dict[int, Hit]], tokens: Sequence[Token], *, genitive_after: bool) -> None:
    """Give every word of money its currency and take the states of currency phrases out of the actors.

    ``hits`` is changed in place. A word that several states use and none of which stands in the sentence keeps its
    own name as unit ("crown"); one marked with ``?`` is money only with a state beside it. ``genitive_after``
    tells that the language puts the state behind its dollar ("долларов США").
    """
    units, actors = hits["units"], hits["actors"]
    _weigh(units, hits["goods"], tokens)
    for first in [i for i, hit in units.items() if hit.row["unit"].startswith("=")]:
        hit = units.pop(first)
        name = hit.row["unit"][1:]
        noun = _nouns()[name.rstrip("?")]
        before = next((a for a in actors.values() if a.last == first and a.row["code"] in noun.by_state), None)
        after = actors.get(hit.last)
        if after is not None and (after.row["code"] != "USA" or name != "dollar" or not genitive_after):
            after = None
        beside = before or after
        if beside is None and name.endswith("?"):
            continue
        code = noun.by_state[beside.row["code"]] if beside is not None else noun.default
        start, last = (before or hit).first, (after or hit).last
        row: Row = {**hit.row, "unit": code or _in_context(actors, noun) or name}
        units[start] = Hit("units", start, last, row, hit.tail)
        for i in range(start, last):
            actors.pop(i, None)
    for i in [i for i in actors if i + 1 < len(tokens) and tokens[i].text in DOLLAR_MARKS]:
        if tokens[i + 1].text == "$":
            del actors[i]


def _weigh(units: dict[int, Hit], goods: Mapping[int, Hit], tokens: Sequence[Token]) -> None:
    """Take a word of money for the weight of the good behind it ("265 mln pounds of copper")."""
    for first, hit in [(i, h) for i, h in units.items() if h.row["unit"] in WEIGHTS]:
        led = hit.last < len(tokens) and tokens[hit.last].text == "of"
        if led and (hit.last + 1 in goods or hit.last + 2 in goods):
            row: Row = {**hit.row, "unit": WEIGHTS[hit.row["unit"]], "kind": "mass"}
            units[first] = Hit("units", hit.first, hit.last, row, hit.tail)


WEIGHTS = MappingProxyType({"=pound": "pound"})
"""Words of money that are weights too."""


def money_of(noun: str, states: Mapping[str, int]) -> str | None:
    """Return the currency that a word of money has in a text which names ``states``, each so many times.

    It is that of the only state among them with such money, or of one named at least twice as often as any other.
    """
    held = _nouns().get(noun)
    if held is None:
        return None
    ranked = sorted(((n, state) for state, n in states.items() if state in held.by_state), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] < 2 * ranked[1][0]):
        return None
    return held.by_state[ranked[0][1]]


def money_noun(code: str) -> str:
    """Return the word of money that several states use and none by default, of which ``code`` is one currency."""
    for noun, held in _nouns().items():
        if code in held.by_state.values() and held.default is None and len(held.by_state) > 1:
            return noun
    return ""


def _in_context(actors: Mapping[int, Hit], noun: _Noun) -> str | None:
    """Return the currency where just one state of the sentence has money of that name."""
    found = {noun.by_state[a.row["code"]] for a in actors.values() if a.row["code"] in noun.by_state}
    return found.pop() if len(found) == 1 else None


def dollar_prefix(tokens: Sequence[Token], i: int) -> str | None:
    """Return the currency of a letter mark with a dollar sign at token ``i`` ("US$", "HK$"), if there is one."""
    if i + 1 >= len(tokens) or tokens[i + 1].text != "$" or not tokens[i].capital:
        return None
    glued = tokens[i].end == tokens[i + 1].start
    return DOLLAR_MARKS.get(tokens[i].text) if glued or tokens[i].text in ("us", "u.s.") else None


def code_prefix(tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], i: int) -> str | None:
    """Return the currency whose code or short name stands before a figure: USD 15bn, EUR15m, Rs 500 m."""
    hit = hits["units"].get(i)
    if hit is None or hit.row["kind"] != "money" or hit.last != i + 1 or i + 1 >= len(tokens):
        return None
    if not (tokens[i].upper or tokens[i].text == "rs") or tokens[i + 1].kind != "num":
        return None
    behind = i > 0 and (tokens[i - 1].kind == "num" or i - 1 in hits["numerals"])
    return None if behind else hit.row["unit"]
