"""Units of measurement: one table, one canonical unit a dimension, conversion by a factor."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kopir.core.errors import Fault, UnitError
from kopir.core.spelling import did_you_mean

SEE_UNIT = "see unit"
"""What a column is measured in whose rows name their unit themselves."""
_END_OF_INTERVAL = re.compile(r"_(?:low|high)$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: one of it is ``factor`` of the ``canonical`` unit of its ``dimension``."""

    name: str
    dimension: str
    factor: float
    canonical: str


@cache
def units() -> Mapping[str, Unit]:
    """Return every known unit, keyed by name."""
    text = files("kopir.core").joinpath("data/units.csv").read_text(encoding="utf-8")
    return {
        row["unit"]: Unit(row["unit"], row["dimension"], float(row["factor"]), row["canonical"])
        for row in csv.DictReader(text.splitlines())
    }


def unit(name: str) -> Unit:
    """Return the unit called ``name``; raises :class:`UnitError` when there is none."""
    known = units()
    if name not in known:
        raise UnitError(
            Fault(
                "K0215",
                f"unknown unit {name!r}",
                did_you_mean(name, known, "a unit of the unit table"),
                value=name,
            )
        )
    return known[name]


def conversion_factor(from_unit: str, to_unit: str) -> float:
    """Return the number of ``to_unit`` in one ``from_unit``.

    Raises :class:`UnitError` when either is unknown or their dimensions differ.
    """
    source, target = unit(from_unit), unit(to_unit)
    if source.dimension != target.dimension:
        raise UnitError(
            Fault(
                "K0216",
                f"{from_unit} ({source.dimension}) does not convert to {to_unit} ({target.dimension})",
                f"give a figure in {to_unit} or add a derived fact whose formula makes the conversion",
                value=from_unit,
            )
        )
    return source.factor / target.factor


def unit_of_column(column: str) -> str:
    """Return the unit that the name of a result's column states, blank where it states none.

    ``leverage_musd_low`` is measured as ``leverage_musd``. Names and ends of names stand in ``data/columns.csv``.
    """
    told = _told_of_column(column)
    return "" if told == SEE_UNIT else told


def units_of(record: object, *, rates: bool = True) -> dict[str, str]:
    """Return the unit of each number of a record by the name it has there, sorted; of the rows of its tables too.

    A column whose rows have a ``unit`` or name a ``measure`` is measured as that says ("see unit"). Without
    ``rates`` amounts are those of a course of days and not of a year. Names that state no unit are left out.
    """
    found: dict[str, str] = {}
    _gather(record, found, rates=rates)
    return dict(sorted(found.items()))


def _gather(record: object, found: dict[str, str], *, rates: bool) -> None:
    if isinstance(record, Mapping):
        for name, value in record.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                told = _told_of_column(name)
                if told == SEE_UNIT:
                    told = next((f"see {one}" for one in ("unit", "measure") if one in record), "")
                if told:
                    found[name] = told if rates else told.removesuffix("/yr")
            _gather(value, found, rates=rates)
    elif isinstance(record, list | tuple):
        for one in record:
            _gather(one, found, rates=rates)


def _told_of_column(column: str) -> str:
    stem = _END_OF_INTERVAL.sub("", column)
    known = _columns()
    for name in (column, stem):
        if name in known:
            return known[name]
    return next((told for name, told in known.items() if name[0] == "*" and stem.endswith(name[1:])), "")


@cache
def _columns() -> Mapping[str, str]:
    text = files("kopir.core").joinpath("data/columns.csv").read_text(encoding="utf-8")
    return {row["column"]: row["unit"] for row in csv.DictReader(text.splitlines())}
