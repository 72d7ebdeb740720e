"""What every question about a model returns: a result, its table, the run, and the cells behind its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import polars as pl

from kopir.core.runs import RunRecord
from kopir.model.grounds.cited import Cells, Numbers

Result = TypeVar("Result", covariant=True)


@dataclass(frozen=True)
class Answer(Generic[Result]):
    """A result, its main table and the record of the run that gave it."""

    result: Result
    table: pl.DataFrame
    run: RunRecord

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of the result by id (:mod:`kopir.model.grounds.cited`); none where it cites nothing."""
        own: Numbers = getattr(self.result, "numbers", {})
        return own

    @cached_property
    def cells(self) -> Mapping[str, Cells]:
        """The cells of the model behind each number, by its id."""
        return {name: number.cells for name, number in self.numbers.items()}

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values: tables as lists of rows, intervals and names as they are."""
        own = getattr(self.result, "as_record", None)
        if own is not None:
            made: dict[str, object] = own()
            return made
        parts = shown_fields(self.result)
        return {name: _plain(getattr(self.result, name)) for name in parts}

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def shown_fields(result: object) -> tuple[str, ...]:
    """Return the names of the fields of a result that are part of what it says.

    Fields without ``repr`` are what it was made from.
    """
    return tuple(part.name for part in fields(result) if part.repr)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    if isinstance(value, pl.DataFrame):
        return value.to_dicts()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value
