"""A view of a text for matching: one character for one, so that offsets never move."""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

APOSTROPHES = "'\u2018\u2019\u02bc\u02b9\u0060\u00b4"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
QUOTES = "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2039\u203a"


@cache
def _folding() -> dict[int, str]:
    """Map letters that only spelling or case tells apart onto one, always one character to one."""
    table = {ord(c): "'" for c in APOSTROPHES}
    table |= {ord(c): "-" for c in DASHES}
    table |= {ord(c): '"' for c in QUOTES}
    table |= dict.fromkeys((9, 11, 12, 13, 8203, 8288, 65279, 173), " ")
    table |= {code: " " for code in range(0x2000, 0x3001) if unicodedata.category(chr(code)) == "Zs"}
    table[0xA0] = " "
    pairs = {"İ": "i", "I": "i", "ı": "i", "ё": "е", "Ё": "е", "â": "a", "Â": "a", "î": "i", "Î": "i", "û": "u"}
    return table | {ord(a): b for a, b in pairs.items()} | {ord("Û"): "u"}


def fold(text: str) -> str:
    """Return the matching view of ``text``; it has exactly as many characters."""
    view = text.translate(_folding()).lower()
    if len(view) != len(text):
        view = "".join(low if len(low := c.lower()) == 1 else c for c in text.translate(_folding()))
    return view


_KAZAKH = regex.compile(r"[әғқңөұүһі]")
_TURKISH = regex.compile(r"[ığşçöüİ]")
_CYRILLIC = regex.compile(r"\p{Cyrillic}")
_LATIN = regex.compile(r"\p{Latin}")
_NAME = regex.compile(r"\b\p{Lu}[\p{L}'’]*")
_TURKISH_WORDS = regex.compile(r"\b(?:ve|ile|bir|bu|milyar|milyon|yüzde|olarak|için)\b")
_KAZAKH_WORDS = regex.compile(
    r"\b(?:жылы|жылғы|жылдың|жылда|жылдан|болды|болған|еді|және|үшін|бойынша|бұл|артты|кеміді)\b"
)
"""Words of Kazakh that its own letters do not mark, in a short text of borrowed words."""
SAMPLE = 20_000
LONGEST = 4_000


def language_of(text: str) -> str | None:
    """Name the language (``ru``, ``en``, ``tr``, ``kk``) a text is written in; ``None`` without letters."""
    sample = text[:SAMPLE]
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    if not cyrillic and not latin:
        return None
    low = sample.lower()
    if cyrillic >= latin:
        kazakh = len(_KAZAKH.findall(low)) + 3 * len(_KAZAKH_WORDS.findall(low))
        return "kk" if kazakh > 0.03 * cyrillic else "ru"
    plain = _NAME.sub("", sample)  # names keep their letters in every language: «trade with Türkiye»
    turkish = len(_TURKISH.findall(plain)) + 3 * len(_TURKISH_WORDS.findall(low))
    return "tr" if turkish > 0.02 * latin else "en"


def has_script(view: str, start: int, end: int, *, latin: bool) -> bool:
    """Tell whether a part of a text holds a Latin (else a Cyrillic) letter."""
    return (_LATIN if latin else _CYRILLIC).search(view, start, end) is not None


_BREAK = regex.compile(r"\n+|[.!?…]+[\"»”')\]]*(?:\[[\divx]+\])*(?=\s+|[А-ЯЁA-ZӘҒҚҢӨҰҮІÇĞİÖŞÜ]\p{Ll})")
_LAST_WORD = regex.compile(r"([\p{L}.]+)\.$")


def sentences(text: str, view: str, abbreviations: frozenset[str]) -> list[tuple[int, int, int]]:
    """Cut a text into sentences: ``(start, end, paragraph)`` with character offsets.

    A full stop does not end a sentence after an abbreviation, after an initial, or before a small letter.
    """
    out: list[tuple[int, int, int]] = []
    start, paragraph = 0, 0
    for found in _BREAK.finditer(text):
        newline = found[0][0] == "\n"
        if not newline and found[0][0] == "." and not _stops(text, view, found, abbreviations):
            continue
        end = found.start() if newline else found.end()
        _cut(view, start, end, paragraph, out)
        start = found.end()
        paragraph += newline
    _cut(view, start, len(text), paragraph, out)
    return out


def _cut(view: str, start: int, end: int, paragraph: int, out: list[tuple[int, int, int]]) -> None:
    """Add a sentence; one longer than ``LONGEST`` is cut at spaces, so that memory stays bounded."""
    while end - start > LONGEST:
        at = view.rfind(" ", start + LONGEST // 2, start + LONGEST)
        at = start + LONGEST if at < 0 else at
        out.append((start, at, paragraph))
        start = at
    if view[start:end].strip():
        out.append((start, end, paragraph))


def _stops(text: str, view: str, found: regex.Match[str], abbreviations: frozenset[str]) -> bool:
    after = text[found.end() : found.end() + 6].lstrip()
    if after and (after[0].islower() or (after[0] in DASHES + "-" and after[1:].strip()[:1].islower())):
        return False
    if len(found[0]) > 1 and found[0][1] == ".":
        return True
    before = view[max(0, found.start() - 14) : found.start() + 1]
    word = _LAST_WORD.search(before)
    if word is None:
        digit = before[-2:-1].isdigit()
        return not (digit and after[:1].isdigit() and text[found.end()] == " " and len(after) < 2)
    short = word[1]
    if short in abbreviations or short.split(".")[-1] in abbreviations:
        return False
    return not (len(short) == 1 and text[found.start() - 1].isupper())
