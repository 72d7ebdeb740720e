"""Units, scales and rates that a figure leaves out because its neighbour says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kopir.evidence.figures._calendar import looks_like_year
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.figures._rates import RateReader
from kopir.evidence.words._lexicon import Hit, Token

FLOWING = frozenset({"mass", "volume", "oilvol", "container", "energy", "train", "vessel", "vehicle", "wagon"})
JOINTS = frozenset({",", "-", "и", "до", "and", "to", "ve", "ile", "мен", "пен", "және", "or", "или"})
ONWARD, APART = 4, 8
AMOUNTS = frozenset({"mass", "volume", "oilvol", "container", "money", "area", "energy"})
LARGE = 1000.0
"""Bare figures from which on one is an amount of what was measured before, not a count of something else."""
AGAINST = frozenset({"from", "against", "versus", "vs", "с", "против", "to"})


def times(value: float | None, factor: float) -> float | None:
    """Multiply a bound; an open one stays open."""
    return None if value is None else value * factor


class EllipsisReader:
    """Fills what the figures of one sentence leave out."""

    def __init__(self, tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], rates: RateReader) -> None:
        self.tokens, self.hits, self.rates = tokens, hits, rates

    def filled(self, found: list[Quantity]) -> list[Quantity]:
        """Return the figures with units, scales and rates carried to them."""
        return _priced(self._spread(self._onward(self._carried(found))))

    def _carried(self, found: list[Quantity]) -> list[Quantity]:
        """Carry unit and scale backwards in lists: "34, 35,2 and 38 Mt", "from 0.8 mn to 4.5 mn tonnes"."""
        out = list(found)
        for n in range(len(out) - 2, -1, -1):
            here, nxt = out[n], out[n + 1]
            if here.unit is not None or nxt.unit is None or nxt.mult or nxt.unit_kind == "time":
                continue
            if (
                (here.value is None and here.lo is None)
                or not self._listed(here, nxt)
                or (here.scaled and nxt.unit_kind == "percent")
            ):
                continue
            factor = 1.0 if here.scaled or _whole(here, nxt) else nxt.scale
            value = times(here.value, factor)
            out[n] = replace(
                here,
                value=value,
                lo=times(here.lo, factor) if value is None else value,
                hi=times(here.hi, factor) if value is None else value,
                unit=nxt.unit,
                unit_kind=nxt.unit_kind,
                rate=nxt.rate,
                elided=True,
                scale=nxt.scale,
                scaled=True,
            )
        return out

    def _onward(self, found: list[Quantity]) -> list[Quantity]:
        """Carry unit and scale forwards to a figure compared with: "75-77 trains a day against 50-60"."""
        out = list(found)
        for n in range(1, len(out)):
            held, here = out[n - 1], out[n]
            between = range(held.last, here.first)
            compared = any(self._compares(i) for i in between) and len(between) <= ONWARD
            compared = compared or self._goes_on(held, here)
            if here.unit is not None or held.unit is None or held.unit_kind == "time" or not compared:
                continue
            factor = 1.0 if here.scaled else held.scale
            out[n] = replace(
                here,
                value=times(here.value, factor),
                lo=times(here.lo, factor),
                hi=times(here.hi, factor),
                unit=held.unit,
                unit_kind=held.unit_kind,
                rate=held.rate,
                elided=True,
            )
        return out

    def _goes_on(self, held: Quantity, here: Quantity) -> bool:
        """Tell a large bare figure set against an amount or a part of it: "risen to 17,000 t from 10,000"."""
        if held.unit_kind not in AMOUNTS or (here.value or 0.0) < LARGE or here.words:
            return False
        between = self.tokens[held.last : here.first]
        if len(between) > APART or any(t.text in ";." for t in between) or not between:
            return False
        said = range(held.last, here.first)
        if between[-1].text in AGAINST or self._named(here.first):
            return True
        return any(self._compares(n) or self._part(n) for n in said)

    def _named(self, i: int) -> bool:
        """Tell a figure put right behind a name: "Saudi Arabia 90,944 tonnes barley, China 87,259 wheat"."""
        token = self.tokens[i]
        if token.kind == "num" and looks_like_year(token.text):
            return False
        return any(hit.last == i for hit in self.hits["actors"].values())

    def _compares(self, i: int) -> bool:
        hit = self.hits["periods"].get(i)
        return hit is not None and hit.row["kind"] == "compare"

    def _spread(self, found: list[Quantity]) -> list[Quantity]:
        """Give "daily", "ежедневно", said of the verb, to the amounts of the clause after it."""
        out = list(found)
        for hit in self.rates.hits:
            if hit.row["kind"] != "free" or any(q.rate and hit.first in range(q.last, hit.last) for q in found):
                continue
            for n, q in enumerate(out):
                stops = any(t.text in ";." for t in self.tokens[hit.last : q.first])
                if q.first >= hit.last and q.rate is None and q.unit_kind in FLOWING and not stops:
                    out[n] = replace(q, rate=hit.row["rate"])
        return out

    def _part(self, n: int) -> bool:
        hit = self.hits["particles"].get(n)
        return hit is not None and hit.row["role"] == "part"

    def _listed(self, here: Quantity, nxt: Quantity) -> bool:
        """Tell whether two figures stand in one list or in one "from ... to ..."."""
        token = self.tokens[here.first]
        yearly = here.words and here.value is not None and looks_like_year(f"{here.value:g}")
        if yearly or (token.kind == "num" and not here.scaled and looks_like_year(token.text)):
            return False
        between = self.tokens[here.last : nxt.first]
        if here.scaled:
            if any(self._part(n) for n in range(here.last, nxt.first)):
                return False
            return len(between) <= 8 and not any(t.text in ";." for t in between)
        names = {n for n in range(here.last, nxt.first) if n in self.hits["actors"]}
        words = [t for n, t in enumerate(between, here.last) if t.text not in JOINTS and n not in names]
        return not words and len(between) <= 3


def _whole(here: Quantity, nxt: Quantity) -> bool:
    """Tell a figure written out before one with a scale: "500,000 to two mln barrels"."""
    if here.value is None or nxt.value is None or nxt.scale <= LARGE:
        return False
    return here.value >= LARGE and here.value < nxt.value < here.value * nxt.scale / LARGE


def _priced(found: list[Quantity]) -> list[Quantity]:
    """Give the measure of a price to the small sums beside it: rose 60 cents to 66.80 dollars a barrel."""
    told = {q.unit for q in found if q.unit is not None and q.unit_kind == "money" and "/" in q.unit}
    if len(told) != 1:
        return found
    unit = told.pop()
    money = unit.partition("/")[0]
    return [replace(q, unit=unit, elided=True) if q.unit == money and not q.scaled else q for q in found]


def priced_by_one(tokens: Sequence[Token], found: Sequence[Quantity]) -> list[Quantity]:
    """Read what one measure of a good costs as a price: "bir kilo domates 20 lira", "1 литр бензин 160 теңге"."""
    out: list[Quantity] = []
    for n, q in enumerate(found):
        held = out[-1] if out else None
        if held is not None and _costs(tokens, held, q) and held.value:
            measure, parts = (
                ("l", 1.0) if (held.unit, held.value) == ("m3", 0.001) else (held.unit, 1.0 / held.value)
            )
            low, high, value = (times(end, parts) for end in (q.lo, q.hi, q.value))
            out[-1] = replace(q, value=value, lo=low, hi=high, unit=f"{q.unit}/{measure}")
            continue
        out.append(found[n])
    return out


def _costs(tokens: Sequence[Token], one: Quantity, money: Quantity) -> bool:
    """Tell one measure of a good and the money behind it, with nothing but words between."""
    if money.unit_kind != "money" or "/" in (money.unit or "") or money.scaled or one.unit_kind not in MEASURED:
        return False
    between = tokens[one.last : money.first]
    single = tokens[one.first].text in ONE and one.last - one.first == 2 and one.unit in ("t", "m3", "bbl")
    return single and 0 < len(between) <= BESIDE and all(t.kind == "word" for t in between)


ONE = frozenset({"1", "bir", "бір"})
MEASURED = frozenset({"mass", "volume", "oilvol"})
BESIDE = 6
"""Most words between one measure of a good and what it costs."""
