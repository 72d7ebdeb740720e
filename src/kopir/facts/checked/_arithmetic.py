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

from kopir.facts.checked._verdicts import PROVED, Judgement
from kopir.facts.claimed._keys import rated_unit, unit_scale
from kopir.facts.named._statements import Statement, meets

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
_RATIOS = frozenset({"share", "change_pct"})
_RATIO_WORDS = re.compile(
    r"\ba share of|\bor (?:some |about |roughly )?$|\bgrowth of|\ban? (?:rise|increase|gain|fall|drop) of"
    r"|\bдол[яюи]\b|\bприрост|\bрост\b|\bpayı|\bartış|\bүлесі|\bөсім",
    re.IGNORECASE,
)
"""How a share or a growth that two figures come to is told."""


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
    if said.kind in _RATIOS:
        concludes = re.search(_CONCLUDES.get(language, "$^"), lead, re.IGNORECASE)
        return _ratio(said, before) if how or concludes or _RATIO_WORDS.search(lead) else None
    level = said if said.kind != "change_abs" else replace(said, kind="level")
    alike = [one for one in before if one.kind == level.kind == "level" and one.unit == level.unit]
    if said.kind == "change_abs" and not how and _one_measure(alike[-_PARTS:]) and before[-1] is alike[-1]:
        how, before = "difference", alike
    if not how or len(alike) < _PARTS or len(alike) != len(before) or not all(one.is_closed for one in alike):
        return None
    if how == "sum":
        return Result(_made(alike, alike, ()), tuple(alike))
    more, less = sorted(alike[-_PARTS:], key=lambda one: -one.value)
    made = _made((more, less), (more,), (less,))
    if said.kind == "change_abs":
        made = _like(made, said)
    return Result(made, (more, less))


def _one_measure(levels: Sequence[Statement]) -> bool:
    """Tell whether two levels are of one thing at two times: only then is a change the step between them."""
    if len(levels) < _PARTS or levels[0].key.period == levels[1].key.period:
        return False
    return len({replace(one.key, period="") for one in levels}) == 1


def _like(made: Statement, said: Statement) -> Statement:
    """Return a difference as the rise or the fall that it is told as."""
    if said.value >= 0:
        return replace(made, kind="change_abs")
    row = {**made.row, "value": -made.row["value"]}
    return replace(made, kind="change_abs", value=-made.value, low=-made.high, high=-made.low, row=row)


def _ratio(said: Statement, before: Sequence[Statement]) -> Result | None:
    """Return the share or the growth that the last two levels come to: smaller over larger, later over earlier."""
    levels = [one for one in before if one.kind == "level" and one.is_closed and one.low > 0]
    if len(levels) < _PARTS or len(levels) != len(before) or levels[-1].unit != levels[-2].unit:
        return None
    first, second = levels[-_PARTS:]
    if said.kind == "share":
        part, whole = sorted((first, second), key=lambda one: one.value)
    else:
        if not _one_measure((first, second)):
            return None
        whole, part = sorted((first, second), key=lambda one: one.key.period)
    shift = 0.0 if said.kind == "share" else 1.0
    value, low, high = (
        100 * (part.value / whole.value - shift),
        100 * (part.low / whole.high - shift),
        100 * (part.high / whole.low - shift),
    )
    words = f"{part.row['text']} / {whole.row['text']}"
    row = {**said.row, "value": round(value, 1), "text": f"{value:.1f}", "source": words, "comparator": "eq"}
    made = replace(said, id=f"{part.id} result", value=value, low=low, high=high, comparator="eq", row=row)
    return Result(made, (part, whole))


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
    scale = unit_scale(rated_unit(first.row))
    words = sign.join(str(one.row["text"]) for one in parts)
    row = {**first.row, "value": value / scale, "text": f"{value:.0f}", "source": words}
    return replace(first, id=f"{first.id} result", value=value, low=low, high=high, comparator="eq", row=row)


@cache
def _phrases() -> dict[str, tuple[tuple[str, str], ...]]:
    told = files("kopir.facts").joinpath("data/results.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(told.splitlines()):
        found.setdefault(row["language"], []).append((row["phrase"], row["result"]))
    return {language: tuple(sorted(rows, key=lambda row: -len(row[0]))) for language, rows in found.items()}
