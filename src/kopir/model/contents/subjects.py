"""Subjects: what a clause of obligations.csv may speak of, and which kind may stand on which side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kopir.core.folders.folder import Folder
from kopir.core.folders.schema import ASSET_TABLES

Form = Literal["requires", "excludes", "adds", "triggers", "costs"]
ASSETS = frozenset(ASSET_TABLES) - {"contract", "obligation", "route"}
"""Kinds of subjects that are assets: something flows there and can be closed."""

SUBJECT_TABLES: Mapping[str, tuple[str, str]] = {
    **{kind: place for kind, place in ASSET_TABLES.items() if kind in ASSETS},
    "function": ("functions", "function"),
    "institution": ("institutions", "institution"),
    "jurisdiction": ("jurisdictions", "jurisdiction"),
    "option": ("options", "option"),
}
"""Table and key column of each kind of subject."""


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Something that a clause speaks of: ``kind`` is a key of :data:`SUBJECT_TABLES`."""

    kind: str
    code: str

    @property
    def is_asset(self) -> bool:
        """Whether it is part of the network."""
        return self.kind in ASSETS

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"


def known_subjects(folder: Folder) -> Mapping[str, frozenset[str]]:
    """Return the codes of each kind of subject."""
    return {
        kind: frozenset(folder.tables[table].cells[key].to_list()) for kind, (table, key) in SUBJECT_TABLES.items()
    }


def find_subjects(text: str, kinds: Iterable[str], known: Mapping[str, frozenset[str]]) -> tuple[Subject, ...]:
    """Return the subjects of ``kinds`` that a cell may mean: ``code``, or ``kind:code``."""
    kind, colon, code = text.partition(":")
    if colon:
        named = Subject(kind, code.strip())
        return (named,) if kind in kinds and named.code in known[kind] else ()
    return tuple(Subject(kind, text) for kind in sorted(kinds) if text in known[kind])


LEFT_KINDS: Mapping[Form, frozenset[str]] = {
    "requires": ASSETS | {"option", "institution"},
    "excludes": ASSETS | {"option", "institution"},
    "adds": ASSETS | {"function"},
    "triggers": ASSETS | {"function", "institution", "option"},
    "costs": frozenset({"function", "institution", "option"}),
}
RIGHT_KINDS: Mapping[Form, frozenset[str]] = {
    "requires": frozenset({"option", "institution"}),
    "excludes": frozenset({"option", "institution"}),
    "adds": frozenset({"jurisdiction"}),
    "triggers": ASSETS | {"function"},
    "costs": frozenset(),
}
"""What may stand on either side of each form."""
