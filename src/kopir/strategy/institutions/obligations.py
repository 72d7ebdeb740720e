"""What memberships and agreements ask, whether they can hold together, and the cheapest way out if not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

from kopir.core.errors import Fault, InfeasibleError, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.contents.subjects import Subject
from kopir.model.network.obligations import (
    Institution,
    Obligation,
    assets_of,
    read_institutions,
    read_obligations,
    with_memberships,
)
from kopir.strategy.institutions.contradictions import LogicRow, find_contradictions, independent

Interval = tuple[float, float, float]
Relaxing = Literal["break", "add", "drop", "join", "leave"]
_TEXT = pl.String
_INTERVAL = {"amount": pl.Float64, "amount_low": pl.Float64, "amount_high": pl.Float64}


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of a contradiction, in words.

    ``relaxing`` is how it can be given up, ``None`` where it cannot; ``cost`` (million USD a year: value, low,
    high) what that costs, ``None`` where unknown. ``subject`` is the clause, option or institution;
    ``facts`` are those behind it and ``sources`` the titles of their sources.
    """

    name: str
    subject: str
    says: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    basis: str
    relaxing: Relaxing | None
    cost: Interval | None


@dataclass(frozen=True)
class Contradiction:
    """A group of clauses and choices with contradictions among them.

    ``cores`` are all minimal sets that cannot hold together; ``ways_out`` all minimal sets that can be given up
    so that the rest holds, cheapest first: fewest steps of unknown cost, then cost, then number.
    """

    cores: tuple[tuple[Statement, ...], ...]
    ways_out: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True)
class ObligationResult:
    """Memberships, clauses and contradictions of a model under a plan.

    ``institutions`` has a row each with ``held``; ``clauses`` a row each with ``binds`` (its institution is
    held, or it binds everybody) and ``felt``: in the flow, among choices, or described only. ``amount`` and its
    ends are million USD a year, ``delay`` days, ``threshold`` Mt a year. ``contradictions`` are those of the
    memberships and the plan as they are; ``impossible`` the sets that could not hold if every option were
    built and every institution joined. ``fees`` sums the costs of clauses that apply, and ``penalty`` those of
    the soft clauses that memberships and plan break (million USD a year); ``unpriced`` are broken clauses whose
    penalty is not known.
    """

    plan: tuple[str, ...]
    left: tuple[str, ...]
    joined: tuple[str, ...]
    institutions: pl.DataFrame
    clauses: pl.DataFrame
    contradictions: tuple[Contradiction, ...]
    impossible: tuple[tuple[Statement, ...], ...]
    fees: Interval
    penalty: Interval
    unpriced: tuple[str, ...]

    @cached_property
    def table(self) -> pl.DataFrame:
        """Statements of contradictions: ``group``, ``kind`` (core or way out), ``set``, and what each says."""
        rows = [
            (number, kind, rank, one.subject, one.says, " ".join(one.facts), one.basis, *(one.cost or (None,) * 3))
            for number, group in enumerate(self.contradictions, 1)
            for kind, sets in (("core", group.cores), ("way out", group.ways_out))
            for rank, statements in enumerate(sets, 1)
            for one in statements
        ]
        texts = dict.fromkeys(("subject", "says", "facts", "basis"), _TEXT)
        schema = {"group": pl.Int64, "kind": _TEXT, "set": pl.Int64, **texts, **_INTERVAL}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values."""
        return {
            "plan": list(self.plan),
            "left": list(self.left),
            "joined": list(self.joined),
            "institutions": self.institutions.to_dicts(),
            "clauses": self.clauses.to_dicts(),
            "contradictions": self.table.to_dicts(),
            "impossible": [[one.name for one in core] for core in self.impossible],
            "fees": dict(zip(_INTERVAL, self.fees, strict=True)),
            "penalty": dict(zip(_INTERVAL, self.penalty, strict=True)),
            "unpriced": list(self.unpriced),
        }


def obligations(
    model: Model, *, plan: Iterable[str] = (), leave: Iterable[str] = (), join: Iterable[str] = ()
) -> ObligationResult:
    """Return what binds after some institutions are left and joined and the options of ``plan`` are taken.

    Raises :class:`InputError` for an unknown option or institution, and
    :class:`kopir.core.errors.LimitReached` when contradictions are too many to list.
    """
    left, joined = tuple(sorted(set(leave))), tuple(sorted(set(join)))
    system = _System(with_memberships(model, leave=left, join=joined), plan)
    everything = [*system.clauses(), *system.wanted()]
    return ObligationResult(
        plan=system.plan,
        left=left,
        joined=joined,
        institutions=_institution_table(system),
        clauses=_clause_table(system),
        contradictions=tuple(system.contradictions([*system.clauses(), *system.standing()])),
        impossible=tuple(core for group in system.contradictions(everything) for core in group.cores),
        fees=system.fees(),
        penalty=_sum(one.amount for one in system.broken()),
        unpriced=tuple(one.code for one in system.broken() if one.amount is None),
    )


def refuse_contradictions(model: Model, plan: Iterable[str]) -> None:
    """Raise :class:`InfeasibleError` (K0406) when hard clauses forbid ``plan``, naming each set of clauses."""
    system = _System(model, plan)
    hard = [row for row in system.clauses() if system.statements[row.name].relaxing is None]
    faults = [
        Fault(
            "K0406",
            "these cannot all hold: " + "; ".join(one.says for one in core),
            "kopir obligations lists the ways out",
            "obligations.csv",
            value=", ".join(one.subject for one in core),
        )
        for group in system.contradictions([*hard, *system.standing()])
        for core in group.cores
    ]
    if faults:
        raise InfeasibleError(faults)


class _System:
    """The clauses of a model as rows over its options (taken or not) and institutions (held or not)."""

    def __init__(self, model: Model, plan: Iterable[str]) -> None:
        self.model = model
        self.plan = tuple(sorted(set(plan)))
        self.institutions: Mapping[str, Institution] = {one.code: one for one in read_institutions(model)}
        self.obligations: Sequence[Obligation] = read_obligations(model)
        self.options = {row["option"]: row for row in model.table("options").iter_rows(named=True)}
        self.statements: dict[str, Statement] = {}
        self._titles = {row["source"]: row["title"] for row in model.folder.tables["sources"].records()}
        unknown = [name for name in self.plan if name not in self.options]
        if unknown:
            mend = "an option of options.csv"
            raise InputError(
                [
                    Fault("K0505", f"unknown option {name!r}", did_you_mean(name, self.options, mend), value=name)
                    for name in unknown
                ]
            )

    def binds(self, one: Obligation) -> bool:
        """Whether a clause binds now."""
        return not one.binds_members or self.institutions[one.institution].held

    def clauses(self) -> Iterator[LogicRow]:
        """Yield a row for each clause between options and institutions."""
        for one in self.obligations:
            if not _is_logical(one):
                continue
            given = {str(one.left)} | ({f"institution:{one.institution}"} if one.binds_members else set())
            target = str(one.target)
            name = f"clause:{one.code}"
            strength = "soft" if one.soft else "hard"
            self.statements[name] = Statement(
                name=name,
                subject=one.code,
                says=f"{one.code} ({one.institution}, {strength}): {one.text}",
                facts=one.facts,
                sources=self.titles(one.facts),
                basis=one.basis,
                relaxing="break" if one.soft else None,
                cost=one.amount,
            )
            if one.form == "excludes":
                together = given | {target}
                yield LogicRow(name, dict.fromkeys(sorted(together), 1.0), len(together) - 1)
            elif target not in given:
                yield LogicRow(name, {**dict.fromkeys(sorted(given), 1.0), target: -1.0}, len(given) - 1)

    def standing(self) -> Iterator[LogicRow]:
        """Yield a row for each option taken or left out and each institution held or not."""
        for name in sorted(self.options):
            yield self._choice("option", name, taken=name in self.plan)
        for name in sorted(self.institutions):
            yield self._choice("institution", name, taken=self.institutions[name].held)

    def wanted(self) -> Iterator[LogicRow]:
        """Yield rows that take every option and hold every institution."""
        for kind, names in (("option", self.options), ("institution", self.institutions)):
            for name in sorted(names):
                yield self._choice(kind, name, taken=True)

    def _choice(self, kind: str, code: str, *, taken: bool) -> LogicRow:
        variable = f"{kind}:{code}"
        name = variable if taken else f"not {variable}"
        self.statements[name] = self._told(name, kind, code, taken=taken)
        return LogicRow(name, {variable: -1.0 if taken else 1.0}, -1.0 if taken else 0.0)

    def _told(self, name: str, kind: str, code: str, *, taken: bool) -> Statement:
        if kind == "option":
            row = self.options[code]
            says = f"{code} is in the plan" if taken else f"{code} is not in the plan"
            cost = self._interval("options", row["line"], "annual_cost")
            facts, basis = tuple(row["facts"]), row["basis"] or ""
            relaxing: Relaxing = "drop" if taken else "add"
            return Statement(name, code, says, facts, self.titles(facts), basis, relaxing, None if taken else cost)
        one = self.institutions[code]
        if one.kind == "sanctions":
            says = f"{code} are in force" if taken else f"{code} are not in force"
            return Statement(name, code, says, one.facts, self.titles(one.facts), one.basis, None, None)
        state = self.model.focal_state
        since = f" since {one.since}" if taken and one.since else ""
        says = f"{state} belongs to {code}{since}" if taken else f"{state} does not belong to {code}"
        relaxing = "leave" if taken else "join"
        return Statement(name, code, says, one.facts, self.titles(one.facts), one.basis, relaxing, None)

    def titles(self, facts: Iterable[str]) -> tuple[str, ...]:
        """Return the titles of the sources of those of some facts that were out on the model's day."""
        known = (self.model.facts[fact] for fact in facts if fact in self.model.facts)
        codes = {source for fact in known for source in fact.sources}
        return tuple(sorted({self._titles.get(code, code) for code in codes}))

    def _interval(self, table: str, line: int, column: str) -> Interval | None:
        quantity = self.model.quantities.get(CellRef(table, line, column))
        return None if quantity is None else (quantity.value, quantity.low, quantity.high)

    def contradictions(self, rows: Iterable[LogicRow]) -> Iterator[Contradiction]:
        """Yield a contradiction for each group of rows, sharing no variable with others, that has one."""
        for group in independent(rows):
            found = find_contradictions(group)
            if not found.cores:
                continue
            told = [tuple(self.statements[name] for name in names) for names in found.corrections]
            ways_out = [way for way in told if all(one.relaxing is not None for one in way)]
            cores = tuple(tuple(self.statements[name] for name in core) for core in found.cores)
            yield Contradiction(cores, tuple(sorted(ways_out, key=_price)))

    def applies(self, subject: Subject) -> bool:
        """Whether an option is taken or an institution held; anything else always applies."""
        if subject.kind == "institution":
            return self.institutions[subject.code].held
        return subject.kind != "option" or subject.code in self.plan

    def fees(self) -> Interval:
        """Return the sum of the known costs of clauses that apply to the memberships and the plan."""
        costs = (one for one in self.obligations if one.form == "costs" and self.binds(one))
        return _sum(one.amount for one in costs if self.applies(one.left))

    def broken(self) -> tuple[Obligation, ...]:
        """Return the soft clauses that the memberships and the plan break."""
        return tuple(
            one
            for one in self.obligations
            if one.soft
            and _is_logical(one)
            and self.binds(one)
            and self.applies(one.left)
            and self.applies(one.target) == (one.form == "excludes")
        )


def total_cost(way: Sequence[Statement]) -> tuple[Interval, int]:
    """Return the known cost of a way out (million USD a year) and the number of its steps of unknown cost."""
    return _sum(one.cost for one in way), sum(one.cost is None for one in way)


def _sum(amounts: Iterable[Interval | None]) -> Interval:
    """Return the sum of the intervals that are known."""
    known = [amount for amount in amounts if amount is not None]
    value, low, high = (math.fsum(amount[part] for amount in known) for part in range(3))
    return value, low, high


def _price(way: Sequence[Statement]) -> tuple[int, float, int, tuple[str, ...]]:
    (value, _, _), unknown = total_cost(way)
    return unknown, value, len(way), tuple(one.name for one in way)


def _is_logical(one: Obligation) -> bool:
    """Whether a clause speaks of choices only, so that it can contradict a plan."""
    return one.form in {"requires", "excludes"} and not one.left.is_asset


def _felt(model: Model, one: Obligation) -> str:
    """Return where a clause works: in the ``flow``, among ``choices``, as a ``cost``, or ``described`` only."""
    if _is_logical(one):
        return "choices"
    if one.form == "costs":
        return "cost"
    closed = one.left if one.form in {"adds", "requires", "excludes"} else one.target
    acts = not one.soft and not (one.form == "triggers" and one.left.kind == "function")
    return "flow" if acts and assets_of(model, closed) else "described"


def _institution_table(system: _System) -> pl.DataFrame:
    counts = [one.institution for one in system.obligations]
    rows = [
        (
            one.code,
            one.kind,
            one.held,
            one.since,
            one.until,
            " ".join(one.members),
            counts.count(one.code),
            " ".join(one.facts),
            "; ".join(system.titles(one.facts)),
            one.basis,
            one.note,
            f"institutions:{one.code}",
        )
        for one in system.institutions.values()
    ]
    schema = {
        "institution": _TEXT,
        "kind": _TEXT,
        "held": pl.Boolean,
        "since": _TEXT,
        "until": _TEXT,
        "members": _TEXT,
        "clauses": pl.Int64,
        **dict.fromkeys(("facts", "sources", "basis", "note", "id"), _TEXT),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _clause_table(system: _System) -> pl.DataFrame:
    nothing = (None, None, None)
    rows = [
        (
            one.code,
            one.institution,
            system.binds(one),
            one.form,
            str(one.left),
            "" if one.form == "costs" else str(one.target),
            "soft" if one.soft else "hard",
            _felt(system.model, one),
            one.threshold if one.form == "triggers" else None,
            one.share[0] if one.form not in {"costs"} else None,
            *(one.amount or nothing),
            *(one.delay or nothing),
            one.text,
            one.grade,
            " ".join(one.facts),
            "; ".join(system.titles(one.facts)),
            one.basis,
            f"obligations:{one.code}",
        )
        for one in system.obligations
    ]
    texts = ("form", "left", "right", "strength", "felt")
    delay = {name.replace("amount", "delay"): kind for name, kind in _INTERVAL.items()}
    schema = {
        **dict.fromkeys(("obligation", "institution"), _TEXT),
        "binds": pl.Boolean,
        **dict.fromkeys(texts, _TEXT),
        **dict.fromkeys(("threshold", "share"), pl.Float64),
        **_INTERVAL,
        **delay,
        **dict.fromkeys(("text", "grade", "facts", "sources", "basis", "id"), _TEXT),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
