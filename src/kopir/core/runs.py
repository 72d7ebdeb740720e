"""The run record: what a result was computed from, and how, so that anybody can compute it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from kopir.core.folders.folder import Folder
from kopir.core.folders.settings import FILE

OptionValue = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A row of a dated table that came or went between the end of the base year and the day of the answer.

    ``row`` is ``table:line``, ``since`` the first day on which it was so, ``what`` the row in words, ``facts``
    what says it.
    """

    row: str
    since: str
    what: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What stands beside every result.

    ``inputs`` maps each file of the model folder to the SHA-256 of its content; ``options`` are the arguments
    of the question; ``left_out`` counts the rows of each table that were not known on the day of ``as_of``;
    ``changed`` lists what came or went since the base year, ``moves`` what flows and refusals it moves, and
    ``known_since`` counts the facts about times after the base year that the base does not hold;
    ``status`` and ``gap`` are the solver's (``gap`` is relative, ``None`` where no programme
    was solved). The record holds no clock, no path and no locale: equal runs have equal records.
    """

    kopir: str
    model: str
    inputs: Mapping[str, str]
    seed: int
    horizon: str | None = None
    as_of: date | None = None
    base_year: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()
    moves: tuple[str, ...] = ()
    known_since: int = 0
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    solver: str = ""
    status: str = ""
    gap: float | None = None

    def as_record(self) -> dict[str, object]:
        """Return the record as plain values, the shape that ``run`` has in every ``--json`` output."""
        return {
            "kopir": self.kopir,
            "model": self.model,
            "seed": self.seed,
            "horizon": self.horizon,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "base_year": self.base_year,
            "left_out": dict(sorted(self.left_out.items())),
            "changed_since_base": {
                "rows": [{**asdict(one), "facts": list(one.facts)} for one in self.changed],
                "moves": list(self.moves),
                "facts_beside": self.known_since,
            },
            "options": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in sorted(self.options.items())
            },
            "solver": self.solver,
            "status": self.status,
            "gap": self.gap,
            "inputs": dict(sorted(self.inputs.items())),
        }


def folder_hashes(folder: Folder) -> dict[str, str]:
    """Return the SHA-256 of kopir.toml and of each table that the folder holds, keyed by file name.

    Tables are hashed as kopir writes them, so line ends, blank rows and quoting do not matter.
    """
    found = {FILE: hashlib.sha256(folder.settings_text.encode()).hexdigest()}
    found |= {table.file: table.digest for table in folder.tables.values() if table.present}
    return dict(sorted(found.items()))


def record_run(
    folder: Folder,
    *,
    kopir: str,
    seed: int | None = None,
    horizon: str | None = None,
    as_of: date | None = None,
    left_out: Mapping[str, int] | None = None,
    changed: tuple[Changed, ...] = (),
    moves: tuple[str, ...] = (),
    known_since: int = 0,
    options: Mapping[str, OptionValue] | None = None,
    solver: str = "",
    status: str = "",
    gap: float | None = None,
) -> RunRecord:
    """Return the record of a run of version ``kopir`` on ``folder``; ``seed`` defaults to that of kopir.toml."""
    return RunRecord(
        kopir=kopir,
        model=folder.settings.model.name,
        inputs=folder_hashes(folder),
        seed=folder.settings.model.seed if seed is None else seed,
        horizon=horizon,
        as_of=as_of,
        base_year=folder.settings.model.base_year,
        left_out=dict(left_out or {}),
        changed=changed,
        moves=moves,
        known_since=known_since,
        options=dict(options or {}),
        solver=solver,
        status=status,
        gap=gap,
    )
