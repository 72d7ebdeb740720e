"""Units of measurement: one table, one canonical unit a dimension, conversion by a factor."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kopir.core.errors import Fault, UnitError
from kopir.core.spelling import did_you_mean


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
    """Return the unit that the name of a result's column states, blank where it states none."""
    ends = {"loss_musd": "million USD/yr", "price_usd": "USD/FEU", "generalised_usd": "USD/FEU"}
    ends |= {"_musd": "million USD/yr", "_mt": "Mt/yr", "_share": "1", "_teu": "TEU/yr", "_day": "day"}
    ends |= {"leverage": "million USD/yr", "shapley": "million USD/yr", "standard_error": "million USD/yr"}
    ends |= {"own_price_low": "million USD/yr", "own_price_high": "million USD/yr"}
    return next((unit for end, unit in ends.items() if column.endswith(end)), "")
