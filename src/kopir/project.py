"""The library face: open a model folder and ask it questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kopir.core.clock import today
from kopir.core.errors import Fault, InputError
from kopir.core.runs import Changed, OptionValue, RunRecord, record_run
from kopir.core.version import __version__
from kopir.model.contents.as_of import left_out_by_table
from kopir.model.contents.model import Model
from kopir.model.contents.since import changed_rows, facts_since
from kopir.model.folder.opening import open_model
from kopir.model.grounds.answers import Answer
from kopir.model.grounds.cited import renewed
from kopir.model.grounds.inventory import Inventory, take_inventory
from kopir.model.grounds.provenance import Trace, trace
from kopir.strategy.questions import Questions, question_of

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.codes import Language
    from kopir.model.network.capacity import Horizon
    from kopir.report.content import Brief
    from kopir.report.forms.exported import Exported
    from kopir.strategy.value.setup import Setup

Result = TypeVar("Result")

_IN_BRIEF = frozenset({"coalitions", "corridor", "flow", "leverage", "portfolio", "swap", "transit"})
"""Questions whose ids the brief uses too, for numbers of its own."""

__all__ = ["Answer", "Project", "open_project"]


@dataclass(frozen=True, repr=False)
class Project(Questions):
    """A model opened to be asked. Every question of the list returns a frozen :class:`Answer`; nothing prints.

    ``seed`` is used where something is drawn at random and stands in every run record.
    """

    model: Model
    seed: int

    @cached_property
    def setup(self) -> Setup:
        """The model made ready: network, calibration, clauses and rates.

        Raises :class:`kopir.core.errors.ModelError` where recorded flows cannot be calibrated.
        """
        from kopir.strategy.value.setup import prepare

        return prepare(self.model)

    @cached_property
    def _moves(self) -> tuple[str, ...]:
        from kopir.strategy.value.since import moves

        return moves(self.setup, changed_rows(self.model))

    def check(self) -> Answer[Inventory]:
        """Return what the model holds and rests on, what is doubtful, and what keeps it from being solved.

        A model with faults does not open.
        """
        from kopir.strategy.sense.doubts import make_sense

        found = make_sense(self.model)
        held = replace(
            take_inventory(self.model), warnings=(*self.model.warnings, *found.warnings), stops=found.stops
        )
        status = "not solved" if found.stops else "doubtful" if held.warnings else "sound"
        return Answer(held, held.table, self.record("check", status=status))

    def __repr__(self) -> str:
        """Say in a line what is asked, not all that it holds."""
        told = self.model.settings.model
        day = "as written" if self.model.as_of is None else f"as of {self.model.as_of}"
        rows = sum(len(table.cells) for table in self.model.folder.tables.values())
        state = f"focal state {told.focal_state}, base year {told.base_year}"
        return f"<kopir model {told.name}: {state}, {day}, {rows:,} rows>"

    def table(self, name: str) -> pl.DataFrame:
        """Return a table of the folder as a frame: cells typed, quantities with ``_low``, ``_high`` and ``_cell``.

        Raises :class:`kopir.core.errors.InputError` for an unknown table.
        """
        from kopir.core.spelling import did_you_mean
        from kopir.model.neighbours.columns import table_frame

        tables = self.model.folder.tables
        if name not in tables:
            mend = did_you_mean(name, tables, f"one of {', '.join(tables)}")
            raise InputError(Fault("K0505", f"unknown table {name!r}", mend, value=name))
        return table_frame(self.model, name)

    def with_(self, table: str, *, where: Mapping[str, str], **cells: object) -> Project:
        """Return the project with ``cells`` changed in the rows of ``table`` that are as ``where`` says.

        ``model.with_("carries", where={"link": "PIPE"}, nameplate="40 [35..45]")``. Nothing is written; the run
        record of an answer has the hash of the changed table. Raises
        :class:`kopir.core.errors.InputError` where table, column, row or cell are not valid.
        """
        from kopir.model.contents.as_of import as_it_stood
        from kopir.model.contents.edited import with_cells
        from kopir.model.folder.opening import model_of

        model = model_of(with_cells(self.model.folder, table, where, cells))
        return replace(self, model=model if self.model.as_of is None else as_it_stood(model, self.model.as_of))

    def exported(self, form: str, *, horizon: Horizon = "short") -> Exported:
        """Return the model as files for other programs.

        ``form`` is one of ``xlsx``, ``geojson``, ``parquet``, ``pypsa`` and ``datapackage``. Raises
        :class:`kopir.core.errors.InputError` for another form.
        """
        from kopir.report.forms.exported import exported

        return exported(self.model, lambda: self.setup, form, horizon)

    def brief(self, *, language: Language = "en", horizon: Horizon = "short") -> Brief:
        """Return the brief of the model; :func:`kopir.report.brief.write_brief` writes it.

        Raises :class:`kopir.core.errors.ModelError` where the model has no optimum.
        """
        from kopir.report.brief import build_brief

        return build_brief(self.setup, language=language, seed=self.seed, horizon=horizon)

    def why(self, name: str, *, horizon: Horizon = "short", memory: Path | None = None) -> Trace:
        """Return the way from a number to model rows, facts, formulas and sources.

        ``name`` is an id as :mod:`kopir.model.grounds.provenance` lists them; ids of results are computed at
        ``horizon``, those of the brief looked up in the folder ``memory`` first, where
        :func:`kopir.report.recall.remember` has kept them for the same content and question. Raises
        :class:`kopir.core.errors.InputError` when nothing has this id.
        """
        from kopir.report.ids import COLUMNS, unknown_column

        name = renewed(name)
        verb = name.partition(":")[0]
        if ":" not in name or verb in self.model.folder.tables:
            return trace(self.model, name)
        question = question_of(name)
        if question is not None and verb not in _IN_BRIEF:
            return trace(self.model, name, question.numbers_of(self, name, horizon))
        if question is None or (question.numbers is None and verb in COLUMNS):
            unknown = unknown_column(name)
            if unknown is not None:
                raise InputError(unknown)
        if question is not None:
            numbers = question.numbers_of(self, name, horizon)
            if name in numbers or (verb == "leverage" and _party_of(name) not in map(_party_of, numbers)):
                return trace(self.model, name, numbers)
        return self._why_in_brief(name, horizon, memory)

    def _why_in_brief(self, name: str, horizon: Horizon, memory: Path | None) -> Trace:
        from kopir.report.recall import trace_in_brief, trace_recalled

        found = trace_recalled(self.model, name, self.record("brief", horizon=horizon), memory)
        return trace_in_brief(self.model, name, self.brief(horizon=horizon)) if found is None else found

    def answer(
        self,
        verb: str,
        result: Result,
        table: pl.DataFrame,
        *,
        horizon: str | None = None,
        status: str = "",
        options: Mapping[str, OptionValue] | None = None,
    ) -> Answer[Result]:
        """Return ``result`` with its main ``table`` and the record of the run of ``verb`` that gave it."""
        return Answer(result, table, self.record(verb, horizon=horizon, status=status, options=options))

    @cached_property
    def _since(self) -> tuple[tuple[Changed, ...], int]:
        """What changed since the base year, and how many facts about later times no figure rests on."""
        return changed_rows(self.model), len(facts_since(self.model)) if self.model.as_of else 0

    def record(
        self,
        verb: str,
        *,
        horizon: str | None = None,
        status: str = "",
        options: Mapping[str, OptionValue] | None = None,
    ) -> RunRecord:
        """Return the record of a run of ``verb`` on this model."""
        solver, gap = "", None
        moved: tuple[str, ...] = ()
        changed, known_since = self._since
        if horizon is not None:
            moved = self._moves if changed else ()
            from kopir.flow.program import solver_version

            solver, gap = f"HiGHS {solver_version()}", 0.0
        return record_run(
            self.model.folder,
            kopir=__version__,
            seed=self.seed,
            horizon=horizon,
            as_of=self.model.as_of,
            left_out=left_out_by_table(self.model.left_out),
            changed=changed,
            moves=moved,
            known_since=known_since,
            options={"verb": verb, **(options or {})},
            solver=solver,
            status=status,
            gap=gap,
        )


def _party_of(name: str) -> str:
    return name.split(":")[1]


def open_project(path: Path | str, *, as_of: date | None = None, seed: int | None = None) -> Project:
    """Open a model folder, or the bundled model of that name, as it stood on ``as_of``, today unless given.

    Facts published and clauses in force by then act; the day stands in every run record. ``seed`` replaces that of
    kopir.toml. Raises :class:`kopir.core.errors.InputError` with every fault found, and
    :class:`kopir.core.errors.VersionMismatch` when the folder is newer than this kopir.
    """
    model = open_model(path, as_of=as_of or today())
    return Project(model, model.settings.model.seed if seed is None else seed)
