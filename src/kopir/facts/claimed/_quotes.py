"""Whether the words quoted for a figure say that figure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f,.]\d{3})+(?![\d])|\d+(?:[.,]\d+)?")
_SCALES = (1.0, 1e3, 1e6, 1e9, 1e12)


def quote_agrees(quote: str, value: float, low: float | None = None, high: float | None = None) -> bool:
    """Tell whether a number of ``quote``, in some scale, is ``value`` or an end of its interval as it is rounded.

    A quote without digits says nothing against it. Units are not converted: a quote in other units does not agree.
    """
    numbers = _NUMBER.findall(quote)
    ends = [end for end in (value, low, high) if end is not None]
    return not numbers or any(_rounds_to(token, abs(end)) for token in numbers for end in ends)


def _rounds_to(token: str, value: float) -> bool:
    for digits, decimals in _readings(token):
        for scale in _SCALES:
            if abs(digits * scale - value) <= 0.5 * 10.0**-decimals * scale * (1 + 1e-9) and digits * scale:
                return abs(digits * scale / value - 1) < 0.1 if value else False
    return token.strip("0.,") == "" and value == 0


def _readings(token: str) -> list[tuple[float, int]]:
    """Return what a number may say, with its decimals: marks may part thousands or decimals."""
    bare = re.sub(r"[ \u00a0\u202f]", "", token)
    found = [(float(re.sub(r"[.,]", "", bare)), 0)] if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|\d+", bare) else []
    if re.fullmatch(r"\d+[.,]\d+", bare):
        found.append((float(bare.replace(",", ".")), len(re.split(r"[.,]", bare)[1])))
    return found
