"""The ranges of a course's figures over draws."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class CourseIntervals:
    """Ranges over joint draws of the uncertain inputs, stores included.

    ``table`` has ``measure``, ``central``, ``low`` and ``high`` (5 and 95 per cent of the draws; Mt or million
    USD). ``refused`` of the ``draws`` were not calibrated and are left out. In ``full_draws`` a store fills,
    within the range ``full_days`` of days from the first disturbance (``None``: in no draw).
    """

    seed: int
    draws: int
    refused: int
    full_draws: int
    full_days: tuple[int, int] | None
    table: pl.DataFrame

    @property
    def made(self) -> int:
        """Draws that count."""
        return self.draws - self.refused

    def as_record(self) -> dict[str, object]:
        """Return the ranges as plain values."""
        own = ("seed", "draws", "refused", "full_draws", "full_days")
        return {**{name: getattr(self, name) for name in own}, "measures": self.table.to_dicts()}
