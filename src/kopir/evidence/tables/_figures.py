"""Figures of cells: which mark is the decimal one is settled by the whole table, never by one cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import regex

from kopir.evidence.layout._blocks import Cell

_NOTE = regex.compile(
    r"(?:\s*\[\^?\w{1,3}\]|\s+\(?[\da-zа-я]\)|\s*[*†‡]{1,3}|\s*[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)+$",
    regex.I,
)
_FIGURE = regex.compile(
    r"(?P<sign>[+\-\u2212\u2013])?\s?(?P<currency>[$€£¥₽₸₺₼])?\s?"
    r"(?P<digits>\d+(?:[ \u00a0\u2007\u2009\u202f'’]\d{3})*(?:[.,]\d+)*)\s?(?P<percent>%)?"
)
_SCALES = regex.compile(
    r"(?:million|mln|mn|billion|bln|bn|thousand|trillion|млн|млрд|трлн|тыс|milyon|milyar|trilyon|bin|мың|миллион"
    r"|миллиард|tonnes?|tons?|тонн\p{L}?|т|ton|TEU|ДФЭ|%)(?![\p{L}\p{N}])",
    regex.I,
)
_INVISIBLE = regex.compile(r"[\u0307\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_YEAR = regex.compile(r"(?:19[5-9]\d|20\d\d|2100)(?:\s?(?:г|год|ж|жыл)\b\.?)?")
_MISSING = regex.compile(
    r"[-\u2010-\u2015\u2212.…·x×х*]{1,3}|n\.?\s?/?\s?a\.?|н\.?\s?/?\s?д\.?|нет|nd|nil|—", regex.I
)
_GROUPS = regex.compile(r"[ \u00a0\u2007\u2009\u202f'’]")
LONGEST = 18


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a cell: value as written; ``currency`` a sign before it; ``percent`` a sign after it.

    ``certain`` is false where the table does not tell what a mark parts; ``words`` are scale and unit behind it.
    """

    value: float
    certain: bool = True
    percent: bool = False
    currency: str = ""
    words: str = ""


def bare(text: str) -> str:
    """Return the text of a cell without marks of notes and without characters nobody sees."""
    text = _INVISIBLE.sub("", text).strip()
    return _NOTE.sub("", text).strip() if any(c.isdigit() for c in text[:1]) or not text[:1].isdigit() else text


def is_year(text: str) -> bool:
    """Tell whether a cell holds a year and nothing else."""
    return _YEAR.fullmatch(bare(text)) is not None


def is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no figure."""
    return not text.strip() or _MISSING.fullmatch(text.strip()) is not None


def is_figure(cell: Cell) -> bool:
    """Tell whether a cell holds a figure and nothing but marks beside it."""
    return cell.number is not None or _FIGURE.fullmatch(_parted(cell.text)[0]) is not None


def _parted(text: str) -> tuple[str, str]:
    """Part a cell into its figure and the scale and unit behind it ("5.1 million tonnes")."""
    text = bare(text)
    found = _FIGURE.match(text)
    if found is None or found.end() == len(text) or len(text) > 60:
        return text, ""
    words = text[found.end() :].lstrip()
    return (text[: found.end()].strip(), words) if _SCALES.match(words) else (text, "")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the comma and the point mean in one table: ``decimal``, ``group``, both by turns, or not told."""

    meaning: Mapping[str, str]

    def figure(self, cell: Cell) -> Figure | None:
        """Read the figure of a cell."""
        if cell.number is not None:
            return Figure(cell.number, percent=cell.percent)
        text, words = _parted(cell.text)
        found = _FIGURE.fullmatch(text)
        if found is None or sum(c.isdigit() for c in found["digits"]) > LONGEST:
            return None
        value, certain = self._value(_GROUPS.sub("", found["digits"]))
        if value is None:
            return None
        sign = -1.0 if found["sign"] and found["sign"] != "+" else 1.0
        percent = found["percent"] is not None or cell.percent
        return Figure(sign * value, certain, percent, found["currency"] or "", words)

    def _value(self, digits: str) -> tuple[float | None, bool]:
        marks = [c for c in digits if c in ".,"]
        if not marks:
            return float(digits), True
        if len(set(marks)) == 2:
            decimal = marks[-1]
            other = "," if decimal == "." else "."
            return (
                (float(digits.replace(other, "").replace(decimal, ".")), True)
                if marks.count(decimal) == 1
                else (None, False)
            )
        mark = marks[0]
        told = self.meaning.get(mark, "")
        if len(marks) > 1 or told == "group":
            threes = all(len(part) == 3 for part in digits.split(mark)[1:])
            return (float(digits.replace(mark, "")), True) if threes else (None, False)
        return float(digits.replace(mark, ".")), told == "decimal"


def marks_of(cells: Iterable[Cell], settings: Mapping[str, str]) -> Marks:
    """Settle the marks of a table from all its figures, else from the language where both agree.

    A mark before any number of digits but three is a decimal one, one that repeats or stands before another parts
    thousands. Three digits everywhere are told only by the language, and only where it parts thousands so.
    """
    seen: dict[str, set[str]] = {",": set(), ".": set()}
    for cell in cells:
        found = _FIGURE.fullmatch(_parted(cell.text)[0]) if cell.number is None else None
        if found is not None:
            _witness(_GROUPS.sub("", found["digits"]), found["digits"], seen)
    meaning = {mark: told.copy().pop() for mark, told in seen.items() if len(told) == 1}
    for mark, other in ((",", "."), (".", ",")):
        if mark in meaning or seen[mark]:
            continue
        if meaning.get(other) == "decimal" or settings["group"] == mark:
            meaning[mark] = "group"
    return Marks(meaning)


def _witness(digits: str, written: str, seen: dict[str, set[str]]) -> None:
    marks = [c for c in digits if c in ".,"]
    if len(set(marks)) == 2:
        seen[marks[0]].add("group")
        seen[marks[-1]].add("decimal")
    elif len(marks) > 1:
        seen[marks[0]].add("group")
    elif marks:
        head, tail = digits.split(marks[0])
        if len(tail) != 3 or len(head) > 3 or head.startswith("0") or _GROUPS.search(written):
            seen[marks[0]].add("decimal")
