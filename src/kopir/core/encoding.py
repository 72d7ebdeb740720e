"""The encoding of a text file (marked, declared, UTF-8, or the code page that alone fits), and of a name."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass

import regex

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")
LATIN = ("cp1254", "cp1252")
SAMPLE = 200_000
_DECLARED = regex.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|^\s*<\?xml[^>]{0,100}encoding=["']([\w.:-]{2,40})""",
    regex.I,
)
_CYRILLIC_WORD = regex.compile(r"[А-Яа-яЁёІі]+")
_SHAPE = regex.compile(r"[А-ЯЁІ]?[а-яёі]+|[А-ЯЁІ]+")
_MIXED = regex.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
_COMMON = frozenset(
    (
        *("и", "в", "во", "на", "не", "с", "со", "по", "из", "за", "до", "от", "что", "для", "это", "как"),
        *("года", "году", "млн", "млрд", "тонн", "долларов", "экспорт", "импорт", "составил"),
    )
)
_ALL_HIGH = regex.compile(r"(?<!\p{L})[^\P{L}\x00-\x7f]{3,}(?!\p{L})")
"""A word without one plain letter: hardly Latin, more likely Cyrillic in a code page of its own."""
_TURKISH = regex.compile(r"[ğışİĞŞ]")
_TURKISH_WORDS = regex.compile(r"\b(?:ve|ile|bir|bu|milyar|milyon|için|olarak|da|de)\b", regex.I)
_FREQUENT = frozenset("оеаинтсрвлкмдпу")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, or ``None`` with the reason why it is not settled."""

    text: str | None
    why: str = ""
    binary: bool = False


def shown_path(path: str | os.PathLike[str]) -> str:
    """Return a path as text that can be written anywhere: bytes of a name that are not UTF-8 are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def decoded(data: bytes, *, declared: bool = False) -> Decoded:
    """Decode the bytes of a text file.

    A mark at the start settles it, then valid UTF-8, then (with ``declared``) what a page says of itself, then a
    code page if every reading that fits gives the same text. Anything else is refused, never guessed.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _as(data, name) or Decoded(None, f"the file is marked {name} and is not")
    if b"\x00" in data:
        return _unmarked_utf16(data)
    plain = _as(data, "utf-8")
    if plain is not None:
        return plain
    if declared and (page := _declared(data)) and (told := _as(data, page)) is not None:
        return told
    return _code_page(data)


def _as(data: bytes, name: str) -> Decoded | None:
    try:
        return Decoded(data.decode(name))
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:4096])
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii").lower()
    try:
        known = codecs.lookup(name)
    except LookupError:
        return None
    return known.name if known.name not in ("utf-8", "utf-16", "utf-7") and known._is_text_encoding else None


def _unmarked_utf16(data: bytes) -> Decoded:
    """Read UTF-16 without its mark, where one of the two byte orders gives clean text."""
    fits = [
        found.text
        for name in ("utf-16-le", "utf-16-be")
        if (found := _as(data, name)) and found.text and _clean(found.text[:2000])
    ]
    if len(fits) == 1:
        return Decoded(fits[0])
    return Decoded(None, "the file holds binary data", binary=True)


def _clean(text: str) -> bool:
    """Tell whether almost all characters are Latin, Cyrillic, figures and usual signs."""
    good = sum(
        c in "\r\n\t" or " " <= c <= "\u024f" or "\u0400" <= c <= "\u052f" or "\u2000" <= c <= "\u22ff"
        for c in text
    )
    return (
        good >= 0.98 * len(text)
        and "\x00" not in text
        and sum(c.isalpha() or c == " " for c in text) > 0.3 * len(text)
    )


def _code_page(data: bytes) -> Decoded:
    """Decode by the one code page that fits; by several if they agree on every character."""
    readings = {name: found.text for name in (*CYRILLIC, *LATIN) if (found := _as(data, name)) and found.text}
    scores = {
        name: _cyrillic(text[:SAMPLE]) if name in CYRILLIC else _latin(text[:SAMPLE])
        for name, text in readings.items()
    }
    fitting = [name for name, score in scores.items() if score >= 0.9]
    texts = {readings[name] for name in fitting}
    if "cp1254" in fitting and "cp1252" in fitting and len(texts) > 1:
        turkish = _TURKISH_WORDS.search(readings["cp1254"]) and _TURKISH.search(readings["cp1254"])
        texts = {readings["cp1254"]} if turkish else texts
    if len(texts) == 1:
        return Decoded(texts.pop())
    first = next((n for n, byte in enumerate(data) if byte >= 0x80), 0)
    told = f"; it may be {' or '.join(sorted(fitting))}" if fitting else ""
    return Decoded(None, f"the file is not UTF-8 (byte {first}) and its code page is not certain{told}")


def _cyrillic(text: str) -> float:
    """Share of words that look like Russian words: shape, frequent letters; 0 where there are none."""
    words = _CYRILLIC_WORD.findall(text)
    letters = sum(map(len, words))
    other = sum(c > "\x7f" and not ("\u0400" <= c <= "\u045f") and c not in "«»–—№“”„…\u00a0°±§" for c in text)
    if (
        letters < 12
        or other > 0.03 * letters
        or (_MIXED.search(text) and len(_MIXED.findall(text)) > 0.05 * letters)
    ):
        return 0.0
    shaped = sum(len(w) for w in words if _SHAPE.fullmatch(w)) / letters
    frequent = sum(c in _FREQUENT for w in words for c in w.lower()) / letters
    small = sum(c.islower() for w in words for c in w) / letters
    if frequent < 0.55 or (small < 0.5 and not _COMMON & {w.lower() for w in words}):
        return 0.0
    return shaped


def _latin(text: str) -> float:
    """Share of letters outside ASCII that are letters of Turkish or of western names within Latin words."""
    high = [c for c in text if c > "\x7f" and c not in "–—“”‘’„«»…€£°\u00a0•™§·"]
    if not high:
        return 0.0 if not text.isascii() and len(_MIXED.findall(text)) == 0 else 1.0
    if len(high) > 0.3 * sum(c.isalpha() for c in text) or _ALL_HIGH.search(text):
        return 0.0
    return sum(c in "çğıöşüâîûÇĞİÖŞÜÂÎÛéèêáàíóúñäëïôæøåßÉ" for c in high) / len(high)
