"""Which indicator a figure measures: cues near it, settled by one table of rules for all languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._chained import level_told
from kopir.evidence.sentence._paired import own_of_list
from kopir.evidence.sentence._sentence import Sentence, once
from kopir.evidence.words._lexicon import Hit, Row, indicator_rules, iterate

WEAK = frozenset(
    {"cargo", "container", "oil", "gas", "goods", "company", "port", "pipeline", "railway"}
    | {"corridor", "economy", "world", "share", "cost", "stock", "flow", "arms", "benchmark"}
    | {"project", "fleet", "vehicles", "budget", "source", "attracted", "mode", "across", "market"}
    | {"lender", "valued", "idiom", "income", "structure", "hand", "grown", "put", "merchandise"}
    | {"need", "sized", "vessel_noun"}
)
COMMODITIES = ("oil", "gas", "arms", "container", "goods", "cargo")
ROUTE_TRAITS = {
    "CPC": "oil_route",
    "BTC": "oil_route",
    "DRUZHBA": "oil_route",
    "ATYRAU_SAMARA": "oil_route",
    "ATASU_ALASHANKOU": "oil_route",
    "BTK": "rail_route",
    "CKU": "rail_route",
    "TITR": "route",
    "INSTC": "route",
}
DEFICITS = frozenset({"gap", "budget_gap"})
"""Cues of a balance that is negative."""
OTHER = "other"
"""Cue of measures that are no indicator: profits, wages, votes, share prices."""
LITTLE = 1e4
"""Money below which no works are had."""
SUM = 1e6
"""Money from which on it is no price."""
PRICE: Row = {"indicator": "price", "frame": "none"}
"""What a cost of so much a tonne is."""
TAKEN: Row = {"cue": "import"}
DEAD = ("öldü", "ölen", "yaralan", "öldürül", "қаза", "қайтыс", "жаралан", "өлтіріл")
"""Beginnings of words of loss of life: who they are told of is not the strength of a force."""
ACQUIRED: Row = {"cue": "acquire"}
GRANTED: Row = {"cue": "credit"}
OBTAINING = ("tedarik", "temin")
"""Beginnings of Turkish verbs of getting something from someone, who is told in the ablative."""
NO_INDICATOR: Row = {"indicator": "", "frame": "none"}
MEASURES = frozenset(
    [
        "bbl",
        "t",
        "m3",
        "1000m3",
        "kWh",
        "MWh",
        "MMBtu",
        "ounce",
        "pound",
        "short_ton",
        "long_ton",
        "bushel",
        "litre",
        "l",
        "gallon",
    ]
)
"""Measures by which goods are priced."""
OF_SUMS = frozenset(
    [
        "project_value",
        "deals_value",
        "export",
        "import",
        "oil_export",
        "trade_turnover",
        "production",
        "gdp",
        "stocks",
    ]
)
"""Indicators of sums of money: so much a tonne is none of them but a price."""
SIZES = frozenset({"length", "area", "speed", "time"})
"""Kinds of units in which no flow, output or economy is measured."""
AMOUNTS = frozenset({"money", "mass", "volume", "oilvol", "energy", "power", "work", "container"})
"""Kinds of units of which a share or a change told before may be."""
NOT_CARRIED = frozenset(
    {"person", "child", "family", "household", "voter", "candidate", "deputy", "party", "house", "flat", "school"}
    | {"shop", "hospital", "facility", "state", "programme", "project", "company", "deal", "visit", "place", "job"}
)
"""Things counted that are no goods."""
FLOWING = frozenset({"export", "import", "own", "mutual", "carry", "balance"})
FOR_PURPOSE = frozenset({"credit", "programme", "cost"})
"""Cues of money that is given for something: what it is for is not what is measured."""
CHANGES = frozenset({"change_pct", "mult"})
AFTER = {"before": 5.0, "after": 1.0}
FAR = 60.0
ACCOUNTS = ("current", "capital", "invisible")
SHARES = frozenset({"share", "part", "portion", "slice"})
WHOLE = 7
"""Words between a share and the noun of the whole at most."""
GROWING = frozenset({"grew", "expanded", "contracted", "shrank"})
"""Verbs of an economy, which an English text may tell of its state."""
BY_HOW_MUCH = frozenset(
    {"by", "at", "a", "an", "annual", "yearly", "rate", "of", "average", "only", "just", "some"}
)
"""Words between such a verb and by how much an economy grew."""
OF = 2
"""Words behind "growth" within which the state stands."""
PARTICLE = 4
OF_FIRM = 3
"""Words between a part and the firm that it is of at most."""
"""Letters of the longest word that is likely no noun."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator, its frame, the place of its cue, and how far that cue stands from the figure."""

    indicator: str
    frame: str
    cue: str
    place: tuple[int, int]
    distance: float


@cache
def _rules() -> Mapping[str, Sequence[Row]]:
    out: dict[str, list[Row]] = {}
    for row in indicator_rules():
        out.setdefault(row["cue"], []).append(row)
    return out


def frame_of(indicator: str) -> str:
    """Return the frame of an indicator's first rule."""
    return next((row["frame"] for row in indicator_rules() if row["indicator"] == indicator), "own")


class IndicatorRule(NamedTuple):
    """The indicator that a cue stands for, and its frame."""

    indicator: str
    frame: str


def rule_for(
    cue: str, present: set[str], quantity: Quantity, kind: str, level: Quantity | None = None
) -> IndicatorRule | None:
    """Return what a cue stands for beside the cues ``present``, for a figure of this unit and kind.

    A change is one of what its ``level`` is of, where the text tells that beside it.
    """
    rule = _rule_of(cue, present, quantity, kind, level)
    return None if rule is None or not rule["indicator"] else IndicatorRule(rule["indicator"], rule["frame"])


def rules_out(cue: str, present: set[str], quantity: Quantity, kind: str) -> bool:
    """Tell whether a cue says that what a figure measures is no indicator."""
    rule = NO_INDICATOR if cue == OTHER else _rule(cue, present, quantity, kind)
    return rule is not None and not rule["indicator"]


@once
def telling(sentence: Sentence) -> Sequence[Hit]:
    """Return the cues of a sentence but those in the name of an office ("the Ministry of Trade")."""
    offices = [h for h in sentence.hits["speech"].values() if h.row["kind"] in ("office", "title")]
    starts, ends = {h.first for h in offices}, {h.last for h in offices}
    of = sentence.lexicon.language == "en"
    late = sentence.lexicon.settings["verb_side"] == "after"
    names = [h for h in sentence.hits["actors"].values() if h.last - h.first > 1]
    return [
        hit._replace(row=TAKEN) if _taken(sentence, hit) else _granted(sentence, _acquired(sentence, hit))
        for hit in iterate(sentence.hits["cues"])
        if not (
            any(n.first <= hit.first and hit.last <= n.last for n in names)
            or hit.last in starts
            or _of_place(sentence, hit)
            or _brings_to(sentence, hit)
            or _raises_to(sentence, hit)
            or _unmoved_arms(sentence, hit)
            or (late and hit.row["cue"] == "economy" and sentence.lexicon.case_of(hit.tail) == "dat")
            or (
                hit.row["cue"] == "personnel" and any(t.text.startswith(DEAD) for t in sentence.tokens[hit.last :])
            )
            or (hit.row["cue"] == "growth" and not _of_economy(sentence, hit))
            or (hit.first in ends and not of and not late)
            or (of and hit.first - 1 in ends and sentence.tokens[hit.first - 1].text == "of")
        )
    ]


def _of_place(sentence: Sentence, hit: Hit) -> bool:
    """Tell the Turkish verb of taking where a place is taken: "yer aldı", "ilk sırayı Peru aldı"."""
    if hit.row["cue"] not in ("buy", "take") or not sentence.tokens[hit.first].text.startswith("al"):
        return False
    before = sentence.tokens[max(0, hit.first - 1)].text
    return before == "yer" or any(t.text.startswith("sira") for t in sentence.tokens[: hit.first])


def _brings_to(sentence: Sentence, hit: Hit) -> bool:
    """Tell the Kazakh verb of delivering where something is brought to a level: "5 млн тоннаға жеткізді"."""
    if hit.row["cue"] != "supply" or not sentence.tokens[hit.first].text.startswith("жеткіз") or hit.first == 0:
        return False
    before = next((q for q in sentence.figures if q.last == hit.first), None)
    reached = before is not None and sentence.lexicon.case_of(before.suffix) == "dat"
    return reached or sentence.tokens[hit.first - 1].text in ("дейін", "деп")


def _unmoved_arms(sentence: Sentence, hit: Hit) -> bool:
    """Tell a Turkish or Kazakh word for arms that nobody trades: what they cost to destroy is no export."""
    if hit.row["cue"] != "arms" or hit.last - hit.first > 1 or sentence.lexicon.settings["verb_side"] != "after":
        return False
    return not any(h.row["cue"] in MOVING for h in sentence.hits["cues"].values())


MOVING = frozenset({"export", "import", "sell", "supply", "buy", "take", "receive", "hand", "deal"})
"""Cues of goods that change hands."""


def _raises_to(sentence: Sentence, hit: Hit) -> bool:
    """Tell a verb of output that also means to raise, where it does: "5 tona çıkardı", not "5 ton çıkardı"."""
    if hit.row["cue"] != "production" or hit.first not in sentence.hits["changes"]:
        return False
    before = [q for q in sentence.figures if q.last <= hit.first]
    return bool(before) and sentence.lexicon.case_of(before[-1].suffix) == "dat"


def _acquired(sentence: Sentence, hit: Hit) -> Hit:
    """Read the purchase of a firm, or of per cent of one, as taking it over: "X'in %10'unu aldı", "X'i aldı"."""
    if hit.row["cue"] not in ("buy", "take") or sentence.lexicon.settings["verb_side"] != "after":
        return hit
    of_firm = any(m.kind in ("firm", "name") and m.role == "gen" for m in sentence.mentions)
    parts = any(q.unit_kind == "percent" and q.suffix for q in sentence.figures)
    whole = any(m.kind in ("firm", "name") and m.role == "obj" for m in sentence.mentions)
    paid = any(q.unit_kind == "money" for q in sentence.figures)
    return hit._replace(row=ACQUIRED) if (of_firm and parts) or (whole and paid) else hit


def _granted(sentence: Sentence, hit: Hit) -> Hit:
    """Read money that one state or bank allots or gives to another as finance: "Перуға 3 млн доллар бөлді"."""
    if hit.row["cue"] not in ("spent", "hand") or sentence.lexicon.settings["verb_side"] != "after":
        return hit
    acting = [m for m in sentence.mentions if not m.speaker]
    to = any(m.role == "to" and m.kind in ("state", "group") for m in acting)
    given = to and any(m.role in ("nom", "by") for m in acting)
    paid = any(q.unit_kind == "money" and q.last <= hit.first for q in sentence.figures)
    return hit._replace(row=GRANTED) if given and paid else hit


def _of_economy(sentence: Sentence, hit: Hit) -> bool:
    """Tell a verb of growth whose subject is an economy: no other measure stands between the two."""
    before = [h for h in iterate(sentence.hits["cues"]) if h.last <= hit.first]
    told = [h.row["cue"] for h in before if h.row["cue"] not in WEAK - {"economy"} and h.row["cue"] != "growth"]
    if not told and sentence.lexicon.cases:
        return any(
            m.kind == "state" and m.role in ("nom", "gen") and m.last <= hit.first for m in sentence.mentions
        )
    return bool(told) and told[-1] == "economy"


def _taken(sentence: Sentence, hit: Hit) -> bool:
    """Tell a supply that someone takes from another ("Fas, Peru'dan gaz tedarik etti"), which is an import."""
    needs = hit.row["cue"] == "share" and sentence.tokens[hit.first].text.startswith("karşil")
    if not (hit.row["cue"] == "supply" or needs) or sentence.lexicon.settings["verb_side"] != "after":
        return False
    roles = {m.role for m in sentence.mentions if m.kind in ("state", "group", "firm") and not m.speaker}
    if "from" not in roles or roles & {"to", "via"}:
        return False
    return bool(roles & {"nom", "gen", "attr"}) or sentence.tokens[hit.first].text.startswith(OBTAINING)


def said(sentence: Sentence, hits: Iterable[Hit]) -> set[str]:
    """Return the cues of ``hits``; a good of the registry is one too."""
    return {hit.row["cue"] for hit in hits} | ({"goods"} if sentence.hits["goods"] else set())


def about_figure(sentence: Sentence, quantity: Quantity) -> set[str]:
    """Return what stands about a figure that no cue says: money paid for something, a firm paid for or held."""
    firms = {m.role for m in sentence.mentions if m.kind in ("firm", "name") and not m.speaker}
    out = {trait for role, trait in (("during", "for_firm"), ("in", "in_firm")) if role in firms}
    behind = (m for m in sentence.mentions if 0 <= m.first - quantity.last <= OF_FIRM)
    held = any(m.kind in ("firm", "name") and sentence.tokens[m.last - 1].suffix != "s" for m in behind)
    if held and quantity.unit_kind == "percent":
        out.add("of_firm")
    first = quantity.compared[0] if quantity.compared and quantity.compared[0] < quantity.first else quantity.first
    given = quantity.unit_kind == "money" and not _by_measure(quantity) and first > 0
    return out | {"paid"} if given and sentence.role_at(first - 1) == "during" else out


def heads_of(sentence: Sentence, cues: Sequence[Hit]) -> list[Hit]:
    """Leave out cues that only describe another: "trade adjustment loan", "guarantees for sales of"."""
    if sentence.lexicon.language != "en":
        return list(cues)
    strong = {hit.first for hit in cues if hit.row["cue"] not in WEAK and not _verbal(sentence, hit)}
    return [
        hit
        for hit in cues
        if hit.row["cue"] in {*WEAK, OTHER}
        or not (_describes(sentence, hit, strong) or _purpose(sentence, hit, strong))
    ]


def _verbal(sentence: Sentence, hit: Hit) -> bool:
    return sentence.lexicon.is_verb(sentence.tokens[hit.last - 1].text)


def _describes(sentence: Sentence, hit: Hit, strong: set[int]) -> bool:
    """Tell whether a cue stands before another in one compound, with at most a plain noun between."""
    if hit.last in strong:
        return True
    if hit.last + 1 not in strong:
        return False
    token = sentence.tokens[hit.last]
    tables = ("particles", "changes", "modality", "comparators", "numerals", "cues", "periods", "actors")
    taken = any(hit.last in sentence.hits[table] for table in tables)
    verb = sentence.lexicon.is_verb(token.text) and not token.text.endswith("ment")
    return token.kind == "word" and not taken and not verb and len(token.text) > PARTICLE


def _purpose(sentence: Sentence, hit: Hit, strong: set[int]) -> bool:
    """Tell whether a cue stands right behind "for" that follows one of credit or cost ("loans for imports of")."""
    if hit.first == 0 or sentence.role_at(hit.first - 1) != "for":
        return False
    before = [h for h in sentence.hits["cues"].values() if h.first in strong and h.last < hit.first]
    return any(h.row["cue"] in FOR_PURPOSE for h in before)


def choose(sentence: Sentence, quantity: Quantity, kind: str, traits: Iterable[str]) -> Reading | None:
    """Choose the indicator of a figure from the cues of its sentence; ``None`` where no rule fits.

    ``traits`` are commodities and kinds of route known from the context.
    """
    every = telling(sentence)
    present = said(sentence, every) | set(traits) | about_figure(sentence, quantity)
    cues = own_of_list(sentence, quantity, heads_of(sentence, every))
    level = level_told(sentence, quantity) if kind in CHANGES else None
    best: Reading | None = None
    for hit in cues:
        cue = hit.row["cue"]
        rule = NO_INDICATOR if cue == OTHER else _rule_of(cue, present, quantity, kind, level)
        if rule is None:
            continue
        if not rule["indicator"] or (cue == "surplus" and _of_account(sentence, every)):
            cue, rule = OTHER, NO_INDICATOR
        cost = -1.0 if kind == "share" and of_whole(sentence, quantity, hit) else _cost(sentence, quantity, hit)
        if cue in WEAK:
            cost += 8
        if cost < FAR and (best is None or cost < best.distance):
            best = Reading(rule["indicator"], rule["frame"], cue, (hit.first, hit.last), cost)
    return best or _priced(quantity) or _economy_grown(sentence, quantity, kind)


def _priced(quantity: Quantity) -> Reading | None:
    """Read money per measure of goods as a price where no cue says otherwise ("$18 a barrel")."""
    if not _by_measure(quantity):
        return None
    return Reading("price", "none", "price", (quantity.first, quantity.last), 0.0)


def _economy_grown(sentence: Sentence, quantity: Quantity, kind: str) -> Reading | None:
    """Read what a state grew by as its economy's growth: "Peru grew 3 %", "growth in Peru slowed to 3 %"."""
    if sentence.lexicon.language != "en" or kind != "change_pct":
        return None
    for hit in iterate(sentence.hits["changes"]):
        states = [m for m in sentence.mentions if m.kind == "state" and not m.speaker]
        grew = sentence.tokens[hit.first].text in GROWING and any(m.last == hit.first for m in states)
        growth = sentence.tokens[hit.first].text == "growth" and any(0 < m.first - hit.last <= OF for m in states)
        first = min(quantity.first, quantity.compared[0]) if quantity.compared else quantity.first
        between = {t.text for t in sentence.tokens[hit.last : first]}
        if hit.last <= quantity.first and (growth or (grew and between <= BY_HOW_MUCH)):
            return Reading("gdp", "own", "gdp", (hit.first, hit.last), 0.0)
    return None


def _by_measure(quantity: Quantity) -> bool:
    """Tell money per measure of goods."""
    return quantity.unit_kind == "money" and (quantity.unit or "").partition("/")[2] in MEASURES


def lacks_money(found: Reading, quantity: Quantity) -> bool:
    """Tell a deficit in money: that of a budget."""
    return found.cue == "deficit" and quantity.unit_kind == "money"


def _small(quantity: Quantity) -> bool:
    """Tell money too little to be what works cost."""
    value = quantity.value if quantity.value is not None else quantity.hi
    return quantity.unit_kind == "money" and not quantity.scaled and abs(value or 0.0) < LITTLE


def _a_sum(quantity: Quantity) -> bool:
    """Tell money of a million and more that is of no measure: no price."""
    value = quantity.value if quantity.value is not None else quantity.lo
    return quantity.unit_kind == "money" and not _by_measure(quantity) and abs(value or 0.0) >= SUM


def _rule_of(cue: str, present: set[str], quantity: Quantity, kind: str, level: Quantity | None) -> Row | None:
    told = _rule(cue, present, level, "level") if level is not None else None
    return told or _rule(cue, present, quantity, kind)


def _rule(cue: str, present: set[str], quantity: Quantity, kind: str) -> Row | None:
    for rule in _rules().get(cue, ()):
        if rule["with"] and rule["with"] not in present:
            continue
        if rule["unit"] and rule["unit"] not in (quantity.unit_kind, f"{quantity.unit_kind}/{quantity.rate}"):
            continue
        if rule["kind"] and rule["kind"] != kind:
            continue
        if quantity.unit_kind in NOT_CARRIED and not rule["unit"] and rule["frame"] in FLOWING:
            continue
        if quantity.unit_kind in SIZES and not rule["unit"] and rule["frame"] in FLOWING:
            continue
        if cue == "cost" and rule["indicator"] == "project_value" and _small(quantity):
            if "goods" in present:
                return PRICE
            continue
        if rule["indicator"] == "price" and _a_sum(quantity):
            continue
        return PRICE if _by_measure(quantity) and rule["indicator"] in OF_SUMS else rule
    return None


def _of_account(sentence: Sentence, cues: Sequence[Hit]) -> bool:
    """Tell a sentence of the current account or of invisibles, whose surplus is none of trade."""
    others = (h for h in cues if h.row["cue"] == OTHER)
    return any(sentence.tokens[h.first].text.startswith(ACCOUNTS) for h in others)


def of_whole(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
    """Tell what a share is said to be of: "40 % of all Peruvian imports", "a 35 % share of B's trade"."""
    between = sentence.tokens[quantity.last : hit.first]
    words = [t.text for t in between if t.text not in SHARES]
    if sentence.lexicon.language != "en" or not words or words[0] != "of" or len(words) > WHOLE:
        return False
    return all(t.kind == "word" or t.text in "-'" for t in between)


def _describes_counted(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
    """Tell a cue in a participle right before a figure that a predicate with a cue of its own follows.

    In "AB'ye ihraç edilen 150.000 araç üretti" the cars were made; what becomes of them only describes them.
    """
    if sentence.lexicon.settings["verb_side"] != "after" or quantity.first - hit.last > 1:
        return False
    if not sentence.tokens[quantity.first - 1].text.endswith(PARTICIPLES):
        return False
    behind = range(quantity.last, quantity.last + 2)
    return any(n in sentence.hits["cues"] and sentence.hits["cues"][n].row["cue"] not in WEAK for n in behind)


PARTICIPLES = ("en", "an", "ған", "ген", "қан", "кен", "атын", "етін", "йтін", "йтын")
"""Endings of Turkish and Kazakh participles."""
PREDICATE = 4.0
"""What a cue that only describes is farther from a figure than its predicate."""


def _is_purpose(sentence: Sentence, hit: Hit) -> bool:
    """Tell works that something is for: "köprünün inşası için 30 milyon avro kredi", "onarımına ... yatırım"."""
    if hit.row["cue"] != "works" or not sentence.lexicon.cases:
        return False
    return sentence.role_at(hit.last) == "for" or sentence.lexicon.case_of(hit.tail) == "dat"


def _cost(sentence: Sentence, quantity: Quantity, hit: Hit) -> float:
    if quantity.first <= hit.first < quantity.last:
        return 0.0
    if hit.first < quantity.first:
        if _is_purpose(sentence, hit):
            return sentence.distance(hit.last, quantity.first) + PREDICATE
        if _describes_counted(sentence, quantity, hit):
            return sentence.distance(hit.last, quantity.first) + PREDICATE
        if sentence.brackets[hit.first] and sentence.brackets[hit.first] != sentence.brackets[quantity.first]:
            return FAR
        return sentence.distance(hit.last, quantity.first)
    between = sentence.distance(quantity.last, hit.first)
    if not sentence.owns(quantity, hit.first) and sentence.lexicon.settings["verb_side"] == "before":
        return FAR
    if any(sentence.role_at(i) == "contrast" for i in range(quantity.last, hit.first)):
        return FAR
    if any(sentence.role_at(i) == "clause" for i in range(quantity.last, hit.first)):
        between += 10
    passed = any(quantity.last <= other.first < hit.first for other in sentence.quantities if other.unit)
    return between + AFTER[sentence.lexicon.settings["verb_side"]] + (10 if passed else 0)
