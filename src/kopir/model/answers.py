"""What every question about a model returns: a result, its table, the run, and the cells behind its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Generic, TypeVar

import numpy as np
import polars as pl

from kopir.core.runs import RunRecord
from kopir.model.provenance import Inputs

Result = TypeVar("Result", covariant=True)


@dataclass(frozen=True)
class Answer(Generic[Result]):
    """A result, its main table, the record of the run that gave it, and the cells behind its numbers, by id."""

    result: Result
    table: pl.DataFrame
    run: RunRecord
    inputs: Inputs = field(default_factory=dict, repr=False)

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values: tables as lists of rows, intervals and names as they are."""
        own = getattr(self.result, "as_record", None)
        if own is not None:
            made: dict[str, object] = own()
            return made
        parts = fields(self.result)  # type: ignore[arg-type]
        return {part.name: _plain(getattr(self.result, part.name)) for part in parts}

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def _plain(value: object) -> object:
    if isinstance(value, pl.DataFrame):
        return value.to_dicts()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value
