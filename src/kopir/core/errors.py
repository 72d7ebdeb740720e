"""The error tree, and faults that name file, row, column, value and mend.

::

    KopirError
    ├── InputError            what the user gave is wrong (faults say where and how to mend it)
    │   ├── SchemaError       a table does not have the shape its schema asks for
    │   ├── UnknownReference  a cell points at something that does not exist
    │   ├── UnitError         a quantity does not convert to the unit asked for
    │   └── ConfigError       kopir.toml or an option is wrong
    ├── ModelError            the model is well formed but has no answer
    │   ├── InfeasibleError   no flow satisfies the rows named
    │   ├── UnboundedError    the optimum is infinite
    │   └── LimitReached      a limit stopped the solver; the incumbent is attached
    ├── EvidenceError         a document or its claims cannot be used
    │   ├── UnreadableDocument
    │   └── Unreconciled
    └── StoreError            what is on disk cannot be used
        ├── VersionMismatch
        └── Locked
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where it is, and what mends it.

    ``line`` counts from 1 and includes the header row, as a text editor or spreadsheet shows it;
    ``None`` where a fault concerns a whole file or folder.
    """

    code: str
    why: str
    mend: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None

    @property
    def where(self) -> str:
        """``file:line:column`` with the parts that are known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def __str__(self) -> str:
        head = f"{self.where} {self.code} " if self.where else f"{self.code} "
        value = f"\n  value: {self.value!r}" if self.value is not None else ""
        return f"{head}{self.why}{value}\n  mend: {self.mend}"

    def as_record(self) -> dict[str, str | int | None]:
        """Return the fault as one flat record, the shape every ``--json`` output uses."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "why": self.why,
            "mend": self.mend,
        }


@dataclass(frozen=True, slots=True)
class FaultCode:
    """One registered fault code: what it means and how such faults are mended in general."""

    code: str
    title: str
    meaning: str
    mend: str


@cache
def fault_codes() -> Mapping[str, FaultCode]:
    """Return every registered fault code, keyed and sorted by code."""
    text = files("kopir.core").joinpath("data/fault_codes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: FaultCode(**row) for row in sorted(rows, key=lambda row: row["code"])}


class KopirError(Exception):
    """Root of every error that kopir raises on purpose."""

    exit_code = 70

    def __init__(self, faults: Fault | Sequence[Fault] | str) -> None:
        if isinstance(faults, str):
            self.faults: tuple[Fault, ...] = ()
            super().__init__(faults)
            return
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(self._summary())

    def _summary(self) -> str:
        shown = [str(fault) for fault in self.faults[:SHOWN_FAULTS]]
        left = len(self.faults) - len(shown)
        if left > 0:
            shown.append(f"... and {left} more")
        return "\n".join(shown)


class InputError(KopirError):
    """What the user gave is wrong."""

    exit_code = 3


class SchemaError(InputError):
    """A table does not have the shape its schema asks for."""


class UnknownReference(InputError):
    """A cell points at something that does not exist."""


class UnitError(InputError):
    """A quantity does not convert to the unit asked for."""


class ConfigError(InputError):
    """kopir.toml or an option is wrong."""


class ModelError(KopirError):
    """The model is well formed but has no answer."""

    exit_code = 4


class InfeasibleError(ModelError):
    """No flow satisfies the rows named in the faults."""


class UnboundedError(ModelError):
    """The optimum is infinite: some price or capacity is missing."""


class LimitReached(ModelError):
    """A time or iteration limit stopped the solver.

    ``incumbent`` is the best value found, ``gap`` its relative distance from the bound; either may be NaN.
    """

    exit_code = 5

    def __init__(
        self, faults: Fault | Sequence[Fault] | str, *, incumbent: float = math.nan, gap: float = math.nan
    ) -> None:
        super().__init__(faults)
        self.incumbent = incumbent
        self.gap = gap


class EvidenceError(KopirError):
    """A document or its claims cannot be used."""

    exit_code = 3


class UnreadableDocument(EvidenceError):
    """A document cannot be read as text."""


class Unreconciled(EvidenceError):
    """Claims contradict each other in a way that leaves no estimate."""


class StoreError(KopirError):
    """What is on disk cannot be used."""

    exit_code = 6


class VersionMismatch(StoreError):
    """A folder was written by a newer kopir than this one."""


class Locked(StoreError):
    """Another process holds the folder."""
