"""Institutions and obligations: what memberships and agreements require, exclude, add, trigger or cost.

A clause speaks of subjects: options, institutions, functions, jurisdictions, and assets of the network. It
holds while the focal state belongs to its institution; sanctions hold while somebody imposes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Grade
from kopir.model.contents.subjects import LEFT_KINDS, RIGHT_KINDS, Form, Subject, find_subjects, known_subjects


@dataclass(frozen=True, slots=True)
class Institution:
    """A membership, agreement, standard or sanctions regime; ``held`` says whether its clauses bind."""

    code: str
    kind: str
    members: tuple[str, ...]
    since: str | None
    until: str | None
    held: bool
    facts: tuple[str, ...]
    basis: str
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """One clause.

    ``right`` is ``None`` where the clause is about its institution itself. ``amount`` (million USD a year) and
    ``delay`` (days) are value, low and high, ``None`` where unknown; ``share`` likewise; ``threshold`` is
    Mt a year. ``grade`` is sourced where facts alone stand behind the clause, else assumed.
    """

    code: str
    institution: str
    form: Form
    left: Subject
    right: Subject | None
    function: str | None
    threshold: float
    share: tuple[float, float, float]
    amount: tuple[float, float, float] | None
    delay: tuple[float, float, float] | None
    soft: bool
    text: str
    facts: tuple[str, ...]
    basis: str
    grade: Grade
    line: int

    @property
    def target(self) -> Subject:
        """What is required, excluded, added or triggered: the institution itself where nothing is named."""
        return Subject("institution", self.institution) if self.right is None else self.right

    @property
    def binds_members(self) -> bool:
        """Whether the clause holds only while its institution is held.

        "Needs the membership" and "cannot be had beside it" hold for everybody.
        """
        about_itself = self.target == Subject("institution", self.institution)
        return not (about_itself and self.form in {"requires", "excludes"})


def read_institutions(model: Model) -> tuple[Institution, ...]:
    """Return the institutions, by code; those not yet or no longer joined on the model's day are not held."""
    return tuple(
        Institution(
            code=row["institution"],
            kind=row["kind"],
            members=tuple(row["members"]),
            since=row["since"],
            until=row["until"],
            held=_is_held(row, model.focal_state, model.as_of),
            facts=_known(model, row),
            basis=row["basis"] or "",
            note=row["note"] or "",
            line=row["line"],
        )
        for row in model.table("institutions").sort("institution").iter_rows(named=True)
    )


def _is_held(row: Mapping[str, Any], focal_state: str, as_of: date | None) -> bool:
    belongs = bool(row["members"]) if row["kind"] == "sanctions" else focal_state in row["members"]
    if as_of is None or not belongs:
        return belongs
    day = as_of.isoformat()
    return (row["since"] or day) <= day <= (row["until"] or day)


def read_obligations(model: Model, values: Mapping[CellRef, float] | None = None) -> tuple[Obligation, ...]:
    """Return the clauses, by code; ``values`` replaces central values of uncertain quantities."""
    known = known_subjects(model.folder)
    rows = sorted(model.rows("obligations", values), key=itemgetter("obligation"))
    return tuple(_obligation(model, row, known) for row in rows)


def _obligation(model: Model, row: Mapping[str, Any], known: Mapping[str, frozenset[str]]) -> Obligation:
    form: Form = row["form"]
    facts = _known(model, row)
    behind = [model.facts[name].grade for name in facts]
    share = _interval(model, row, "share")
    assert share is not None, "the column has a default"
    return Obligation(
        code=row["obligation"],
        institution=row["institution"],
        form=form,
        left=find_subjects(row["left"], LEFT_KINDS[form], known)[0],
        right=find_subjects(row["right"], RIGHT_KINDS[form], known)[0] if row["right"] else None,
        function=row["function"],
        threshold=row["threshold"],
        share=share,
        amount=_interval(model, row, "amount"),
        delay=_interval(model, row, "delay"),
        soft=row["strength"] == "soft",
        text=row["text"],
        facts=facts,
        basis=row["basis"] or "",
        grade="sourced" if behind and "assumed" not in behind and not row["basis"] else "assumed",
        line=row["line"],
    )


def _known(model: Model, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the facts of a row that were out on the model's day."""
    return tuple(name for name in row["facts"] if name in model.facts)


def _interval(model: Model, row: Mapping[str, Any], column: str) -> tuple[float, float, float] | None:
    quantity = model.quantities.get(CellRef("obligations", row["line"], column))
    return None if quantity is None else (row[column], quantity.low, quantity.high)


def held_institutions(model: Model) -> frozenset[str]:
    """Return the codes of the institutions whose clauses bind."""
    return frozenset(one.code for one in read_institutions(model) if one.held)


def in_force(model: Model, values: Mapping[CellRef, float] | None = None) -> tuple[Obligation, ...]:
    """Return the clauses that bind: of institutions held, and those that bind everybody."""
    held = held_institutions(model)
    return tuple(
        one for one in read_obligations(model, values) if one.institution in held or not one.binds_members
    )


def assets_of(model: Model, subject: Subject) -> tuple[tuple[str, str], ...]:
    """Return the assets that a subject is: itself, or those in which a function is felt by denial.csv."""
    if subject.is_asset:
        return ((subject.kind, subject.code),)
    if subject.kind != "function":
        return ()
    rows = model.table("denial").filter(function=subject.code).select("asset_type", "asset")
    return tuple(sorted({(kind, asset) for kind, asset in rows.iter_rows()}))


def with_memberships(model: Model, *, leave: Iterable[str] = (), join: Iterable[str] = ()) -> Model:
    """Return the model after the focal state left and joined institutions; to leave sanctions is their end.

    Raises :class:`InputError` for an unknown institution, one that is not held and left, or held and joined.
    """
    leaving, joining = frozenset(leave), frozenset(join)
    if not leaving | joining:
        return model
    now = {one.code: one for one in read_institutions(model)}
    faults: list[Fault] = []
    for name in sorted(leaving | joining):
        if name not in now:
            mend = did_you_mean(name, now, "an institution of institutions.csv")
            faults.append(Fault("K0505", f"unknown institution {name!r}", mend, value=name))
        elif now[name].held == (name in joining) or name in leaving & joining:
            why = "already belongs to it" if now[name].held else "does not belong to it"
            faults.append(Fault("K0505", f"{model.focal_state} {why}", "leave the name out", value=name))
    if faults:
        raise InputError(faults)
    table = model.folder.tables["institutions"]
    changed = {
        name: {**row, **_changed(row, model.focal_state, joins=name in joining)}
        for row in table.cells.iter_rows(named=True)
        if (name := row["institution"]) in leaving | joining
    }
    rows = [changed.get(row["institution"], row) for row in table.cells.iter_rows(named=True)]
    cells = pl.DataFrame(rows, schema=table.cells.schema)
    tables = {**model.folder.tables, "institutions": replace(table, cells=cells)}
    return replace(model, folder=replace(model.folder, tables=tables))


def _changed(row: Mapping[str, str], focal_state: str, *, joins: bool) -> dict[str, str]:
    others = [name for name in row["members"].split() if name != focal_state]
    if joins:
        return {"members": " ".join([*others, focal_state]), "since": "", "until": ""}
    return {"members": "" if row["kind"] == "sanctions" else " ".join(others)}
