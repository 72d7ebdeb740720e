"""Quantities: number, range, sign, unit, rate and comparator of each figure in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kopir.evidence.figures._calendar import looks_like_year
from kopir.evidence.figures._counting import counted, numbered
from kopir.evidence.figures._ellipsis import EllipsisReader, priced_by_one, times
from kopir.evidence.figures._money import CURRENCY_SIGNS, code_prefix, dollar_prefix
from kopir.evidence.figures._numbers import Number, NumberReader
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.figures._rates import IN_TONNES, SLASHED, RateReader
from kopir.evidence.words._lexicon import Hit, Lexicon, Token

REACH = 3
DESCRIBING = frozenset({"container", "cargo", "oil", "gas", "goods", "railway"})
"""Cues that say of what a measure is: before a counted thing they describe it."""


class QuantityReader:
    """Reads the quantities of one sentence."""

    def __init__(
        self,
        tokens: Sequence[Token],
        hits: Mapping[str, Mapping[int, Hit]],
        lexicon: Lexicon,
        blocked: frozenset[int],
    ) -> None:
        self.tokens, self.hits, self.lexicon, self.blocked = tokens, hits, lexicon, blocked
        self.numbers = NumberReader(tokens, hits["numerals"], lexicon)
        self.percent_before = lexicon.settings["percent_before"]
        self.rates = RateReader(tokens, hits, blocked, late=lexicon.settings["verb_side"] == "after")
        self.ends = {hit.last: hit for hit in sorted(hits["comparators"].values(), key=lambda h: -h.first)}

    def read(self) -> list[Quantity]:
        """Return the quantities from left to right; bare numbers are kept with ``unit`` None."""
        out: list[Quantity] = []
        i = 0
        while i < len(self.tokens):
            found = None if i in self.blocked else self._multiple(i) or self._quantity(i)
            if found is None:
                i += 1
                continue
            out.append(found)
            i = max(found.last, i + 1)
        out = numbered(self.tokens, self.hits, out, late=self.lexicon.settings["verb_side"] == "after")
        out = EllipsisReader(self.tokens, self.hits, self.rates).filled(out)
        return priced_by_one(self.tokens, out) if self.rates.late else out

    # ── multiples ────────────────────────────────────────────────────────────────────────────────

    def _multiple(self, i: int) -> Quantity | None:
        hit = self.hits["changes"].get(i)
        if hit is None or not hit.row["effect"].startswith("mult"):
            return None
        value = float(hit.row["effect"].split(":")[1])
        found = Quantity(i, hit.last, value, value, value, "x", "times", True, mult=True)
        return self._compared(found)

    # ── one quantity ─────────────────────────────────────────────────────────────────────────────

    def _quantity(self, i: int) -> Quantity | None:
        first, currency, percent = self._prefix(i)
        number = self.numbers.at(first)
        if number is None or number.last <= first or first in self.blocked:
            return None
        if not percent and self._is_glued(number):
            return None
        if number.share and self._names_quarter(number.last):
            return None
        if (
            number.words
            and not percent
            and not number.scaled
            and not number.share
            and not self._plain_word(number)
        ):
            return None
        found = Quantity(
            i,
            number.last,
            number.value,
            number.value,
            number.value,
            scaled=number.scaled or number.share,
            suffix=number.suffix,
            words=number.words,
            scale=number.scale,
        )
        found = self._range(found, number, currency is not None or percent)
        if currency:
            found = replace(found, unit=currency, unit_kind="money")
        elif percent or number.share:
            found = replace(found, unit="pct", unit_kind="percent")
        found = self._unit(found)
        if self._is_name(found) or self._is_article(found):
            return None
        found = self._sign(found)
        found = self._index(self._rate(found))
        return self._compared(found)

    def _names_quarter(self, j: int) -> bool:
        """Tell "a third quarter", which is no third."""
        hit = self.hits["periods"].get(j)
        return hit is not None and hit.row["kind"] in ("quarter_word", "half_word", "year_word")

    def _is_glued(self, number: Number) -> bool:
        """Tell a figure to which letters stick that are neither scale nor unit ("1990s", "450ZZ")."""
        j = number.last
        if j >= len(self.tokens) or self.tokens[j].kind != "word" or self.tokens[j - 1].kind != "num":
            return False
        return self.tokens[j].start == self.tokens[j - 1].end and j not in self.hits["units"]

    def _is_name(self, found: Quantity) -> bool:
        """Tell a figure that is part of a proper name by its capitals ("Million Dollar Baby", "0% Regrets")."""
        if self.lexicon.language not in CAPITAL_TITLES:
            return False
        words = [t for t in self.tokens[found.first : found.last] if t.kind == "word"]
        if found.words and found.first > 0 and words and all(t.capital for t in words):
            return True
        nxt = self.tokens[found.last] if found.last < len(self.tokens) else None
        after = found.unit_kind == "percent" and nxt is not None and nxt.capital
        return after and not any(found.last in self.hits[table] for table in ("actors", "periods", "cues"))

    def _is_article(self, found: Quantity) -> bool:
        """Tell the Turkish and Kazakh word for one before a thing, which counts nothing: "bir anlaşma"."""
        late = self.lexicon.settings["verb_side"] == "after"
        things = found.unit is not None and found.unit == found.unit_kind
        return late and found.words and found.value == 1 and not found.scaled and things

    def _plain_word(self, number: Number) -> bool:
        """Keep a number word without scale only where a unit follows at once."""
        return (
            number.last in self.hits["units"]
            or number.last in self.hits["comparators"]
            or self._spaced_unit(number.last)
            or (self._joins(number) and self.numbers.at(number.last + 1) is not None)
        )

    def _joins(self, number: Number) -> bool:
        """Tell the joint of two ends in words: "one to four", "between two and seven"."""
        joint = self._at(number.last)
        return joint in ("-", "to") or (joint == "and" and self._at(number.first - 1) == "between")

    def _at(self, i: int) -> str:
        return self.tokens[i].text if i < len(self.tokens) else ""

    def _spaced_unit(self, j: int) -> bool:
        return any(self._counted(j, k) for k in range(1, REACH + 1))

    def _prefix(self, i: int) -> tuple[int, str | None, bool]:
        """Read what stands before a number: a sign or code of money, or a percent mark."""
        token = self.tokens[i]
        if token.text in CURRENCY_SIGNS:
            return i + 1, CURRENCY_SIGNS[token.text], False
        if (marked := dollar_prefix(self.tokens, i)) is not None:
            return i + 2, marked, False
        if (code := code_prefix(self.tokens, self.hits, i)) is not None:
            return i + 1, code, False
        if token.text == "%" and self.percent_before and not self._number_before(i):
            return i + 1, None, True
        if self.percent_before and token.text == self.percent_before and token.kind == "word":
            return (i + 1, None, True) if self.numbers.at(i + 1) is not None else (i, None, False)
        return i, None, False

    def _number_before(self, i: int) -> bool:
        return i > 0 and self.tokens[i - 1].kind == "num" and self.tokens[i - 1].end == self.tokens[i].start

    def _range(self, found: Quantity, number: Number, prefixed: bool) -> Quantity:
        """Read "3-5", "from 3 to 5", "between 3 and 5" as bounds."""
        j = number.last
        if j >= len(self.tokens) - 1:
            return found
        text = self.tokens[j].text
        joined = text == "-" and self.tokens[j].end - self.tokens[j - 1].end <= 2
        worded = self._spans(found, text)
        if not joined and not worded:
            return found
        k = j + 1
        if k < len(self.tokens) and (self.tokens[k].text in CURRENCY_SIGNS or self._marked_again(k)):
            k += 1
        other = self.numbers.at(k)
        if other is None or other.share or (worded and (number.scaled and not other.scaled)):
            return found
        low = number.value * (other.scale if other.scaled and not number.scaled else 1.0)
        if low >= other.value:
            return found
        return replace(
            found,
            last=other.last,
            value=None,
            lo=low,
            hi=other.value,
            scaled=other.scaled,
            comparator="range",
            suffix=other.suffix,
        )

    def _spans(self, found: Quantity, joint: str) -> bool:
        """Tell the bounds of a range from the ends of a course: "from 3 to 5" after a rise are two levels."""
        if joint in RANGE_JOINTS or (joint in BETWEEN_JOINTS and self._between(found.last + 1)):
            return True
        before = self.tokens[found.first - 1].text if found.first else ""
        if (before, joint) not in RANGE_WORDS:
            return joint == "to" and before not in LEAVING and self.lexicon.language == "en"
        turned = any(
            h.row["effect"] in ("rise", "fall") and h.first < found.first and found.first - h.last <= TURN
            for h in self.hits["changes"].values()
        )
        return before == "between" or not turned

    def _marked_again(self, k: int) -> bool:
        """Tell a second mark of per cent, before the other end of a range ("%70-%85", "yüzde 5 ila yüzde 7")."""
        return bool(self.percent_before) and self.tokens[k].text in ("%", self.percent_before)

    def _between(self, k: int) -> bool:
        """Tell two ends that a word behind them makes a range: "3 ile 5 milyon arasında", "3 пен 5 аралығында"."""
        return any(t.text.startswith(AMONG) for t in self.tokens[k + 1 : k + 1 + REACH + 1])

    # ── units ────────────────────────────────────────────────────────────────────────────────────

    def _unit(self, found: Quantity) -> Quantity:
        j = found.last
        if j < len(self.tokens) and self.tokens[j].text == "+":
            found = replace(found, comparator="gt", last=j + 1)
            j += 1
            number = self.numbers.numerals.get(j)
            if number is not None and number.row["kind"] == "scale":
                factor = float(number.row["value"])
                value = (found.value or 0.0) * factor
                found = replace(found, value=value, lo=value, hi=value, last=number.last, scaled=True)
                j = number.last
        j, found = self._inner_comparator(j, found)
        if found.unit is not None and found.unit_kind == "percent":
            return found
        if j < len(self.tokens) and self.tokens[j].text == "%":
            token = self.tokens[j]
            return replace(found, last=j + 1, unit="pct", unit_kind="percent", suffix=token.suffix)
        if (
            found.unit is None
            and j < len(self.tokens)
            and self.tokens[j].text in CURRENCY_SIGNS
            and self._closes(j)
        ):
            code = CURRENCY_SIGNS[self.tokens[j].text]
            return replace(found, last=j + 1, unit=code, unit_kind="money", suffix=self.tokens[j].suffix)
        hit = self._unit_at(j)
        if found.unit is not None:
            if hit is not None and hit.row["unit"] == found.unit and j == found.last:
                return replace(found, last=hit.last, suffix=hit.tail)
            return found
        if hit is not None and self._of_a_year(found, hit):
            return found
        if hit is not None and self._fits(hit, found):
            return self._with_unit(found, hit)
        return self._spaced(found, j)

    def _closes(self, j: int) -> bool:
        """Tell whether the sign of money at ``j`` belongs to the figure before it, not to one after it."""
        if j + 1 >= len(self.tokens) or self.tokens[j + 1].kind != "num":
            return True
        return self.tokens[j].start == self.tokens[j - 1].end and self.tokens[j].end < self.tokens[j + 1].start

    def _unit_at(self, j: int) -> Hit | None:
        """Return the unit at ``j``, past a hyphen that ties it to the figure ("a 5-percent rise").

        A container that describes a counted thing gives way to the thing ("300 container trains").
        """
        tied = self.numbers.after_hyphen(j)
        hit = self.hits["units"].get(tied)
        if hit is None or (tied != j and hit.row["kind"] in ("time", "count")):
            return None
        behind = self.hits["units"].get(hit.last)
        counted = hit.row["kind"] == "container" and behind is not None and behind.row["kind"] == "count"
        return behind if counted else hit

    def _with_unit(self, found: Quantity, hit: Hit) -> Quantity:
        factor = float(hit.row["factor"]) * self._thousands(found, hit)
        last = hit.last
        if (
            last < len(self.tokens)
            and self.tokens[last].text == "."
            and len(self.tokens[last - 1].text) <= 5
            and (self.lexicon.abbreviations and self.tokens[last - 1].text in self.lexicon.abbreviations)
        ):
            last += 1
        mult = hit.row["kind"] == "times"
        return replace(
            found,
            last=last,
            value=times(found.value, factor),
            lo=times(found.lo, factor),
            hi=times(found.hi, factor),
            unit=hit.row["unit"].partition("/")[0],
            rate=hit.row["unit"].partition("/")[2] or None,
            unit_kind=_kind(hit.row),
            suffix=hit.tail or self.tokens[hit.last - 1].suffix,
            mult=mult,
        )

    def _thousands(self, found: Quantity, hit: Hit) -> float:
        """Tell a comma of thousands before what is counted, which has no parts: "39,900 kişi", "1,701 varil"."""
        counted = hit.row["kind"] in ("count", "oilvol") and self.rates.late and not found.scaled
        text = self.tokens[found.first].text
        parts = text.count(",") == 1 and text[-4:-3] == "," and text[0] != "0" and text[-3:] != "000"
        return 1e3 if counted and parts else 1.0

    def _fits(self, hit: Hit, found: Quantity) -> bool:
        """Refuse one-letter units that stand apart, and names written with a capital."""
        word = self.tokens[hit.first]
        if len(word.text) == 1 and not (found.scaled or self.tokens[hit.first - 1].kind == "num"):
            return False
        return not (hit.row["kind"] == "times" and found.unit is not None)

    def _inner_comparator(self, j: int, found: Quantity) -> tuple[int, Quantity]:
        """Step over a comparator between number and unit ("15 с лишним процентов", "4 binden fazla şirket")."""
        hit = self.hits["comparators"].get(j)
        if hit is None or hit.row["side"] != "after" or not self._case_fits(hit, found.suffix):
            return j, found
        if hit.last not in self.hits["units"] and not self._spaced_unit(hit.last):
            return j, found
        return hit.last, replace(found, comparator=hit.row["comparator"], compared=(hit.first, hit.last))

    def _of_a_year(self, found: Quantity, hit: Hit) -> bool:
        """Tell what is of a year and not so many: "a 1986 agreement"."""
        if self.lexicon.language != "en" or hit.row["kind"] != "count" or hit.last - hit.first != 1:
            return False
        if found.scaled or self.tokens[found.first].kind != "num":
            return False
        return looks_like_year(self.tokens[found.first].text) and not self.tokens[hit.first].text.endswith("s")

    def _spaced(self, found: Quantity, j: int) -> Quantity:
        """Find a counted noun behind up to three describing words; "1.7-fold" is a multiple."""
        if found.suffix.lstrip("-") == FOLD:
            return replace(found, unit="x", unit_kind="times", mult=True)
        for k in range(1, REACH + 1):
            hit = self._counted(j, k)
            if hit is not None:
                return self._with_unit(found, hit)
            if j + k - 1 >= len(self.tokens) or not self._describes(j + k - 1):
                break
        return counted(self.tokens, self.hits, found, j) if self.lexicon.language == "en" else found

    def _counted(self, j: int, k: int) -> Hit | None:
        hit = self._unit_at(j + k)
        if hit is None or hit.row["kind"] not in ("count", "container", "mass", "money"):
            return None
        if hit.row["kind"] in ("mass", "money") and k > 1:
            return None
        if hit.row["kind"] == "money":
            return None
        return hit if all(self._describes(n) for n in range(j, j + k)) else None

    def _describes(self, n: int) -> bool:
        """Tell whether token ``n`` can stand between a number and the noun it counts."""
        if n >= len(self.tokens):
            return False
        token = self.tokens[n]
        if token.text == "-":
            return True
        if token.kind != "word":
            return False
        if n in self.hits["cues"] and n not in self.hits["actors"] and not self._of_kind(n):
            return False
        return not any(
            n in self.hits[table]
            for table in ("particles", "comparators", "changes", "periods", "numerals", "speech", "references")
        )

    def _of_kind(self, n: int) -> bool:
        """Tell a word that says which trains or ships are counted («48 контейнерных поездов»)."""
        behind = self.hits["units"].get(n + 1)
        described = self.hits["cues"][n].row["cue"] in DESCRIBING and self.tokens[n].kind == "word"
        return described and behind is not None and behind.row["kind"] == "count"

    # ── sign, rate, comparator ───────────────────────────────────────────────────────────────────

    def _sign(self, found: Quantity) -> Quantity:
        i = found.first - 1
        if i < 0:
            return found
        text = self.tokens[i].text
        apart = i == 0 or self.tokens[i - 1].end < self.tokens[i].start or self.tokens[i - 1].text == "("
        touching = self.tokens[i].end == self.tokens[found.first].start
        if text == "+" and touching and apart:
            return replace(found, first=i, signed=1)
        if text == "-" and touching and apart and found.unit is not None and not self._labels_year(i):
            return replace(found, first=i, signed=-1)
        if text in ("плюс", "plus", "artı", "плюс"):
            return replace(found, signed=1)
        if text in ("минус", "minus", "eksi"):
            return replace(found, signed=-1)
        return found

    def _labels_year(self, i: int) -> bool:
        """Tell the dash of a list behind its label ("2022 год -225 тыс. рублей") from a minus."""
        hit = self.hits["periods"].get(i - 1)
        return hit is not None and hit.row["kind"] == "year_word"

    def _index(self, found: Quantity) -> Quantity:
        """Read an index as the change that it is: "104,1 % к предыдущему году" is a rise of 4.1 %."""
        value, before = found.value, self._at(found.first - 1) if found.first else ""
        if found.unit != "pct" or value is None or not INDEX[0] <= value <= INDEX[1] or before == "на":
            return found
        if self._at(found.last) not in ("к", "от") or not any(
            self._compares(n) or self._is_year(n) for n in range(found.last + 1, found.last + 3)
        ):
            return found
        change = round(value - 100, 9)
        return replace(found, value=change, lo=change, hi=change, signed=1 if change >= 0 else -1)

    def _compares(self, n: int) -> bool:
        hit = self.hits["periods"].get(n)
        return hit is not None and (
            hit.row["kind"] in ("compare", "month", "last") or hit.row["kind"] == "previous_year"
        )

    def _is_year(self, n: int) -> bool:
        return n < len(self.tokens) and self.tokens[n].kind == "num" and looks_like_year(self.tokens[n].text)

    def _rate(self, found: Quantity) -> Quantity:
        """Read a rate, or the measure that a price is for: it is part of the price's unit (``USD/bbl``)."""
        if found.unit is None or found.rate is not None or found.unit_kind in ("percent", "times", "time"):
            return found
        if (measure := self._slashed(found)) is not None:
            return replace(found, unit=f"{found.unit}/{measure}", last=found.last + 2)
        hit = self.rates.of(found.first, found.last, self.numbers.after_hyphen(found.last))
        if hit is None:
            return found
        if hit.row["kind"] != "per":
            return replace(found, rate=hit.row["rate"])
        if found.unit_kind != "money":
            return found
        last = max(found.last, hit.last) if hit.first >= found.last else found.last
        measure, parts = IN_TONNES.get(hit.row["rate"], (hit.row["rate"], 1.0))
        low, high, value = (times(end, parts) for end in (found.lo, found.hi, found.value))
        return replace(found, value=value, lo=low, hi=high, unit=f"{found.unit}/{measure}", last=last)

    def _slashed(self, found: Quantity) -> str | None:
        """Read the measure of a price behind a slash: "14.10 dlrs/bbl"."""
        if found.unit_kind != "money" or self._at(found.last) != "/":
            return None
        return SLASHED.get(self._at(found.last + 1))

    def _compared(self, found: Quantity) -> Quantity:
        if found.comparator in ("range",) or found.compared is not None:
            return found
        about = self.lexicon.settings["approx_ending"].split()
        if about and found.unit is not None and found.suffix.endswith(tuple(about)):
            return replace(found, comparator="approx")
        hit = self.hits["comparators"].get(found.last)
        if hit is not None and hit.row["side"] == "after" and self._case_fits(hit, found.suffix):
            return self._taken(found, hit)
        i = found.first
        skipped = 0
        while i > 0 and skipped <= 2:
            hit = self.ends.get(i)
            if hit is not None and hit.row["side"] == "before" and not self._a_change(hit, found, skipped):
                return self._taken(found, hit)
            text = self.tokens[i - 1].text
            if text not in SKIPPED:
                break
            i -= 1
            skipped += 1
        return found

    def _a_change(self, hit: Hit, found: Quantity, skipped: int) -> bool:
        """Tell a plain "more" that names a rise ("больше в 2,7 раза") from one that compares."""
        alone = hit.last - hit.first == 1 and hit.first in self.hits["changes"]
        return alone and (found.unit_kind == "times" or (skipped > 0 and found.unit_kind == "percent"))

    def _taken(self, found: Quantity, hit: Hit) -> Quantity:
        comparator = hit.row["comparator"]
        if found.comparator == "gt":
            comparator = "gt"
        return replace(found, comparator=comparator, compared=(hit.first, hit.last))

    def _case_fits(self, hit: Hit, suffix: str) -> bool:
        need = hit.row["case"]
        return not need or self.lexicon.case_of(suffix) == need


def _kind(row: Mapping[str, str]) -> str:
    return row["unit"] if row["kind"] == "count" else row["kind"]


CAPITAL_TITLES = frozenset({"en", "tr"})
RANGE_WORDS = frozenset({("от", "до"), ("between", "and"), ("from", "to")})
INDEX = (50.0, 400.0)
FOLD = "fold"
RANGE_JOINTS = frozenset({"ila"})
BETWEEN_JOINTS = frozenset({"ile", "мен", "пен", "бен"})
AMONG = ("arasi", "аралы", "арасында", "шамасында")
"""Beginnings of words behind two ends of a range."""
LEAVING = frozenset({"from"})
TURN = 8
SKIPPED = frozenset({"на", "в", "за", "to", "by", "the", "a", "до", "of", "at", "us", "%", "'", '"'})
