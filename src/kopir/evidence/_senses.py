"""The sense of a figure: level, change, share, multiple or count; its sign; actual, planned, denied."""

from __future__ import annotations

from dataclasses import replace

from kopir.evidence._lexicon import Hit, iterate
from kopir.evidence._quantities import Quantity
from kopir.evidence._sentence import Sentence

WINDOW = 7.0
WIDE = 14.0
REACHED = frozenset({"до", "to", "at"})
LEFT = frozenset({"с", "from"})
BY = frozenset({"на", "by"})
LEVELS = frozenset({"money", "mass", "container", "length", "volume", "work", "oilvol", "area", "power", "energy"})


def kind_of(sentence: Sentence, quantity: Quantity) -> tuple[str, int]:
    """Return the kind of a figure and its sign (-1 for a fall, else 1)."""
    change = _change(sentence, quantity)
    sign = -1 if quantity.signed < 0 or (change is not None and change.row["effect"] == "fall") else 1
    unit = quantity.unit_kind
    if quantity.mult or unit == "times":
        return "mult", -1 if (quantity.value or 0) < 0 or _falls_by_factor(sentence, quantity) else 1
    if unit == "percent":
        if quantity.signed:
            return "change_pct", quantity.signed
        return ("change_pct", sign) if change is not None and not _reaches(sentence, quantity) else ("share", 1)
    if unit == "time":
        return "duration", 1
    if unit in LEVELS:
        if quantity.signed and quantity.unit is not None:
            return "change_abs", quantity.signed
        if change is not None and _before(sentence, quantity) in BY:
            return "change_abs", sign
        return "level", 1
    return "count", 1


def _change(sentence: Sentence, quantity: Quantity) -> Hit | None:
    """Return the nearest rise or fall that governs the figure."""
    best: tuple[float, Hit] | None = None
    late = sentence.lexicon.settings["verb_side"] == "after"
    for hit in iterate(sentence.hits["changes"]):
        if hit.row["effect"] not in ("rise", "fall") or _compares(quantity, hit):
            continue
        before = hit.first < quantity.first
        passed = _between(sentence, quantity, hit)
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
    return best[1] if best else None


def _compares(quantity: Quantity, hit: Hit) -> bool:
    """Tell whether a word of change is the comparator of the figure ("остался ниже 6 %")."""
    return quantity.compared is not None and quantity.compared[0] <= hit.first < quantity.compared[1]


def _between(sentence: Sentence, quantity: Quantity, hit: Hit) -> bool:
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
        if after is not None and after.row["comparator"] == "upto":
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
    hit = next((h for h in sentence.hits["changes"].values() if h.last == quantity.first), None)
    return hit is not None and hit.row["effect"] == "reach"


def _falls_by_factor(sentence: Sentence, quantity: Quantity) -> bool:
    change = _change(sentence, quantity)
    return change is not None and change.row["effect"] == "fall"


def settle_upto(sentence: Sentence, quantity: Quantity, modality: str) -> Quantity:
    """Read "to" after a completed change as the level reached, and as an upper bound with a plan."""
    if quantity.comparator != "upto" or modality in ("plan", "forecast"):
        return quantity
    for hit in sentence.hits["changes"].values():
        near = min(sentence.distance(hit.last, quantity.first), sentence.distance(quantity.last, hit.first))
        if near <= WIDE:
            return replace(quantity, comparator="eq", reach=True)
    for hit in sentence.hits["modality"].values():
        if hit.row["modality"] == "target":
            return replace(quantity, comparator="eq", reach=True)
    if any(
        q.comparator == "eq" and q.last <= quantity.first for q in sentence.quantities if q.unit == quantity.unit
    ):
        return replace(quantity, comparator="eq", reach=True)
    return quantity


def modality_of(sentence: Sentence, quantity: Quantity, *, future: bool, past: bool) -> str:
    """Return how a figure is meant; a dated past outweighs words of plan and forecast."""
    best: tuple[float, str] | None = None
    late = sentence.lexicon.settings["verb_side"] == "after"
    for hit in iterate(sentence.hits["modality"]):
        modality = hit.row["modality"]
        if modality in ("denied", "alleged"):
            if modality == "denied" or hit.first < quantity.first or late:
                return modality
            continue
        if past:
            continue
        if hit.first < quantity.first:
            cost = sentence.distance(hit.last, quantity.first) + (5 if late else 0)
        else:
            if not late and not sentence.owns(quantity, hit.first):
                continue
            near = max(3, hit.first - quantity.last)
            if any(hit.last <= q.first < hit.last + near for q in sentence.figures):
                continue
            cost = sentence.distance(quantity.last, hit.first) + (0 if late else 5)
        if _between(sentence, quantity, hit):
            cost += 6
        if cost <= WIDE + (8 if future else 0) and (best is None or cost < best[0]):
            best = (cost, modality)
    if best is not None:
        return best[1]
    return "forecast" if future else "actual"


def apply_sign(quantity: Quantity, kind: str, sign: int) -> Quantity:
    """Give a fall a negative value and set the bounds that the comparator states."""
    value, lo, hi = quantity.value, quantity.lo, quantity.hi
    if quantity.comparator == "range":
        return quantity
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
