"""A view: what one page shows, and its twins as JSON, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kopir.core.errors import Fault
from kopir.core.outward import without_controls
from kopir.core.units import units_of
from kopir.report.forms.envelope import as_envelope
from kopir.report.forms.grids import Grid
from kopir.report.forms.spreadsheets import as_csv, as_workbook

if TYPE_CHECKING:
    from kopir.core.runs import RunRecord

Twin = Literal["json", "csv", "xlsx"]
TWINS: tuple[Twin, ...] = ("json", "csv", "xlsx")
KINDS: Mapping[Twin, str] = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class View:
    """What is shown: by a ``template`` with its ``context`` to people, as ``record`` and ``main`` to programs.

    ``parts`` are further tables of the workbook. Amounts are those of a year where they are ``rates``.
    """

    template: str
    title: str
    context: Mapping[str, object]
    record: Mapping[str, object]
    main: Grid
    parts: Sequence[Grid] = ()
    run: RunRecord | None = None
    faults: Sequence[Fault] = ()
    rates: bool = True
    twins: Mapping[str, str] = field(default_factory=dict)

    def as_twin(self, twin: Twin) -> bytes:
        """Return the view as data."""
        if twin == "json":
            run = None if self.run is None else self.run.as_record()
            return as_envelope(run, self.record, self.faults, units_of(self.record, rates=self.rates)).encode()
        if twin == "csv":
            return without_controls(as_csv(self.main, guard=True, rates=self.rates)).encode()
        return as_workbook(self.main, self.parts, self.run, rates=self.rates)
