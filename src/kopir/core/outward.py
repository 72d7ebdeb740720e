"""What leaves kopir: texts without control characters, JSON without numbers that it does not know."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
"""Controls of terminals, what turns or hides the letters after it, and letters that nobody sees (Unicode's
``Default_Ignorable_Code_Point``), in which a text can hide another. Line ends and tabs stay, and what spelling
needs: soft hyphens, the joiners U+200C and U+200D, variation selectors."""


def without_controls(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that could command a terminal or hide what it says."""
    return _CONTROLS.sub("\ufffd", text)


def finite(value: object) -> object:
    """Return ``value`` with numbers that are not finite, which JSON does not know, as null."""
    if isinstance(value, Mapping):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_json(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON: letters of any script as they are, numbers that are not finite as null."""
    return json.dumps(finite(value), ensure_ascii=False, indent=indent, allow_nan=False)


def shown(value: object, *, most: int = 80) -> str:
    """Return at most ``most`` characters of a value of a file; what cannot be written is named so."""
    try:
        return str(value)[:most]
    except ValueError:
        return "a number of thousands of digits"
    except RecursionError:
        return "hundreds of lists or tables within each other"
