"""Arithmetic inside a sentence: a sum or a difference that a draft draws from its own two figures.

«Textiles brought $3.1 billion and gold $9.8 billion, together $13.9 billion»: whatever any source says, the third
figure is the draft's own result. It is told by a word (``data/results.csv``), or by a conclusion («that is», «то
есть») about what both parties sell and buy, of which the whole is the turnover and the difference the balance.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from kopir.facts.checked._statements import Statement, meets
from kopir.facts.checked._verdicts import PROVED, Judgement

_CONCLUDES: Mapping[str, str] = {
    "en": r"\b(?:that is|i\.e\.|so|hence|thus|therefore|meaning|making)\b",
    "ru": r"\b(?:то есть|т\. ?е\.|стало быть|значит|итак|следовательно|таким образом)\b",
    "tr": r"\b(?:yani|demek ki|dolayısıyla|böylece)\b",
    "kk": r"\b(?:яғни|демек|сонымен)\b",
}
_WHOLES: Mapping[str, str] = {
    "en": r"\bturnover|\btotal trade|\btrade (?:came|comes|was|is|reached)\b",
    "ru": r"оборот",
    "tr": r"ticaret hacmi",
    "kk": r"айналым",
}
_BALANCES: Mapping[str, str] = {
    "en": r"\bsurplus|\bdeficit|\bbalance",
    "ru": r"сальдо|профицит|дефицит",
    "tr": r"fazla|açı[kğ]|denge",
    "kk": r"сальдо|профицит|тапшылық",
}
_PARTS = 2


_WRONG = frozenset({"contradicted", "out of date", "perimeter mixed"})


@dataclass
class Results:
    """The figures of a text judged so far, sentence by sentence, for those that are drawn from them."""

    text: str
    _sentence: int = -1
    _before: list[tuple[Statement, Judgement, int]] = field(default_factory=list)

    def judged(self, said: Statement, at: tuple[int, int, int], language: str, judged: Judgement) -> Judgement:
        """Return the judgement of a figure, by the draft's own arithmetic where it is a result of figures before.

        ``at`` is where its sentence begins, and where the figure begins and ends. What a source bears out stands;
        parts that are wrong themselves prove nothing.
        """
        sentence, start, end = at
        if sentence != self._sentence:
            self._sentence, self._before = sentence, []
        lead = self.text[self._before[-1][2] : start] if self._before else ""
        found = result_of(said, [one for one, _, _ in self._before], lead, language)
        if found is not None and judged.verdict not in PROVED:
            judged = self._by(found, said, judged)
        self._before.append((said, judged, end))
        return judged

    def _by(self, found: Result, said: Statement, judged: Judgement) -> Judgement:
        parts = [one for statement, one, _ in self._before if statement in found.parts]
        if meets(said, found.made):
            borne = all(one.verdict in PROVED for one in parts)
            return Judgement("confirmed", f"computed: {found.words}", (found.made,)) if borne else judged
        if any(one.verdict in _WRONG for one in parts):
            return judged
        return Judgement("contradicted", f"the text's own figures: {found.words}", (found.made,), (found.made,))


@dataclass(frozen=True, slots=True)
class Result:
    """What a figure should be by the draft's own figures: the statement ``made`` of ``parts``."""

    made: Statement
    parts: tuple[Statement, ...]

    @property
    def words(self) -> str:
        """The calculation, in the words of the draft."""
        return str(self.made.row["source"])


def result_of(said: Statement, before: Sequence[Statement], lead: str, language: str) -> Result | None:
    """Return what ``said`` should be as a sum or difference of figures before it, ``None`` when it is neither.

    ``before`` are the figures of its sentence that stand before it, in order, ``lead`` the words between the last
    of them and the end of the figure's clause. A sum takes all of them, a difference the last two.
    """
    how = _how(lead.casefold(), language)
    alike = [one for one in before if one.kind == said.kind == "level" and one.unit == said.unit]
    if not how or len(alike) < _PARTS or len(alike) != len(before) or not all(one.is_closed for one in alike):
        return None
    if how == "sum":
        return Result(_made(alike, alike, ()), tuple(alike))
    more, less = sorted(alike[-_PARTS:], key=lambda one: -one.value)
    return Result(_made((more, less), (more,), (less,)), (more, less))


def _how(lead: str, language: str) -> str:
    for phrase, result in _phrases().get(language, ()):
        if re.search(rf"\b{re.escape(phrase)}", lead):
            return result
    if re.search(_CONCLUDES.get(language, "$^"), lead):
        if re.search(_WHOLES[language], lead):
            return "sum"
        if re.search(_BALANCES[language], lead):
            return "difference"
    return ""


def _made(parts: Sequence[Statement], plus: Sequence[Statement], minus: Sequence[Statement]) -> Statement:
    """Return the statement that the parts come to, with an interval as wide as all of theirs."""
    value, low, high = (sum(getattr(one, end) for one in plus) for end in ("value", "low", "high"))
    value, low, high = (
        value - sum(one.value for one in minus),
        low - sum(one.high for one in minus),
        high - sum(one.low for one in minus),
    )
    first, sign = parts[0], " − " if minus else " + "
    raw = first.row["value"] or first.value
    words = sign.join(str(one.row["text"]) for one in parts)
    row = {**first.row, "value": value * raw / first.value, "text": f"{value:.0f}", "source": words}
    return replace(first, id=f"{first.id} result", value=value, low=low, high=high, comparator="eq", row=row)


@cache
def _phrases() -> dict[str, tuple[tuple[str, str], ...]]:
    told = files("kopir.facts").joinpath("data/results.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(told.splitlines()):
        found.setdefault(row["language"], []).append((row["phrase"], row["result"]))
    return {language: tuple(sorted(rows, key=lambda row: -len(row[0]))) for language, rows in found.items()}
