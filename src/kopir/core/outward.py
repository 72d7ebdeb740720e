"""What leaves kopir: texts without control characters, JSON without numbers that it does not know."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Controls of terminals, and what turns or hides the letters after it; line ends and tabs stay."""


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
