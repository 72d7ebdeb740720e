"""What is wrong with institutions, obligations and equipment whose form and references are right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.core.folders.tables import Table
from kopir.core.spelling import did_you_mean
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.contents.subjects import ASSETS, LEFT_KINDS, RIGHT_KINDS, Subject, find_subjects, known_subjects

_PERIODS = (("valid_from", "valid_to"), ("since", "until"))
_ROUNDING = 1e-6
_Row = Mapping[str, Any]
_Known = Mapping[str, frozenset[str]]


def obligation_faults(folder: Folder) -> Iterator[Fault]:
    """Yield every fault of institutions.csv and obligations.csv."""
    known = known_subjects(folder)
    for name in ("institutions", "obligations"):
        table = folder.tables[name]
        for row in table.typed.iter_rows(named=True):
            yield from _date_faults(table, row)
            if not row["facts"] and not row["basis"]:
                mend = "name the facts behind it, or the article of the treaty in basis"
                yield Fault("K0387", "nothing stands behind the row", mend, table.file, row["line"], "facts")
    table = folder.tables["obligations"]
    for row in table.typed.iter_rows(named=True):
        yield from _side_faults(table, row, known)
        yield from _amount_faults(table, row, known)
    yield from _circle_faults(table, known)


def equipment_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    """Yield a fault for each row of equipment.csv at which the standards of a function exceed the whole."""
    table = folder.tables["equipment"]
    sums: dict[tuple[str, str], float] = {}
    for row in table.typed.iter_rows(named=True):
        for column in ("stock", "deliveries", "coproduced"):
            quantity = quantities.get(CellRef("equipment", row["line"], column))
            place = (row["function"], column)
            sums[place] = sums.get(place, 0.0) + (0.0 if quantity is None else quantity.low)
            if quantity is not None and sums[place] > 1 + _ROUNDING:
                why = f"low ends of {column} sum to {sums[place]:g}"
                mend = "correct a share, or give the shares intervals that leave room"
                yield Fault("K0320", why, mend, table.file, row["line"], column, f"{quantity.value:g}")


def _date_faults(table: Table, row: _Row) -> Iterator[Fault]:
    for first, last in _PERIODS:
        if first in row and row[first] and row[last] and row[first] > row[last]:
            why, mend = f"{first} {row[first]} is after {last}", "exchange the two dates"
            yield Fault("K0383", why, mend, table.file, row["line"], last, row[last])


def _side_faults(table: Table, row: _Row, known: _Known) -> Iterator[Fault]:
    form = row["form"]
    for column, kinds in (("left", LEFT_KINDS[form]), ("right", RIGHT_KINDS[form])):
        text = row[column]
        place = (table.file, row["line"], column, text)
        if text is None:
            if form in {"adds", "triggers"}:
                why = f"{form} names nothing on its right"
                yield Fault("K0386", why, f"name what it {form}: {_listed(kinds)}", *place)
            continue
        found = find_subjects(text, kinds, known)
        if not kinds:
            yield Fault("K0386", f"{form} has nothing on its right", "empty the cell", *place)
        elif len(found) > 1:
            mend = f"write {' or '.join(str(one) for one in found)}"
            yield Fault("K0382", f"{text!r} is the code of several things", mend, *place)
        elif not found:
            yield _unknown(text, form, kinds, known, place)


def _unknown(
    text: str, form: str, kinds: frozenset[str], known: _Known, place: tuple[str, int, str, str]
) -> Fault:
    other = find_subjects(text, sorted(set(known) - kinds), known)
    if other:
        why = f"{form} cannot have the {other[0].kind} {other[0].code!r} here"
        return Fault("K0386", why, f"name {_listed(kinds)}", *place)
    codes = sorted({code for kind in kinds for code in known[kind]})
    mend = did_you_mean(text.rpartition(":")[2], codes, f"the code of an {_listed(kinds)}")
    return Fault("K0207", f"no {_listed(kinds)} {text!r}", mend, *place)


def _listed(kinds: frozenset[str]) -> str:
    named = sorted(kinds - ASSETS) + (["asset"] if kinds & ASSETS else [])
    return " or ".join(named)


def _amount_faults(table: Table, row: _Row, known: _Known) -> Iterator[Fault]:
    place = (table.file, row["line"])
    form = row["form"]
    if form == "costs" and row["amount"] is None and row["delay"] is None:
        mend = "write million USD a year into amount or days into delay, or use another form"
        yield Fault("K0384", "a cost without an amount", mend, *place, "amount", "")
    left = find_subjects(row["left"], LEFT_KINDS[form], known)
    of_asset = bool(left) and left[0].is_asset
    if row["threshold"] not in {None, "0"} and not (form == "triggers" and of_asset):
        why = "a threshold has no unit here: nothing flows" if not of_asset else f"{form} has no threshold"
        mend = "empty the cell, or put the asset whose use counts into left"
        yield Fault("K0385", why, mend, *place, "threshold", row["threshold"])
    if form in {"requires", "excludes", "adds"} and of_asset and row["function"] is None:
        mend = "name the function in which the closure is felt"
        yield Fault("K0386", "a clause that closes an asset names no function", mend, *place, "function")


def _circle_faults(table: Table, known: _Known) -> Iterator[Fault]:
    needs: dict[Subject, set[Subject]] = {}
    for row in table.typed.iter_rows(named=True):
        if row["form"] != "requires":
            continue
        left = find_subjects(row["left"], LEFT_KINDS["requires"], known)
        right = find_subjects(row["right"] or f"institution:{row['institution']}", RIGHT_KINDS["requires"], known)
        if len(left) != 1 or len(right) != 1:
            continue
        way = _way(right[0], left[0], needs)
        if way:
            why = "circular requirements: " + " requires ".join(one.code for one in (left[0], *way))
            mend = "join what requires each other into one option, or remove the row that closes the circle"
            yield Fault("K0381", why, mend, table.file, row["line"], "right", row["right"])
        else:
            needs.setdefault(left[0], set()).add(right[0])


def _way(start: Subject, end: Subject, needs: Mapping[Subject, set[Subject]]) -> tuple[Subject, ...]:
    """Return a way along requirements from ``start`` to ``end``, both included, or nothing."""
    ways: list[tuple[Subject, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        for following in sorted(needs.get(way[-1], set()) - seen):
            seen.add(following)
            ways.append((*way, following))
    return ()
