"""Phrasing: the sentence around a figure, and the same sentence with the figure corrected."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from babel.numbers import format_compact_decimal, format_decimal

_END = re.compile(r"[.!?…]+[\s»”\"')\]]*(?=\s|$)|\n+")
_SHORTENED = re.compile(
    r"\b(?:долл|дол|тыс|млн|млрд|трлн|куб|кв|руб|тг|см|гг|mln|bln|vs|approx|Inc|Ltd|Co|Corp|No|St|Dr|U\.S)\.$"
)
"""Abbreviations whose stop ends no sentence, even before a capital («млн долл. США»)."""
_NEXT = re.compile(r"[ \u00a0]*[A-ZА-ЯЁӘҒҚҢӨҰҮІ](?:[a-zа-яёәғқңөұүі]+|(?= ))")
"""A word that begins a sentence behind a shortened scale («3,3 млрд. Поставки»); an acronym does not."""
_SCALE = re.compile(r"\b(?:тыс|млн|млрд|трлн|mln|bln)\.$")
_NUMBER = re.compile(r"\d+(?:[\s.,]\d+)*")
_NARROW = 0.15
"""An interval narrower than this share of its value is told as one figure, a wider one as a range."""


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a span begins and ends; a full stop inside the span does not end it."""
    if text[start:end].endswith(".") and _SCALE.search(text, start, end) and _NEXT.match(text, end):
        end -= 1
    begin = 0
    for match in _END.finditer(text, 0, start):
        begin = match.end() if _ends(text, match) else begin
    after = next((one for one in _END.finditer(text, end) if _ends(text, one)), None)
    stop = len(text) if after is None else after.end()
    while begin < stop and text[begin].isspace():
        begin += 1
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    return begin, stop


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Tell the end of a sentence from the stop of an abbreviation: «3,8 млрд куб. м, за весь год 7,9»."""
    if stop[0] != ".":
        return True
    rest = text[stop.end() : stop.end() + 3].lstrip(" \u00a0")
    if rest[:1].islower():
        return False
    shortened = _SHORTENED.search(text, max(stop.end() - 8, 0), stop.end())
    if shortened is not None and _SCALE.match(shortened[0]) and _NEXT.match(text, stop.end()):
        return True
    return shortened is None or not rest or rest[0] in "\r\n"


def corrected_sentence(
    text: str,
    sentence: tuple[int, int],
    claim: Mapping[str, object],
    held: tuple[float, float, float] | None,
    language: str,
    sources: Sequence[str],
) -> str | None:
    """Return the sentence with the figure that is held, in the text's language, and its source in brackets.

    A comparator word directly before the figure leaves with it, unless the figure held is itself open to one
    side. ``held`` is value, low and high in the unit of the claim.
    """
    start, end, value = claim["start"], claim["end"], claim["value"]
    if held is None or not isinstance(start, int) or not isinstance(end, int):
        return None
    figure = _figure(text[start:end], value if isinstance(value, float) else None, held, language)
    before = text[sentence[0] : start]
    comparator = claim.get("comparator")
    if comparator not in {"eq", "range"} and math.isfinite(held[2]):
        before = re.sub(r"\b[^\W\d]+\s+$", "", before) if _closes_with_comparator(before, language) else before
    body = f"{before}{figure}{text[end : sentence[1]]}"
    source = f" ({'; '.join(sources)})" if sources else ""
    return re.sub(r"([.!?…]*)$", lambda stop: f"{source}{stop[1]}", body, count=1)


def _figure(written: str, value: float | None, held: tuple[float, float, float], language: str) -> str:
    number = _NUMBER.search(written)
    scale = _scale(number[0], value) if number is not None and value else None
    best, low, high = held
    wide = math.isfinite(low) and math.isfinite(high) and high - low > _NARROW * abs(best)
    shown = (low, high) if wide else (best,)
    if number is None or scale is None:
        return "–".join(
            format_compact_decimal(one, format_type="long", locale=language, fraction_digits=1) for one in shown
        )
    figures = "–".join(_rounded(one / scale, language) for one in shown)
    return f"{written[: number.start()]}{figures}{written[number.end() :]}"


def _scale(token: str, value: float) -> float | None:
    digits = re.sub(r"\s", "", token)
    for reading in (digits.replace(",", "."), re.sub(r"[.,]", "", digits)):
        try:
            number = float(reading)
        except ValueError:
            continue
        if number and abs(math.log10(abs(value) / number) % 1) in (0.0, 1.0):
            return abs(value) / number
        if number and abs((power := math.log10(abs(value) / number)) - round(power)) < 1e-9:
            return float(10.0 ** round(power))
    return None


def _rounded(value: float, language: str) -> str:
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return format_decimal(round(abs(value), digits), format=f"#,##0.{'#' * digits}", locale=language)


def _closes_with_comparator(before: str, language: str) -> bool:
    words = {
        "en": "almost|nearly|about|around|over|than|approximately|roughly",
        "ru": "почти|около|примерно|свыше|более|порядка|до|превысил|превысила|превысило",
        "tr": "yaklaşık|neredeyse|fazla",
        "kk": "шамамен|жуық",
    }
    return re.search(rf"\b(?:{words.get(language, 'about')})\s+$", before, re.IGNORECASE) is not None
