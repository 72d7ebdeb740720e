"""The sense of a figure: what its bounds are, and whether it is actual, planned or denied."""

from __future__ import annotations

from dataclasses import replace

import regex

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._changes import passes_another
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit, iterate

WIDE, ALONE = 14.0, 26.0
"""How far a word of plan or forecast reaches; one that stands alone with one figure reaches farther."""
INTENT = regex.compile(
    r"(?:[ыі]л|[ыі]н|[тд][ыі]р|[лд][ае]н|сал|құр|қос|аш|шығар|жет|бер|ал|жібер|сат)"
    r"(?:[мбп]ақ|[мбп]ек)(?:ш[ыі])?(?:[пм][ыі][нз])?$"
)
"""Endings of Kazakh verbs of intent behind stems that no noun has."""
DONE = regex.compile(r"(?:[dt][iuü](?:[kmn]|l[ae]r)?|[дт][ыі](?:[қкм])?)$")
"""Endings of the past in Turkish and Kazakh."""
NOT_DONE = frozenset({"şimdi", "kendi", "yedi", "енді", "жеті"})
FUTURE = regex.compile(r"[ae]c[ae][kğ]\w{0,6}$")
ABLE = regex.compile(r"[ae]bil(?:ir|ecek|iyor)")
"""Turkish forms of what can or may be."""
LASTING = ("yenilenebilir", "sürdürülebilir", "kullanilabilir", "taşinabilir", "içilebilir")
"""Turkish adjectives of what can be, which tell a kind of thing."""
WE_SHALL = ("iz", "im")
"""Endings of what the speaker is going to do: a plan, also of a rise."""
NO_FUTURE = ("gelecek", "alacak", "yiyecek", "içecek", "giyecek", "olacağ")
"""Turkish nouns with the ending of the future."""
TOLD = frozenset({"reported", "estimated", "forecast", "recorded", "set", "agreed", "seen", "registered"})
"""Participles of a level that has been told of: "above the 234 mln reported for May"."""
PREDICATE = 3
PRICES = frozenset({"price", "prices"})
NEAR = 7
DEFICIT = ("deficit", "дефицит", "açığı", "тапшылығы")
SURPLUS = ("surplus", "профицит", "fazlası", "профициті")
DECIDED = frozenset({"project_value", "financing_pledged", "deals_value"})
"""Indicators of money that someone decides on: a plain future of it is a plan."""
QUOTAS = frozenset({"quota", "opec_quota"})
"""Indicators of a cap, which is what it is whatever it allows ("could not exceed")."""
SOUGHT = frozenset({"proposed", "proposes", "plans", "planned", "wants", "предлагает", "предложил", "планирует"})
"""Words that make a cap one that is not yet."""


def settle_bound(sentence: Sentence, quantity: Quantity, modality: str, indicator: str | None) -> Quantity:
    """Read "to" after a change as the level reached, and else, with a plan, as an upper bound.

    The most that a penalty may be is a ceiling; "below the 628 mln of last year" states the level of last year.
    """
    if quantity.comparator == "upto" and indicator == "penalty":
        return replace(quantity, comparator="le")
    if quantity.comparator in ("lt", "gt", "le") and indicator in QUOTAS:
        return replace(quantity, comparator="eq")
    if quantity.comparator in ("lt", "gt") and _level_of_period(sentence, quantity):
        return replace(quantity, comparator="eq")
    if quantity.comparator != "upto" or _bounding(sentence, quantity):
        return quantity
    done = modality not in ("plan", "forecast") and _reached(sentence, quantity)
    return replace(quantity, comparator="eq", reach=True) if done or _raised_to(sentence, quantity) else quantity


def _reached(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell a level that a change near it came to, that is aimed at, or that stands behind one of its unit."""
    for hit in sentence.hits["changes"].values():
        near = min(sentence.distance(hit.last, quantity.first), sentence.distance(quantity.last, hit.first))
        if near <= WIDE:
            return True
    if any(hit.row["modality"] == "target" for hit in sentence.hits["modality"].values()):
        return True
    before = (q for q in sentence.quantities if q.last <= quantity.first)
    return any(q.comparator == "eq" and q.unit == quantity.unit for q in before)


def _raised_to(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell the level that something is to be raised or cut to: "увеличить до 5 млн", not "до 5 млн в год"."""
    if quantity.compared is None or sentence.lexicon.settings["verb_side"] == "after":
        return False
    for hit in sentence.hits["changes"].values():
        turned = hit.row["effect"] in ("rise", "fall", "reach") and hit.row.get("form") != "noun"
        if turned and 0 <= quantity.compared[0] - hit.last <= NEAR and not passes_another(sentence, quantity, hit):
            return True
    return False


def _bounding(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell "up to", "as much as" and "as many as", which bound whatever changes, from a plain "to"."""
    first = quantity.compared[0] if quantity.compared else -1
    return first >= 0 and sentence.tokens[first].text in ("up", "as")


def _level_of_period(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell "below the 628 mln of February": a figure with an article and a period of its own."""
    if quantity.compared is None or quantity.compared[1] > quantity.first:
        return False
    word, last = sentence.tokens[quantity.compared[0]].text, sentence.tokens[quantity.first - 1].text
    own = any(0 < p.first - quantity.last <= 1 for p in sentence.periods)
    own = own or any(t.text in TOLD for t in sentence.tokens[quantity.last : quantity.last + 1])
    return word in ("below", "above") and last == "the" and own


def meaning(hit: Hit, indicator: str | None, *, late: bool = False) -> str:
    """Return what a word of modality means for an indicator: a plain future tells a plan or a forecast.

    ``late`` marks languages whose future is one of works as of money: a plan.
    """
    told = hit.row["modality"]
    decided = indicator in DECIDED or (late and indicator == "capacity")
    return "plan" if hit.row.get("form") == "future" and decided else told


def modality_of(sentence: Sentence, quantity: Quantity, indicator: str | None, *, future: bool, past: bool) -> str:
    """Return how a figure is meant; a dated past outweighs words of plan and forecast."""
    if _intended(sentence):
        return "plan"
    if indicator in QUOTAS and not any(t.text in SOUGHT for t in sentence.tokens):
        return "actual"
    if indicator == "price" and not future and _of_price(sentence, quantity):
        return "actual"
    best: tuple[float, str] | None = None
    late = sentence.lexicon.settings["verb_side"] == "after"
    reach = ALONE if len(sentence.hits["modality"]) == len(sentence.figures) == 1 else WIDE
    for hit in iterate(sentence.hits["modality"]):
        if _in_a_name(sentence, hit):
            continue
        modality = meaning(hit, indicator, late=late)
        if modality in ("denied", "alleged"):
            if modality == "denied" or hit.first < quantity.first or late:
                return modality
            continue
        low, high = sorted((hit.first, quantity.first))
        if past or any(sentence.role_at(i) == "contrast" for i in range(low, high)):
            continue
        cost = _reach_of(sentence, quantity, hit, late=late)
        if cost is None or (late and _done_before(sentence, quantity.last, hit.first)):
            continue
        if passes_another(sentence, quantity, hit):
            cost += 1 if late else 6
        if cost <= reach + (8 if future else 0) and (best is None or cost < best[0]):
            best = (cost, modality)
    if best is not None:
        return best[1]
    if late and not past and (to_come := _to_come(sentence, quantity)) is not None:
        return to_come
    if future:
        return "plan" if indicator in DECIDED else "forecast"
    return "actual"


def _reach_of(sentence: Sentence, quantity: Quantity, hit: Hit, *, late: bool) -> float | None:
    """Return how far a word of plan or forecast stands from a figure; ``None`` where it is of another."""
    if hit.first < quantity.first:
        if late and any(q.last <= hit.first for q in sentence.figures):
            return None
        return sentence.distance(hit.last, quantity.first) + (5 if late else 0)
    if not late and (not sentence.owns(quantity, hit.first) or _of_another_verb(sentence, quantity, hit)):
        return None
    near = max(3, hit.first - quantity.last)
    if not late and any(hit.last <= q.first < hit.last + near for q in sentence.figures):
        return None
    return sentence.distance(quantity.last, hit.first) + (0 if late else 5)


def _of_price(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell what prices are, whatever is meant to be done about them: "to defend prices of around 18 dollars"."""
    first = min(quantity.first, quantity.compared[0]) if quantity.compared else quantity.first
    said = [t.text for t in sentence.tokens[max(0, first - 2) : first]]
    return len(said) > 1 and said[0] in PRICES and said[1] == "of"


def _in_a_name(sentence: Sentence, hit: Hit) -> bool:
    """Tell a word of plan or aim that is written as part of a name ("the Target Return fund")."""
    if hit.first == 0 or not sentence.tokens[hit.first].capital or sentence.tokens[hit.first].upper:
        return False
    beside = (sentence.tokens[hit.first - 1], *sentence.tokens[hit.last : hit.last + 1])
    return any(t.kind == "word" and t.capital for t in beside)


def _intended(sentence: Sentence) -> bool:
    """Tell the Kazakh form of what is meant to be done, at the end of the sentence ("бөлінбек", "салмақшы")."""
    if sentence.lexicon.language != "kk":
        return False
    words = [t.text for t in sentence.tokens if t.kind == "word"]
    return bool(words) and INTENT.search(words[-1]) is not None


def _of_another_verb(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
    """Tell a second predicate behind the figure: "narrowed to 13.6 bn in March and is expected to improve"."""
    joints = [i for i in range(quantity.last, hit.first) if sentence.role_at(i) == "and"]
    moved = any(h.row["effect"] != "mult" and h.first < quantity.first for h in sentence.hits["changes"].values())
    return bool(joints) and hit.first - joints[-1] <= PREDICATE and moved


def _done_before(sentence: Sentence, first: int, last: int) -> bool:
    """Tell a predicate of the past that ends before a word of plan: "5 ton sattık ve 7 ton planlıyoruz"."""
    return any(
        DONE.search(sentence.tokens[i].text)
        and sentence.tokens[i].text not in NOT_DONE
        and _ends_part(sentence, i + 1)
        for i in range(first, last - 1)
    )


def _ends_part(sentence: Sentence, i: int) -> bool:
    return sentence.tokens[i].text in ",;" or sentence.role_at(i) == "and"


def _to_come(sentence: Sentence, quantity: Quantity) -> str | None:
    """Return how a Turkish verb of the future means the figure before it: of a rise or fall, as a forecast."""
    if sentence.lexicon.language != "tr":
        return None
    for i in range(quantity.last, len(sentence.tokens)):
        text = sentence.tokens[i].text
        if text in ";" or (DONE.search(text) and i + 1 < len(sentence.tokens) and _ends_part(sentence, i + 1)):
            return None
        if ABLE.search(text) and not text.startswith(LASTING):
            return "forecast"
        if FUTURE.search(text) and not text.startswith(NO_FUTURE):
            moved = sentence.hits["changes"].get(i)
            return "forecast" if moved is not None and not text.endswith(WE_SHALL) else "plan"
    return None


def comes(sentence: Sentence) -> bool:
    """Tell a Turkish sentence with a verb of the future."""
    turkish = sentence.lexicon.language == "tr"
    return turkish and any(FUTURE.search(t.text) and not t.text.startswith(NO_FUTURE) for t in sentence.tokens)


def short_of(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell money that is a deficit, whatever of: "a current account deficit of 3 bn", "дефицит в 2 млрд"."""
    if quantity.unit_kind != "money":
        return False
    tokens = sentence.tokens
    if quantity.last < len(tokens) and tokens[quantity.last].text.startswith(DEFICIT):
        return True
    for n in range(quantity.first - 1, max(-1, quantity.first - 1 - NEAR), -1):
        if tokens[n].text in ",;:()" or tokens[n].kind == "num" or tokens[n].text.startswith(SURPLUS):
            return False
        if tokens[n].text.startswith(DEFICIT):
            return True
    return False


def lacking(quantity: Quantity) -> Quantity:
    """Return the figure of a deficit as a negative balance."""
    value, lo, hi = (None if end is None else -abs(end) for end in (quantity.value, quantity.hi, quantity.lo))
    return replace(quantity, value=value, lo=lo, hi=hi)


def apply_sign(quantity: Quantity, kind: str, sign: int) -> Quantity:
    """Give a fall a negative value and set the bounds that the comparator states."""
    value, lo, hi = quantity.value, quantity.lo, quantity.hi
    if quantity.comparator == "range":
        falls = sign < 0 and kind in ("change_pct", "change_abs") and lo is not None and hi is not None
        return replace(quantity, lo=-hi, hi=-lo) if falls and hi is not None and lo is not None else quantity
    if value is None:
        return quantity
    if kind in ("change_pct", "change_abs", "mult"):
        value = abs(value) * sign
    size = abs(value)
    lo, hi = {
        "gt": (size, None),
        "ge": (size, None),
        "lt": (None, size),
        "le": (None, size),
        "upto": (None, size),
        "almost": (None, size),
    }.get(quantity.comparator, (value, value))
    if value < 0:
        lo, hi = (
            (-hi if hi is not None else None, -lo if lo is not None else None)
            if (lo, hi) != (value, value)
            else (value, value)
        )
    return replace(quantity, value=value, lo=lo, hi=hi)
