"""What is not told of a sum that moved: parts that keep their share of it, and wholes that follow their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kopir.core.folders.cells import parse_quantity
from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import parse_formula

Rows = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Untold:
    """Facts of which nothing later is held, and which cannot stay as they were beside what is told.

    ``kept``: a part of each whole of which it keeps its share. ``following``: a whole, and the parts by whose
    change it changes; what remains of it beside them stays.
    """

    kept: Mapping[str, str] = field(default_factory=dict)
    following: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def before(self, fact: str, formula: str) -> tuple[str, ...]:
        """Return what must be known before a fact whose row has ``formula``."""
        if fact in self.kept:
            return (self.kept[fact],)
        return self.following.get(fact) or (parse_formula(formula).names if formula else ())


def split_by_assumption(folder: Folder) -> frozenset[str]:
    """Return the facts of flows of the base year whose row stands in a block: a sum whose split nobody tells."""
    year = str(folder.settings.model.base_year)
    found = set()
    for row in folder.tables["baseline_flows"].records():
        cell = parse_quantity(row["value"]) if row["block"] and row["period"] == year else None
        if cell is not None and cell.fact is not None:
            found.add(cell.fact)
    return frozenset(found)


def untold(
    rows: Rows,
    wanted: Sequence[str],
    told: Collection[str],
    known: Untold,
    after: Mapping[str, float],
    split: Collection[str],
) -> Untold:
    """Return ``known`` and what else must keep its share or follow, by each remainder ``whole - part - part``.

    Where the whole moved, parts that nothing later is ``told`` of keep their share of it if the remainder is one
    row of a ``split`` by assumption, or falls below zero ``after`` (values of the new year): carried over, the
    parts of less could be more than all of it, and the last of a split would take up the whole difference.
    Where only parts moved, the whole follows and the remainder stays: it would take up what nobody tells of.
    """
    kept, following = dict(known.kept), dict(known.following)
    for fact, whole, parts in _remainders(rows, wanted):
        by_told = {one for one, changed in following.items() if _moved(rows, wanted, {*told, *kept}) & {*changed}}
        moved = _moved(rows, wanted, {*told, *kept, *by_told})
        if whole in moved:
            sunk = after.get(fact, 0.0) < 0 <= float(rows[fact]["value"])
            if (fact in split or sunk) and float(rows[whole]["value"]) != 0:
                kept |= {part: whole for part in parts if part in wanted and part not in moved}
        elif not rows[whole]["formula"] and fact not in kept:
            changed = tuple(part for part in parts if part in after)
            following |= {whole: changed} if changed else {}
    return Untold(kept, {whole: parts for whole, parts in following.items() if whole not in kept})


def _remainders(rows: Rows, wanted: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for fact in wanted:
        terms = _difference(rows[fact]["formula"])
        if terms is not None and terms[0] in wanted:
            yield fact, *terms


def _moved(rows: Rows, wanted: Sequence[str], told: Collection[str]) -> frozenset[str]:
    """Return the facts that what is told moves, by formulas too; what a closure alone moves is not among them."""
    moved = set(told)
    while True:
        more = {
            fact
            for fact in wanted
            if fact not in moved
            and rows[fact]["formula"]
            and moved & {*parse_formula(rows[fact]["formula"]).names}
        }
        if not more:
            return frozenset(moved)
        moved |= more


def _difference(formula: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the whole and the parts of ``whole - part - part``, nothing for any other formula."""
    steps = parse_formula(formula).steps if formula else ()
    names = tuple(step for step in steps if isinstance(step, str) and step[0].isalpha())
    if len(names) < 2 or steps != (names[0], *(step for name in names[1:] for step in (name, "-"))):
        return None
    return names[0], names[1:]
