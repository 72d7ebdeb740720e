"""Which good a figure is of: the one it is counted in, else the one good that its part of the sentence names.

A sentence that names none may be of the one good that the sentence before names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kopir.evidence.figures._counting import singular
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit, iterate

OF_GOODS = frozenset(
    [
        "export",
        "import",
        "production",
        "consumption",
        "export_revenue",
        "freight_transit",
        "freight_carried",
        "port_throughput",
        "sea_freight",
        "container_transit",
        "capacity",
        "transit_capacity",
        "terminal_loadings",
        "refinery_intake",
        "price",
        "price_differential",
        "pipeline_tariff",
        "transport_cost",
        "freight_rate",
        "volume_lost",
        "volume_redirected",
        "stocks",
        "reserves",
        "quota",
        "deficit",
        "surplus",
        "cargo_value",
    ]
)
"""Indicators that can be of one good."""
KINDS_OF_FUEL = frozenset({"oil_products", "petrol", "diesel", "jet_fuel", "fuel_oil", "condensate", "lng", "lpg"})
AMOUNTS = frozenset({"mass", "volume", "oilvol"})
"""Kinds of unit in which goods are counted."""
AHEAD = 4
POINTING = frozenset({"these", "those", "them", "this", "that", "which", "what", "each", "such", "either", "both"})
"""Words that stand for a good and are none."""
SHORTEST = 4
"""Letters of the shortest noun that is taken for a good that no table names."""
LISTED = frozenset({"and", "or", ",", "и", "или", "ve", "veya", "ile", "және", "мен", "пен", "бен"})


class Good(NamedTuple):
    """The good of a figure, or several that it may be of; ``token`` is the place of the one found.

    ``said_before`` tells that it is the one good of the sentence before.
    """

    code: str | None
    several: bool = False
    token: int | None = None
    said_before: bool = False


def fuel_of(indicator: str | None) -> str | None:
    """Return the good that an indicator names itself: crude oil or gas."""
    if indicator == "opec_quota":
        return "crude"
    return {"oil": "crude", "gas": "gas"}.get(indicator.split("_")[0]) if indicator and "_" in indicator else None


def good_of(sentence: Sentence, quantity: Quantity, indicator: str | None) -> Good:
    """Return the good that a figure is of."""
    fuel = fuel_of(indicator)
    if indicator == "arms_export":
        return Good("arms")
    if fuel is None and indicator not in OF_GOODS:
        return Good(None)
    named = list(iterate(sentence.hits["goods"]))
    counted = _counted(sentence, quantity, named)
    if counted is not None:
        return Good(counted.row["commodity"], token=counted.first)
    if (noun := _noun(sentence, quantity)) is not None:
        return Good(noun[1], token=noun[0])
    near = _near(sentence, quantity, named)
    if fuel is not None:
        return near if near.code in KINDS_OF_FUEL else Good(fuel)
    return near


def _counted(sentence: Sentence, quantity: Quantity, named: list[Hit]) -> Hit | None:
    """Return the good right behind a figure: 5 million tonnes of coal, 110 тонн золота."""
    for hit in named:
        if quantity.first <= hit.first < quantity.last:
            return hit
        if not quantity.last <= hit.first < quantity.last + AHEAD:
            continue
        between = sentence.tokens[quantity.last : hit.first]
        dashed = [t.text for t in between] == ["-"]
        if dashed or (all(t.kind == "word" for t in between) and not _broken(sentence, quantity.last, hit.first)):
            return hit
    return None


def _noun(sentence: Sentence, quantity: Quantity) -> tuple[int, str] | None:
    """Return the English noun, in no table, that an amount is counted in: "4.2 mln tonnes of tapioca"."""
    i, tokens = quantity.last, sentence.tokens
    weighed = sentence.lexicon.language == "en" and quantity.unit_kind in AMOUNTS
    if not weighed or i + 1 >= len(tokens) or tokens[i].text != "of":
        return None
    noun = tokens[i + 1]
    known = any(i + 1 in table for table in sentence.hits.values())
    closed = i + 2 >= len(tokens) or tokens[i + 2].kind == "sign" or sentence.role_at(i + 2) is not None
    if (
        noun.kind != "word"
        or noun.capital
        or known
        or not closed
        or len(noun.text) < SHORTEST
        or noun.text in POINTING
    ):
        return None
    return i + 1, singular(noun.text)


def _broken(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether a verb, a party or another figure parts a figure from what stands behind it."""
    tables: tuple[Mapping[int, Hit], ...] = (
        sentence.hits["changes"],
        sentence.hits["actors"],
        sentence.hits["numerals"],
        sentence.hits["cues"],
    )
    late = sentence.lexicon.settings["verb_side"] == "after"
    for i in range(first, last):
        role = sentence.role_at(i)
        if any(i in table for table in tables) or (role is not None and role != "of"):
            return True
    return late and last - first > 1


def _near(sentence: Sentence, quantity: Quantity, named: list[Hit]) -> Good:
    """Return the good named in the figure's part of the sentence; goods counted by other figures are theirs."""
    start, stop = _part(sentence, quantity)
    others = [q for q in sentence.figures if q is not quantity]
    owned = {hit.first for q in others if (hit := _counted(sentence, q, named)) is not None and q.last > start}
    here = [hit for hit in named if start <= hit.first < stop and (hit.first not in owned or _alone(named))]
    codes = list(dict.fromkeys(hit.row["commodity"] for hit in here))
    if len(codes) == 1:
        return Good(codes[0], token=here[0].first)
    if not codes:
        return Good(None)
    before = [hit for hit in here if hit.last <= quantity.first]
    if before and not _listed(sentence, before):
        return Good(before[-1].row["commodity"], token=before[-1].first)
    return Good(None, several=True)


def _alone(named: list[Hit]) -> bool:
    return len({hit.row["commodity"] for hit in named}) == 1


def _part(sentence: Sentence, quantity: Quantity) -> tuple[int, int]:
    """Tokens of the part of a sentence between semicolons that holds a figure."""
    marks = [i for i, t in enumerate(sentence.tokens) if t.text == ";"]
    start = max((i + 1 for i in marks if i < quantity.first), default=0)
    stop = min((i for i in marks if i >= quantity.last), default=len(sentence.tokens))
    return start, stop


def _listed(sentence: Sentence, goods: list[Hit]) -> bool:
    """Tell whether the last two goods before a figure stand in one list: wheat and barley."""
    if len(goods) < 2:
        return False
    between = sentence.tokens[goods[-2].last : goods[-1].first]
    return len(between) <= 2 and any(t.text in LISTED for t in between)


def good_said(sentence: Sentence, quantity: Quantity, indicator: str | None, said: str | None) -> Good:
    """Return the good that a figure is of; a price or an amount of goods may be of the one ``said`` before."""
    found = good_of(sentence, quantity, indicator)
    needed = indicator == "price" or (indicator in OF_GOODS and quantity.unit_kind in AMOUNTS)
    if said is None or found.code is not None or found.several or not needed or sentence.hits["goods"]:
        return found
    return Good(said, said_before=True)


def sole_good(sentence: Sentence) -> str | None:
    """Return the one good that a sentence names; None where it names several or none."""
    codes = {hit.row["commodity"] for hit in sentence.hits["goods"].values()}
    return codes.pop() if len(codes) == 1 else None
