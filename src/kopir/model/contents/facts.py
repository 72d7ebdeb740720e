"""The fact book of a model folder: figures with interval, sources and, where derived, their formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from kopir.core.errors import Fault
from kopir.core.folders.formulas import FormulaError, evaluate, parse_formula
from kopir.core.folders.tables import Table

FORMULA_TOLERANCE = 1e-3
"""Relative difference between a derived fact and its formula that rounding explains."""
MOST_STEPS = 100
"""Facts on the longest way from a derived fact to one that is stated; what follows such ways calls itself."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in its own ``unit``; ``inputs`` are the facts that its ``formula`` uses.

    ``place`` says where in its source it stands, blank where only the page is known.
    """

    code: str
    indicator: str
    subject: str
    period: str
    modality: str
    value: float
    low: float
    high: float
    unit: str
    formula: str
    inputs: tuple[str, ...]
    sources: tuple[str, ...]
    note: str
    line: int
    quote: str = ""
    kind: str = "level"
    partners: tuple[str, ...] = ()
    route: str = ""
    commodity: str = ""
    perimeter: str = ""
    place: str = ""

    @property
    def grade(self) -> Literal["sourced", "derived", "assumed"]:
        """How the fact is known: a source states it, a formula derives it, or it is assumed."""
        if self.modality == "assumption":
            return "assumed"
        return "derived" if self.formula else "sourced"


def read_facts(table: Table) -> tuple[dict[str, Fact], list[Fault]]:
    """Return the facts of ``facts.csv`` and what is wrong with their intervals and formulas."""
    facts: dict[str, Fact] = {}
    faults: list[Fault] = []
    for row in table.typed.iter_rows(named=True):
        value = row["value"]
        low = value if row["low"] is None else row["low"]
        high = value if row["high"] is None else row["high"]
        formula = row["formula"] or ""
        fact = Fact(
            code=row["fact"],
            indicator=row["indicator"],
            subject=row["subject"] or "",
            period=row["period"] or "",
            modality=row["modality"],
            value=value,
            low=low,
            high=high,
            unit=row["unit"],
            formula=formula,
            inputs=parse_formula(formula).names if formula else (),
            sources=tuple(row["sources"]),
            note=row["note"] or "",
            line=row["line"],
            quote=row["quote"] or "",
            kind=row["kind"],
            partners=tuple(row["partners"]),
            route=row["route"] or "",
            commodity=row["commodity"] or "",
            perimeter=row["perimeter"] or "",
            place=row["place"] or "",
        )
        facts[fact.code] = fact
        faults += _interval_faults(fact, table.file)
    faults += _formula_faults(facts, table.file)
    for code in too_deep({code: fact.inputs for code, fact in facts.items()}):
        fact, mend = facts[code], "state a fact on the way by its value"
        why = f"derived through more than {MOST_STEPS} facts"
        faults.append(Fault("K0217", why, mend, table.file, fact.line, "formula", fact.formula))
    return facts, faults


def too_deep(inputs: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the facts from which a way of just more than :data:`MOST_STEPS` leads to one that has no inputs.

    Facts that lead to themselves are for others to tell: then there are none.
    """
    steps: dict[str, int] = {}
    try:
        for code in TopologicalSorter(inputs).static_order():
            steps[code] = max((steps[name] + 1 for name in inputs.get(code, ())), default=0)
    except CycleError:
        return []
    return sorted(code for code, count in steps.items() if count == MOST_STEPS + 1)


def _interval_faults(fact: Fact, file: str) -> list[Fault]:
    if fact.low > fact.high:
        mend = f"write low {fact.high:g} and high {fact.low:g}"
        return [Fault("K0302", "the interval is reversed", mend, file, fact.line, "low", f"{fact.low:g}")]
    if not fact.low <= fact.value <= fact.high:
        why = f"{fact.value:g} lies outside {fact.low:g} to {fact.high:g}"
        return [
            Fault("K0303", why, "correct the value or the interval", file, fact.line, "value", f"{fact.value:g}")
        ]
    return []


def _formula_faults(facts: Mapping[str, Fact], file: str) -> list[Fault]:
    faults: list[Fault] = []
    for fact in facts.values():
        if not fact.formula:
            continue
        if _depends_on_itself(fact.code, facts):
            mend = "break the circle of formulas"
            faults.append(
                Fault("K0310", "the fact depends on itself", mend, file, fact.line, "formula", fact.formula)
            )
            continue
        known = {name: facts[name].value for name in fact.inputs if name in facts}
        try:
            value = evaluate(parse_formula(fact.formula), known)
        except (FormulaError, KeyError) as error:
            faults.append(
                Fault(
                    "K0217", f"no value: {error}", "correct the formula", file, fact.line, "formula", fact.formula
                )
            )
            continue
        if abs(value - fact.value) > FORMULA_TOLERANCE * max(abs(value), abs(fact.value)):
            why = f"the formula gives {value:.6g}, the row says {fact.value:.6g}"
            mend = "correct the value, the formula or its facts"
            faults.append(Fault("K0307", why, mend, file, fact.line, "value", f"{fact.value:g}"))
    return faults


def _depends_on_itself(code: str, facts: Mapping[str, Fact]) -> bool:
    reached: set[str] = set()
    frontier = list(facts[code].inputs)
    while frontier:
        name = frontier.pop()
        if name == code:
            return True
        if name not in reached and name in facts:
            reached.add(name)
            frontier += facts[name].inputs
    return False
