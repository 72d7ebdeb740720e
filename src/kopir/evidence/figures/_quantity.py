"""A figure with its unit, as it stands in a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit, read at tokens ``first`` to ``last`` (exclusive).

    ``unit`` is ``None`` while it is elided; ``reach`` marks a level said to be reached ("to 5 Mt"),
    ``mult`` a multiple ("tripled", "2.7 times"), ``signed`` a sign or "plus" written before the figure.
    """

    first: int
    last: int
    value: float | None
    lo: float | None
    hi: float | None
    unit: str | None = None
    unit_kind: str | None = None
    scaled: bool = False
    comparator: str = "eq"
    compared: tuple[int, int] | None = None
    rate: str | None = None
    suffix: str = ""
    signed: int = 0
    reach: bool = False
    mult: bool = False
    words: bool = False
    elided: bool = False
    start: int = -1
    scale: float = 1.0

    @property
    def settled(self) -> bool:
        """Tell whether the unit is known; money of several states by that name is in small letters."""
        return self.unit_kind != "money" or self.unit is None or self.unit.partition("/")[0].isupper()
