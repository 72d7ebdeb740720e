"""Mends: the sentence with the figure that sources state, in the words, scale and number format of the draft."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import get_decimal_symbol, get_group_symbol

from kopir.facts.claimed._keys import LEVEL_KINDS, rated_unit, unit_scale
from kopir.facts.claimed._phrasing import sentence_at
from kopir.facts.claimed._wording import significant_step, written_step
from kopir.facts.named._statements import Statement

_NUMBER = re.compile(r"\d+(?:[\s.,'’]\d+)*")
_GROUPED = re.compile(r"\d{1,3}([\s.,'’])\d{3}(?!\d)")
_DECIMAL = re.compile(r"([.,])(?:\d{1,2}|\d{4,})$")
_SCALES: Mapping[str, tuple[tuple[float, str, str], ...]] = {
    "en": (
        (1e12, "trillion", r"trillion|trn|tn\b"),
        (1e9, "billion", r"billion|bln|bn\b"),
        (1e6, "million", r"million|mln|mn\b"),
        (1e3, "thousand", r"thousand|thsd"),
    ),
    "ru": (
        (1e12, "трлн", r"трлн|триллион\w*"),
        (1e9, "млрд", r"млрд|миллиард\w*"),
        (1e6, "млн", r"млн|миллион\w*"),
        (1e3, "тыс.", r"тыс\.|тысяч\w*"),
    ),
    "tr": (
        (1e12, "trilyon", r"trilyon"),
        (1e9, "milyar", r"milyar"),
        (1e6, "milyon", r"milyon"),
        (1e3, "bin", r"bin\b"),
    ),
    "kk": (
        (1e12, "трлн", r"трлн|триллион"),
        (1e9, "млрд", r"млрд|миллиард"),
        (1e6, "млн", r"млн|миллион"),
        (1e3, "мың", r"мың"),
    ),
}
_BEFORE: Mapping[str, Mapping[str, str]] = {
    "en": {"almost": "almost ", "approx": "about "},
    "ru": {"almost": "почти ", "approx": "около "},
    "tr": {"almost": "yaklaşık ", "approx": "yaklaşık "},
    "kk": {"almost": "шамамен ", "approx": "шамамен "},
}
_PASSES: Mapping[str, tuple[str, str]] = {"en": (r"exceed|surpass", "came to "), "ru": (r"превы", "составил ")}
"""Comparators that are the verb of their sentence, and the verb that stands where they leave."""
_FEWEST, _MOST = 0.1, 1000.0
"""Between these a number stands well before its scale word; else another word is taken."""
_FINEST = 0.0999
"""What a number below one may end with before its scale word: «0.3 billion», not «0.345 million»."""


def mended_sentence(
    text: str, claim: Mapping[str, Any], right: Sequence[Statement], language: str, titles: Mapping[str, str]
) -> str | None:
    """Return the sentence of a claim with what ``right`` states in place of its figure, and who says so.

    ``claim`` has span, value, unit and kind of the figure, and the span of a comparator word before it, which
    leaves with it. Two statements that disagree become a range. ``None`` where the figure is written in words
    or nothing states another.
    """
    start, end = int(claim["start"]), int(claim["end"])
    figure = _figure(text[start:end], claim, right, language)
    if figure is None:
        return None
    begin, stop = sentence_at(text, start, end)
    before, cut = text[begin:start], claim.get("cmp_end")
    if cut is not None and begin <= int(claim["cmp_start"]) < start and not text[int(cut) : start].strip():
        passed = _PASSES.get(language)
        verb = passed[1] if passed and re.search(passed[0], text[int(claim["cmp_start"]) : int(cut)], re.I) else ""
        before = text[begin : int(claim["cmp_start"])]
        before = (re.sub(r"\w+\s+(?:not|never)\s+$", "", before) if verb else before) + verb
    who = list(dict.fromkeys(titles.get(str(one.row["source"]), str(one.row["source"])) for one in right))
    source = f" ({'; '.join(who)})"
    return re.sub(r"([.!?…]*)$", lambda mark: f"{source}{mark[1]}", f"{before}{figure}{text[end:stop]}", count=1)


def _figure(written: str, claim: Mapping[str, Any], right: Sequence[Statement], language: str) -> str | None:
    number = _NUMBER.search(written)
    value = claim["value"] if claim["value"] is not None else claim["hi"]
    if number is None or not value or not right:
        return None
    unit = unit_scale(rated_unit(claim)) if claim["kind"] in LEVEL_KINDS else 1.0
    figures = [(abs(one.value) / unit, _step(one) / unit) for one in right]
    size, finest = max(size for size, _ in figures), min(step for _, step in figures)
    scale, word_span, word = _scale(written, number, abs(value), (size, finest), language)
    if scale is None:
        return None
    style = _style(number[0], language)
    told = [_written(size / scale, step / scale, style) for size, step in figures]
    lead = _BEFORE.get(language, {}).get(right[0].comparator, "") if len(right) == 1 else ""
    body = written[: number.start()] + "–".join(dict.fromkeys(told))
    rest = written[number.end() :]
    if word_span is None:
        tail = f" {word}{rest}" if word else rest
    else:
        tail = written[number.end() : word_span[0]] + word + written[word_span[1] :]
        tail = tail if word else f" {tail.lstrip()}"
    return f"{lead}{body}{tail.rstrip() if not rest.endswith(' ') else tail}"


def _step(one: Statement) -> float:
    """Return the last digit that a source wrote, in canonical units."""
    value = one.row["value"]
    scale = abs(one.value / value) if value else 1.0
    stated = abs(value) if value else abs(one.value)
    text = str(one.row["text"] or "")
    step = written_step(text, stated)
    number = _NUMBER.search(text)
    if number is None or _DECIMAL.search(number[0]) is None:  # noughts that fill a whole number say nothing
        step = max(step, significant_step(stated))
    return step * scale


def _scale(
    written: str, number: re.Match[str], value: float, right: tuple[float, float], language: str
) -> tuple[float | None, tuple[int, int] | None, str]:
    """Return what the number counts, the span of the scale word that says so, and the word to stand there.

    ``right`` is the figure to write and its last digit.
    """
    figure, step = right
    words = _SCALES.get(language, _SCALES["en"])
    found = None
    for size, _, pattern in words:
        match = re.compile(rf"[\s-]*({pattern})", re.IGNORECASE).match(written, number.end())
        if match is not None:
            found = size, match.span(1), match[1]
            break
    if found is None:
        ratio = _ratio(number[0], value)
        return ratio, None, ""
    size, span, word = found
    if _FEWEST <= figure / size < _MOST and (figure >= size or step >= _FINEST * size):
        return size, span, word
    for other, name, _ in words:
        if figure / other >= 1:
            return other, span, name
    return 1.0, span, ""


def _ratio(token: str, value: float) -> float | None:
    """Return the power of ten by which a written number is multiplied: of its unit («1.3 Mt»), or one."""
    bare = re.sub(r"[\s'’]", "", token)
    for reading in (re.sub(r"[.,]", "", bare), bare.replace(",", ".")):
        try:
            number = float(reading)
        except ValueError:
            continue
        if not number:
            continue
        power = math.log10(value / number)
        if abs(power - round(power)) < 1e-6 and round(power) % 3 == 0 and power > -1:
            return float(10.0 ** round(power))
    return None


def _style(token: str, language: str) -> tuple[str, str]:
    """Return the group and decimal signs: those of the draft's own number, else of its language."""
    group, decimal = get_group_symbol(language), get_decimal_symbol(language)
    grouped, own = _GROUPED.match(token), _DECIMAL.search(token)
    if own is not None:
        decimal = own[1]
        group = group if group != decimal else " "
    if grouped is not None and grouped[1] != (own[1] if own else ""):
        group = grouped[1]
    return group, decimal


def _written(value: float, step: float, style: tuple[str, str]) -> str:
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 2
    whole, _, rest = f"{value:,.{min(places, 6)}f}".partition(".")
    rest = rest.rstrip("0") if step <= 0 else rest
    return whole.replace(",", style[0]) + (f"{style[1]}{rest}" if rest else "")
