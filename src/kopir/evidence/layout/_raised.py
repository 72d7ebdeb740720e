"""What a raised mark means: the power of a unit of length, or a note."""

from __future__ import annotations

import regex

_LENGTH = regex.compile(r"(?:^|[^\p{L}])(?:[kcdmкдсм]?[mм]|sq|кв|куб)\.?$", regex.I)
_POWERS = {"2": "²", "3": "³", "²": "²", "³": "³"}


def raised(before: str, mark: str) -> str:
    """Return what stands for a raised ``mark`` after ``before``: "²" or "³" of a length, else nothing."""
    power = _POWERS.get(mark.strip())
    if power is not None and _LENGTH.search(before[-6:]):
        return power
    return "" if len(mark.strip()) <= 3 or not any(c.isalpha() for c in mark) else mark


def is_power(before: str, mark: str) -> bool:
    """Tell a square or cube of a length ("m³") from the mark of a note."""
    return raised(before, mark) in ("²", "³")
