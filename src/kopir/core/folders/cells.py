"""Quantity cells: ``38``, ``38 [30..46]``, ``F0154`` or ``F0154 [30..46]``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_CELL = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})|(?P<fact>[A-Za-z][A-Za-z0-9_.-]*))"
    rf"\s*(?:\[\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})\s*\])?\s*"
)
LARGEST, SMALLEST = 1e20, 1e-20
"""Sizes beyond which a number is no measure of anything but a slip of its exponent; nought is one."""
ID_PATTERN = re.compile(r"[^\W_][\w.-]*")
"""A code: letters of any script, digits, ``_ . -``; begins with a letter or digit."""


@dataclass(frozen=True, slots=True)
class QuantityCell:
    """What a quantity cell says: a literal ``value`` or the id of a ``fact``, and an interval if it gives one."""

    value: float | None
    fact: str | None
    low: float | None
    high: float | None


@lru_cache(maxsize=32_768)
def parse_quantity(text: str) -> QuantityCell | None:
    """Return what the cell says, or ``None`` when it is not a quantity (NaN and infinities are not)."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    number, fact, low, high = (match[name] for name in ("number", "fact", "low", "high"))
    if fact is not None and fact.lower() in {"nan", "inf", "infinity"}:
        return None
    cell = QuantityCell(
        value=None if number is None else float(number),
        fact=fact,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
    )
    finite = all(math.isfinite(part) for part in (cell.value, cell.low, cell.high) if part is not None)
    return cell if finite else None


def clause_members(text: str) -> list[str]:
    """Return the codes that a clause joins by ``+``, in its order; none when it is blank."""
    return [part.strip() for part in text.split("+")] if text else []


def is_measure(number: float | None) -> bool:
    """Tell whether a number has a size that something measured has."""
    return number is None or number == 0 or SMALLEST <= abs(number) <= LARGEST


def parse_number(text: str) -> float | None:
    """Return the finite number that ``text`` is, or ``None``."""
    match = re.fullmatch(rf"\s*({_NUMBER})\s*", text)
    if match is None:
        return None
    number = float(match[1])
    return number if math.isfinite(number) else None
