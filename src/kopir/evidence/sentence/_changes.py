"""Whether a figure is a level, a change of it, a multiple, a share or a count, and the sign of a change.

Three things decide: a word of comparison right after the figure ("4% above", "5 Mt more than"), a verb of rise or
fall with the word or case that says by how much or to what, and a noun of change whose size the figure is ("growth
was 4%").
"""

from __future__ import annotations

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._clauses import GERUNDS
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit, iterate

WINDOW = 7.0
REACHED = frozenset({"до", "to", "at"})
LEFT = frozenset({"с", "from"})
BY = frozenset({"на", "by"})
LEVELS = frozenset({"money", "mass", "container", "length", "volume", "work", "oilvol", "area", "power", "energy"})
JOINTS = frozenset({",", "и", "and", "ve", "және", "мен"})
SUMS = frozenset({"credit", "deal", "penalty", "acquire", "project"})
"""Cues of what is told with its sum."""
OFF = frozenset({"off"})
MODALS = frozenset({"could", "may", "might", "should", "would", "will", "can", "must"})
"""Words behind which the bare form of a verb stands: "could jump 5 dollars"."""
AGAINST = frozenset({"against", "versus", "vs", "против"})
RAISING = frozenset({"raised", "raises", "raise", "lowered", "lowers", "cut", "cuts", "increased", "reduced"})
SIZED = frozenset({"of"})
A = frozenset({"a", "an", "the", "another", "'s"})
ALSO_NOUNS = frozenset({"rise", "fall", "cut", "jump", "hike", "climb", "slide", "slump", "surge", "advance"})
"""English verbs that behind a figure with an article are nouns: "a 2.4% rise"."""
SAME = frozenset({"or", "или", "veya", "немесе"})
"""Words between two measures of one change: 4.3% or 0.3 Mt more."""
SHARES = ("stake", "shareholding", "доли", "долю", "доля", "акци", "пакет", "pay", "hisse", "үлес")
"""Beginnings of words for a share."""
OUTSIDE = frozenset({"below", "above", "under", "beyond", "past"})
NOUN_REACH = 8
INDEX_END = 130
"""Percentages from a hundred up to this are told as an index where they are growth."""
NOUNS = 5
"""Words behind a figure within which a noun of change may stand that it describes."""
LEADING = frozenset(
    {
        *("to", "at", "up", "around", "about", "of", "averaging", "some", "which", "is", "was", ","),
        *(
            "slowed",
            "slowing",
            "slow",
            "accelerated",
            "accelerating",
            "quickened",
            "cooled",
            "moderated",
            "picked",
        ),
        *(
            "came",
            "in",
            "reached",
            "hit",
            "stood",
            "eased",
            "will",
            "would",
            "could",
            "be",
            "averaged",
            "remained",
        ),
    }
)


def kind_of(sentence: Sentence, quantity: Quantity) -> tuple[str, int]:
    """Return the kind of a figure and its sign (-1 for a fall, else 1)."""
    unit = quantity.unit_kind
    if quantity.mult or unit == "times":
        return "mult", -1 if (quantity.value or 0) < 0 or _falls_by_factor(sentence, quantity) else 1
    if unit != "percent" and unit not in LEVELS:
        return ("duration" if unit == "time" else "count"), 1
    moved, still = ("change_pct", "share") if unit == "percent" else ("change_abs", "level")
    if quantity.signed:
        return moved, quantity.signed
    told = _told(sentence, quantity)
    if unit == "percent" and (settled := _per_cent(sentence, quantity, told)) is not None:
        return settled
    change = told or _change(sentence, quantity)
    sign = -1 if change is not None and change.row["effect"] == "fall" else 1
    if told is not None or (change is not None and _raised(sentence, quantity, change)):
        return moved, sign
    if change is None:
        return _without_word(sentence, quantity) or (still, 1)
    if unit == "percent":
        moves = not _reaches(sentence, quantity)
    else:
        by = _before(sentence, quantity) in BY and not _sum_of(sentence, quantity)
        moves = by or _moves(sentence, quantity, change)
    return (moved, sign) if moves else (still, 1)


def _without_word(sentence: Sentence, quantity: Quantity) -> tuple[str, int] | None:
    """Return the kind that a percentage has from the one that it is listed behind or set against."""
    if quantity.unit_kind != "percent":
        return None
    if (listed := _listed_behind(sentence, quantity)) is not None:
        return kind_of(sentence, listed)
    return ("change_pct", 1) if _set_against_change(sentence, quantity) else None


def _listed_behind(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """Return the percentage right before one in a list: "rose 3%, 4% and 5% respectively"."""
    before = next((q for q in reversed(sentence.figures) if q.last <= quantity.first), None)
    if before is None or before.unit_kind != "percent" or sentence.lexicon.settings["verb_side"] == "after":
        return None
    dated = {i for p in sentence.periods for i in range(p.first - 1, p.last)}
    between = {sentence.tokens[i].text for i in range(before.last, quantity.first) if i not in dated}
    return before if between and between <= JOINTS | {"%"} else None


def _set_against_change(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell a bare percentage that a change is set against: "grew 6 % in May, against 2 % in April"."""
    if _before(sentence, quantity) not in AGAINST or sentence.lexicon.settings["verb_side"] == "after":
        return False
    before = next((q for q in reversed(sentence.figures) if q.last <= quantity.first), None)
    return before is not None and before.unit_kind == "percent" and kind_of(sentence, before)[0] == "change_pct"


def _sum_of(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell what a loan, contract or fine comes to, told with the word for "by": "кредит на 5 млрд"."""
    last = _opening(quantity) - 1
    cue = next((h for h in sentence.hits["cues"].values() if h.last == last), None)
    return quantity.unit_kind == "money" and cue is not None and cue.row["cue"] in SUMS


def _per_cent(sentence: Sentence, quantity: Quantity, told: Hit | None) -> tuple[str, int] | None:
    """Settle the kind of a percentage by what stands at it: off, a share behind it, growth told as an index."""
    if _before(sentence, quantity) in OFF:
        return "change_pct", -1
    if _of_share(sentence, quantity):
        return "share", 1
    late = sentence.lexicon.settings["verb_side"] == "after"
    index = late and told is not None and 100 <= (quantity.value or 0) < INDEX_END
    return ("level", 1) if index else None


def _of_share(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell a percentage that measures the share named right behind it (25% stake, %25'lik pay)."""
    last = quantity.last
    return last < len(sentence.tokens) and sentence.tokens[last].text.startswith(SHARES)


def _told(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return the word that makes the figure the size of a change, whatever stands around it."""
    return (
        _compared_behind(sentence, quantity)
        or _noun_beside(sentence, quantity)
        or _noun_before(sentence, quantity)
    )


def _raised(sentence: Sentence, quantity: Quantity, change: Hit) -> bool:
    """Tell what a price is raised by without a word for it: "raised its prices for crude 50 cts a barrel"."""
    if quantity.unit_kind != "money" or sentence.tokens[change.first].text not in RAISING:
        return False
    between = sentence.tokens[change.last : quantity.first]
    led = quantity.last < len(sentence.tokens) and sentence.tokens[quantity.last].text == "to"
    if led and not any(t.kind == "sign" or t.text in REACHED | LEFT | BY for t in between):
        return not passes_another(sentence, quantity, change)
    if "/" not in (quantity.unit or ""):
        return False
    stops = any(t.text in ",;(" or t.text in REACHED | LEFT | BY for t in between)
    return len(between) > 0 and not stops and not passes_another(sentence, quantity, change)


def _noun_beside(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return the noun that a figure sizes at once: "a 1.1% fall", "cuts of 15 to 20%"."""
    changes, first = sentence.hits["changes"], _opening(quantity)
    behind = changes.get(past_comparison(sentence, quantity.last))
    of = first > 1 and sentence.tokens[first - 1].text in SIZED
    before = next((h for h in changes.values() if h.last == first - 1), None) if of else None
    if sentence.lexicon.settings["verb_side"] == "after":
        reached = _amounts(quantity) and _to_what(sentence, quantity)
        behind = None if reached else behind or _noun_ahead(sentence, quantity)
    for hit in (behind, before):
        if hit is None or hit.row["effect"] not in ("rise", "fall"):
            continue
        named = hit is behind and sentence.tokens[hit.first].text in ALSO_NOUNS
        if hit.row.get("form") == "noun" or (named and first > 0 and sentence.tokens[first - 1].text in A):
            return hit
    return None


def _amounts(quantity: Quantity) -> bool:
    """Tell an amount of something, which in the dative is a level; a percentage may be what it changes by."""
    return quantity.unit_kind != "percent"


def _noun_ahead(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return the noun of change that a bare figure describes past other nouns: "5 ton ek ihracat kesintisi"."""
    for n in range(quantity.last, min(len(sentence.tokens), quantity.last + NOUNS)):
        hit = sentence.hits["changes"].get(n)
        if hit is not None:
            return hit if hit.row.get("form") == "noun" and not quantity.suffix else None
        token = sentence.tokens[n]
        if token.kind != "word" or sentence.lexicon.is_verb(token.text) or n in sentence.hits["particles"]:
            return None
    return None


def past_comparison(sentence: Sentence, n: int) -> int:
    """Step over "year-on-year" between a figure and the noun that it sizes: "a 6 % year-on-year surge"."""
    hit = sentence.hits["periods"].get(n)
    return hit.last if hit is not None and hit.row["kind"] == "compare" and not hit.row["value"] else n


def _compared_behind(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return "above", "more than", "артық" right after the figure, or after the figure listed with it.

    A figure that such a word only bounds ("5 Mt or more", "5 млн тоннадан артық") has it as its comparator.
    """
    last = quantity.last
    hit = sentence.hits["changes"].get(last)
    if hit is not None and hit.row.get("form") == "compare" and not _bounds(quantity, hit):
        return hit
    following = next((q for q in sentence.figures if q.first >= last), None)
    if following is None or following.unit_kind == "times":
        return None
    between = sentence.tokens[last : following.first]
    alike = following.unit_kind == quantity.unit_kind
    if len(between) == 1 and (between[0].text in SAME or (alike and between[0].text in JOINTS)):
        return _compared_behind(sentence, following)
    return None


def _bounds(quantity: Quantity, hit: Hit) -> bool:
    return quantity.compared is not None and quantity.compared[0] < hit.last and hit.first < quantity.compared[1]


def _noun_before(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return the noun of change whose size the figure is: growth of X was 4%, снижение X составило 5 млн тонн."""
    first, changes = _opening(quantity), sentence.hits["changes"]
    late = sentence.lexicon.settings["verb_side"] == "after"
    if (
        not late
        and (grown := _growth_to(sentence, quantity, first)) is not None
        and quantity.unit_kind == "percent"
    ):
        return grown
    if late and quantity.unit_kind == "percent":
        beside = next((h for h in changes.values() if h.last == first and h.row.get("form") == "noun"), None)
        if beside is not None:
            return beside
    link = changes.get(quantity.last) if late else next((h for h in changes.values() if h.last == first), None)
    if link is not None and link.row["effect"] != "reach":
        link = None
    dashed = first > 0 and sentence.tokens[first - 1].text == "-"
    if link is None and not dashed:
        return None
    start = link.first if link is not None and not late else first
    if late and link is not None and _amounts(quantity) and _to_what(sentence, quantity):
        return None
    for n in range(start - 1, max(-1, start - 1 - NOUN_REACH), -1):
        if sentence.tokens[n].text in ",;()" or (late and sentence.tokens[n].text.endswith(GERUNDS)):
            return None
        hit = sentence.hits["changes"].get(n)
        if hit is not None and hit.row["effect"] in ("rise", "fall"):
            return hit if hit.row.get("form") == "noun" else None
    return None


def _to_what(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell what a thing has come to, in the dative: "artış gösterdi ve 5 milyon tona ulaştı"."""
    return bool(quantity.suffix) and sentence.lexicon.case_of(quantity.suffix) == "dat"


def _growth_to(sentence: Sentence, quantity: Quantity, first: int) -> Hit | None:
    """Return the noun of growth right before a figure with words that lead to it: "growth up to", "growth at"."""
    n = first - 1
    while n > 0 and (sentence.tokens[n].text in LEADING or _placed_growth(sentence, n)):
        n -= 1
    hit = sentence.hits["changes"].get(n) if 0 <= n < quantity.first - 1 else None
    return hit if hit is not None and sentence.tokens[hit.first].text == "growth" else None


def _placed_growth(sentence: Sentence, n: int) -> bool:
    """Tell the name of where something grew, behind "growth in" or "growth of"."""
    named = next((m for m in sentence.mentions if m.kind == "state" and m.first <= n < m.last), None)
    led = named is not None and named.first > 1 and sentence.tokens[named.first - 1].text in ("in", "of")
    return led and named is not None and sentence.tokens[named.first - 2].text == "growth"


def _moves(sentence: Sentence, quantity: Quantity, change: Hit) -> bool:
    """Tell an amount by which something moves without a word for "by": fell 5 Mt, 5 milyon ton arttı."""
    if sentence.lexicon.settings["verb_side"] == "after":
        behind = (sentence.hits["changes"].get(quantity.last + n) for n in range(3))
        near = next((hit for hit in behind if hit is not None), None)
        if near is None or near is not change or near.row.get("form") == "compare":
            return False
        after = sentence.hits["comparators"].get(quantity.last)
        if after is not None and after.row["comparator"] == "upto":
            return False
        case = sentence.lexicon.case_of(quantity.suffix) if quantity.suffix else "nom"
        if case == "dat" and _after_left(sentence, quantity):
            return False
        return case in ("dat",) if sentence.lexicon.settings["change_case"] == "dat" else case in ("nom", "attr")
    if quantity.compared is not None and sentence.tokens[quantity.compared[0]].text in OUTSIDE:
        return False
    bare = change.first > 0 and sentence.tokens[change.first - 1].text in MODALS
    return change.last == _opening(quantity) and (bare or change.row.get("form") == "verb")


def _after_left(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell two levels, the first in the ablative: "324 теңгеден 349 теңгеге қымбаттады"."""
    before = next((q for q in sentence.figures if 0 <= quantity.first - q.last <= 1), None)
    if before is None or before.unit != quantity.unit or not before.suffix:
        return False
    return sentence.lexicon.case_of(before.suffix) == "abl"


def _opening(quantity: Quantity) -> int:
    """Return the token at which a figure begins, with the comparator before it."""
    return min(quantity.first, quantity.compared[0]) if quantity.compared else quantity.first


def _change(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return the nearest rise or fall that governs the figure."""
    best: tuple[float, Hit] | None = None
    late = sentence.lexicon.settings["verb_side"] == "after"
    for hit in iterate(sentence.hits["changes"]):
        if hit.row["effect"] not in ("rise", "fall") or _compares(quantity, hit):
            continue
        if brings_out(sentence, quantity, hit):
            continue
        before = hit.first < quantity.first
        passed = passes_another(sentence, quantity, hit)
        if before and late and passed:
            continue
        cost = (
            sentence.distance(hit.last, quantity.first) if before else sentence.distance(quantity.last, hit.first)
        )
        cost += (4 if before == late else 0) + (5 if passed else 0)
        if cost <= WINDOW + (4 if before != late else 0) and (best is None or cost < best[0]):
            best = (cost, hit)
    if best is None and _before(sentence, quantity) in BY:
        earlier = [h for h in iterate(sentence.hits["changes"]) if h.first < quantity.first]
        earlier = [h for h in earlier if h.row["effect"] in ("rise", "fall")]
        return earlier[-1] if earlier else None
    if best is None and late:
        later = [q for q in sentence.figures if q.first >= quantity.last]
        if later and later[0].unit_kind == quantity.unit_kind == "percent":
            return _change(sentence, later[0])
    by_how_much = quantity.unit_kind == "percent" and sentence.lexicon.settings["change_case"] == "dat"
    if best is None and by_how_much and sentence.lexicon.case_of(quantity.suffix) == "dat":
        moved = [h for h in iterate(sentence.hits["changes"]) if h.first >= quantity.last]
        return next((h for h in moved if h.row["effect"] in ("rise", "fall")), None)
    return best[1] if best else None


def brings_out(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
    """Tell a verb of raising that means output, as of a figure without the dative: "5 ton kömür çıkardı"."""
    cue = sentence.hits["cues"].get(hit.first)
    made = cue is not None and cue.row["cue"] == "production" and hit.row.get("form") == ""
    return made and sentence.lexicon.case_of(quantity.suffix) != "dat"


def _compares(quantity: Quantity, hit: Hit) -> bool:
    """Tell whether a word of change is the comparator of the figure ("остался ниже 6 %")."""
    return quantity.compared is not None and quantity.compared[0] <= hit.first < quantity.compared[1]


def passes_another(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
    """Tell whether another figure stands between a figure and a word."""
    low, high = sorted((quantity.first, hit.first))
    return any(low < q.first < high for q in sentence.quantities if q.unit and q is not quantity)


def _before(sentence: Sentence, quantity: Quantity) -> str:
    i = quantity.first
    if quantity.compared is not None and quantity.compared[1] <= i:
        i = quantity.compared[0]
        if sentence.tokens[quantity.compared[1] - 1].text in BY | REACHED:
            return sentence.tokens[quantity.compared[1] - 1].text
        if i < quantity.first and sentence.tokens[quantity.first - 1].text in BY | REACHED:
            return sentence.tokens[quantity.first - 1].text
    return sentence.tokens[i - 1].text if i > 0 else ""


def _reaches(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell a percentage that is reached ("to 29.7 %") from one by which something changes."""
    settings = sentence.lexicon.settings
    if settings["change_case"]:
        case = sentence.lexicon.case_of(quantity.suffix) if quantity.suffix else "nom"
        after = sentence.hits["comparators"].get(quantity.last)
        bounded = quantity.compared is not None and quantity.compared[0] >= quantity.last
        if (case == "abl" and not bounded) or (after is not None and after.row["comparator"] == "upto"):
            return True
        return case == "dat" if settings["change_case"] == "nom" else case in ("gen", "acc")
    before = _before(sentence, quantity)
    if before in BY:
        return False
    if before in REACHED:
        return True
    later = [q for q in sentence.figures if q.first >= quantity.last]
    if before in LEFT and later and _before(sentence, later[0]) in REACHED:
        return True
    if before in LEFT and _left_behind(sentence, quantity):
        return True
    hit = next((h for h in sentence.hits["changes"].values() if h.last == quantity.first), None)
    return hit is not None and hit.row["effect"] == "reach"


def _left_behind(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell the share from which one before it has come: "rose to 65 % in 2023 from 58 %"."""
    earlier = [q for q in sentence.figures if q.last <= quantity.first]
    return bool(earlier) and earlier[-1].unit_kind == "percent" and _before(sentence, earlier[-1]) in REACHED


def _falls_by_factor(sentence: Sentence, quantity: Quantity) -> bool:
    change = _change(sentence, quantity)
    return change is not None and change.row["effect"] == "fall"
