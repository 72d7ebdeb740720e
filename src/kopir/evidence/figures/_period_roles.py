"""What a period does: it dates a figure, opens or ends a span, or is what a change is compared with."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from kopir.evidence.figures._period_parts import PeriodParts
from kopir.evidence.words._lexicon import Hit, Lexicon, Token

AGREEMENTS = frozenset({"pact", "accord", "agreement", "meeting", "deal", "contract", "conference", "talks"})
RECORD_REACH = 5
SPEECH_REACH = 4
RECORD = frozenset(
    {
        "highest",
        "lowest",
        "largest",
        "biggest",
        "smallest",
        "record",
        "first",
        "максимум",
        "минимум",
        "максимальный",
        "минимальный",
        "рекордный",
        "впервые",
        "наивысший",
    }
)
"""Words of a record, which is told by the time since which there was none like it."""
ARTICLES = frozenset({"the", "its", "their", "same", "corresponding", "equivalent"})
OTHERS = frozenset({"month", "last", "last_year", "this_year", "earlier"})
"""Kinds of words with which another period begins."""
SOURCES = ("veri", "istatisti", "rapor", "açiklama", "bilgi", "rakam", "hesap", "дерек", "мәлімет", "есеп")
"""Beginnings of words for what a figure is told by: "2024 verilerine göre" compares nothing."""
YEARLY = frozenset({"year", "y", "yoy"})
"""First words of "year on year", which says by itself what a change is compared with."""
AGAINST = frozenset({"from", "on", "over"})


class RoleReader:
    """Tells the role of the periods of one sentence; ``used`` holds the tokens of those already read."""

    def __init__(
        self,
        tokens: Sequence[Token],
        hits: Mapping[str, Mapping[int, Hit]],
        lexicon: Lexicon,
        used: Container[int],
    ) -> None:
        self.tokens, self.lexicon, self.used = tokens, lexicon, used
        self.words, self.changes = hits["periods"], hits["changes"]
        self.speech = hits["speech"]

    def of(self, bag: PeriodParts, now: int | None) -> str:
        """Tell what a period does: dates a figure, opens or ends a span, or is what a change is compared with."""
        span = len(bag.years) > 1 or len(bag.months) > 1
        late = self.lexicon.settings["verb_side"] == "after"
        after = self._kind_at(bag.last)
        if after == "since_after":
            return "at" if span else "since"
        if after == "by_after":
            return "at" if span else "by"
        inside = any(
            h.row["kind"] == "compare" and h.first <= bag.first and bag.last <= h.last for h in self.words.values()
        )
        if (
            inside
            or self._than(bag)
            or "compare" in bag.words
            or (self._compared_after(bag) if late else self._compared_before(bag))
        ):
            return "compare"
        if (
            self._is_base(bag)
            or word_of_date(self._word_before(bag), self.lexicon.language)
            or self._superlative(bag)
            or self._agreed(bag)
        ):
            return "compare"
        lead = self._lead(bag)
        kind = lead.row["kind"] if lead is not None else ""
        word = self._word_before(bag)
        if word in AGAINST and self._turns(bag):
            return "compare"
        if word == "к" and self._past(bag, now):
            return "compare"
        if kind in ("since", "by"):
            return "at" if span else kind
        return "at"

    def says_yearly(self, n: int) -> bool:
        """Tell "year on year", which says by itself what a change is compared with and is no period."""
        hit = self.words.get(n)
        yearly = hit is not None and hit.row["kind"] == "compare" and not hit.row["value"]
        return yearly and self.tokens[n].text in YEARLY

    def _than(self, bag: PeriodParts) -> bool:
        """Tell a Kazakh period in the ablative, with no word of a start behind it: "былтырғыдан екі есе көп"."""
        kazakh = self.lexicon.language == "kk"
        return kazakh and bag.last > 0 and self.lexicon.case_of(self.tokens[bag.last - 1].text) == "abl"

    def _is_base(self, bag: PeriodParts) -> bool:
        """Tell the year that an index is counted from: "base 1980", "1980 = 100"."""
        equals = bag.last < len(self.tokens) and self.tokens[bag.last].text == "="
        return equals or self._word_before(bag) == "base"

    def of_day(self, bag: PeriodParts) -> str:
        """Tell the day of a figure from the day on which somebody spoke ("told Reuters yesterday")."""
        near = range(max(0, bag.first - SPEECH_REACH), min(len(self.tokens), bag.last + 2))
        if bag.last < len(self.tokens) and self.tokens[bag.last].text == "that":
            return "compare"
        return "compare" if any(n in self.speech for n in near) else "at"

    def _agreed(self, bag: PeriodParts) -> bool:
        """Tell the date of an agreement from that of a figure: "as agreed last December", "the December pact"."""
        if self.lexicon.language != "en":
            return False
        if bag.last < len(self.tokens) and self.tokens[bag.last].text in AGREEMENTS and not bag.years:
            return True
        before = [t.text for t in self.tokens[max(0, bag.first - 4) : bag.first]]
        while "," in before:
            before = before[before.index(",") + 1 :]
        return "agreed" in before

    def _superlative(self, bag: PeriodParts) -> bool:
        """Tell "the highest level since 1979": such a period dates nothing."""
        lead = self._lead(bag)
        if lead is None or lead.row["kind"] != "since":
            return False
        for n in range(lead.first - 1, max(-1, lead.first - 1 - RECORD_REACH), -1):
            if self.tokens[n].text in RECORD:
                return True
            if self.tokens[n].text in ",;()":
                return False
        return False

    def _kind_at(self, j: int) -> str:
        hit = self.words.get(j)
        return hit.row["kind"] if hit is not None else ""

    def _lead(self, bag: PeriodParts) -> Hit | None:
        """Return the word of time that ends right before a period."""
        for n in range(max(0, bag.first - 3), bag.first):
            hit = self.words.get(n)
            if hit is not None and hit.last >= bag.first:
                return hit
        return None

    def _turns(self, bag: PeriodParts) -> bool:
        """Tell a rise or fall before a period that is no date ("up 4% from 2023", "4% on 2023")."""
        return not bag.days and any(
            h.row["effect"] in ("rise", "fall") and h.first < bag.first for h in self.changes.values()
        )

    def _past(self, bag: PeriodParts, now: int | None) -> bool:
        """Tell "к 2023 году", said later, from a deadline."""
        if bag.years:
            return now is not None and bag.years[0] < now
        return bool(bag.words & {"last", "last_year"}) or (bool(bag.months) and self._turns(bag))

    def _compared_before(self, bag: PeriodParts) -> bool:
        """Look a few words back, within the clause, for "than in", "compared with the same period of"."""
        for n in range(bag.first - 1, max(-1, bag.first - 8), -1):
            if n in self.used:
                return False
            if self._kind_at(n) == "compare" and not self.says_yearly(n):
                return True
            token = self.tokens[n]
            if token.text in ",;()" or token.kind == "num" or token.text == "%":
                return False
        return False

    def _compared_after(self, bag: PeriodParts) -> bool:
        """Look a few words ahead for "göre", "салыстырғанда" in languages that put them behind."""
        for n in range(bag.last, min(len(self.tokens), bag.last + 5)):
            if self._kind_at(n) == "compare":
                return True
            if self.tokens[n].kind != "word" or self._kind_at(n) in OTHERS:
                return False
            if n in self.changes or self.tokens[n].text.startswith(SOURCES):
                return False
        return False

    def _word_before(self, bag: PeriodParts) -> str:
        n = bag.first - 1
        while n > 0 and self.tokens[n].text in ARTICLES:
            n -= 1
        return self.tokens[n].text if n >= 0 else ""


def word_of_date(word: str, language: str) -> bool:
    """Tell a word that gives the date of a paper ("договор от 2009 года")."""
    return language == "ru" and word == "от"
