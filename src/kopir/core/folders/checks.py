"""What each type of cell may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from kopir.core.errors import Fault
from kopir.core.folders.cells import ID_PATTERN, clause_members, is_measure, parse_number, parse_quantity
from kopir.core.folders.formulas import FormulaError, parse_formula
from kopir.core.folders.schema import Column
from kopir.core.periods import parse_period
from kopir.core.spelling import did_you_mean
from kopir.core.units import units

Complaint = tuple[str, str, str]
"""Fault code, why, mend."""
_BEYOND: Complaint = ("K0222", "beyond the size of anything measured", "correct the exponent, or write 0")


_NUMBER = r"([-+]?\d+(?:\.\d+)?)"
_WITH_UNIT = re.compile(rf"{_NUMBER}\s*[^\W\d_][^\[\]]*")
_PER_CENT = re.compile(rf"{_NUMBER}\s*%")
_PARTED_THOUSANDS = re.compile(r"\d{1,3}(\s\d{3})+(\.\d+)?")
_OTHER_BRACKETS = re.compile(rf"{_NUMBER}\s*[\[(]\s*{_NUMBER}\s*(?:-|–|—|…|:|;|to|\.{{2,3}})\s*{_NUMBER}\s*[\])]")
_GIVE_OR_TAKE = re.compile(rf"{_NUMBER}\s*(?:±|\+/-|\+-)\s*{_NUMBER}")
_ENDS_ALONE = re.compile(rf"\[?{_NUMBER}\s*(?:-|–|—|…|\.{{2,3}}|to)\s*{_NUMBER}\]?")
_ABOUT = re.compile(rf"(?:~|≈|>|<|≥|≤|about|ca\.?|около|~ )\s*{_NUMBER}")
_PARTED = re.compile(r"[\s]*[,;][\s]*")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_POINTED_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def cell_fault(column: Column, text: str, file: str, line: int) -> Fault | None:
    """Return what is wrong with a stripped cell of ``column``, or ``None``."""
    if not text:
        if column.may_be_blank or column.default:
            return None
        mend = f"fill it in: {column.description}"
        return Fault("K0203", f"{column.name} is blank", mend, file, line, column.name)
    complaint = _CHECKS[column.type](column, text)
    if complaint is None:
        return None
    code, why, mend = complaint
    return Fault(code, why, mend, file, line, column.name, text[:200])


def _id(_: Column, text: str) -> Complaint | None:
    if ID_PATTERN.fullmatch(text):
        return None
    return "K0211", "not a code", "use letters, digits, _ . and - without spaces"


def _ids(column: Column, text: str) -> Complaint | None:
    parted = _PARTED.split(text)
    if len(parted) > 1 and all(map(ID_PATTERN.fullmatch, parted)):
        return "K0211", "codes are separated by blanks", f"write {' '.join(parted)}"
    return next((fault for part in text.split() if (fault := _id(column, part)) is not None), None)


def _clause(column: Column, text: str) -> Complaint | None:
    members = clause_members(text)
    if not all(members):
        return "K0213", "a clause without a jurisdiction", "name the jurisdictions, joined by +"
    return next((fault for member in members if (fault := _id(column, member)) is not None), None)


def _text(_: Column, __: str) -> Complaint | None:
    return None


def _number(_: Column, text: str) -> Complaint | None:
    number = parse_number(text)
    if number is not None:
        return None if is_measure(number) else _BEYOND
    return (
        "K0205",
        f"not a finite number{_comma(text)}",
        "write a plain number with a point, without spaces or unit",
    )


def _comma(text: str) -> str:
    """Return what is uncertain about a comma in a number."""
    return ": the comma may be a decimal sign or part thousands" if "," in text else ""


def _quantity(column: Column, text: str) -> Complaint | None:
    cell = parse_quantity(text)
    if cell is None:
        return "K0214", f"not a quantity{_comma(text)}", _quantity_mend(column, text)
    if not all(map(is_measure, (cell.value, cell.low, cell.high))):
        return _BEYOND
    if cell.low is not None and cell.high is not None:
        if cell.low > cell.high:
            return "K0302", "the interval is reversed", f"write [{cell.high:g}..{cell.low:g}]"
        if cell.value is not None and not cell.low <= cell.value <= cell.high:
            return "K0303", "the value lies outside its interval", "correct the value or the interval"
    return None


def _quantity_mend(column: Column, text: str) -> str:
    """Return how a quantity is written that people write in other ways; the form of all where none is meant."""
    if found := _PER_CENT.fullmatch(text):
        part = f"{float(found[1]) / 100:g}, a share between 0 and 1" if column.unit == "1" else f"{found[1]} alone"
        return f"write {part}"
    if found := _WITH_UNIT.fullmatch(text):
        return f"write {found[1]} alone, in the unit of the column"
    if _PARTED_THOUSANDS.fullmatch(text):
        return f"write {''.join(text.split())}, without blanks"
    if found := _OTHER_BRACKETS.fullmatch(text):
        return f"write {found[1]} [{found[2]}..{found[3]}]"
    if found := _GIVE_OR_TAKE.fullmatch(text):
        value, off = float(found[1]), float(found[2])
        return f"write {value:g} [{value - off:g}..{value + off:g}]"
    if found := _ENDS_ALONE.fullmatch(text):
        low, high = float(found[1]), float(found[2])
        return f"write the best value first, then its ends: {(low + high) / 2:g} [{low:g}..{high:g}]"
    if found := _ABOUT.fullmatch(text):
        return f"write {found[1]}, or {found[1]} with its ends: {found[1]} [low..high]"
    return "write a number or a fact: 38, 38 [30..46], F0154 or F0154 [30..46]"


def _flag(_: Column, text: str) -> Complaint | None:
    return None if text in {"yes", "no"} else ("K0212", "neither yes nor no", "write yes or no")


def _choice(column: Column, text: str) -> Complaint | None:
    if text in column.choices:
        return None
    return (
        "K0208",
        f"not a {column.name}",
        did_you_mean(text, column.choices, f"one of {', '.join(column.choices)}"),
    )


def _date(_: Column, text: str) -> Complaint | None:
    try:
        # fromisoformat also reads 20250201 and 2025-W05-6.
        valid = date.fromisoformat(text).isoformat() == text
    except ValueError:
        valid = False
    pointed = _POINTED_DATE.fullmatch(text)
    written = f"{pointed[3]}-{pointed[2]:0>2}-{pointed[1]:0>2}" if pointed else "YYYY-MM-DD"
    if year_first := _YEAR_FIRST.fullmatch(text):
        written = f"{year_first[1]}-{year_first[2]:0>2}-{year_first[3]:0>2}"
    return None if valid else ("K0209", "not a date", f"write {written}")


def _period(_: Column, text: str) -> Complaint | None:
    if parse_period(text) is not None:
        return None
    return "K0210", "not a period", "write 2025, 2025-06, 2025-H1, 2025-Q3 or from/to of these"


def _unit(column: Column, text: str) -> Complaint | None:
    if text in units():
        return None
    return "K0215", "unknown unit", did_you_mean(text, units(), f"a unit of the unit table: {column.description}")


def _formula(_: Column, text: str) -> Complaint | None:
    try:
        parse_formula(text)
    except FormulaError as error:
        return "K0217", f"not a formula: {error}", "use fact ids and numbers with + - * / ( )"
    return None


def _equation(column: Column, text: str) -> Complaint | None:
    sides = text.split("=")
    if len(sides) != 2:
        return "K0217", "not an equation", "join two formulas by one ="
    return _formula(column, sides[0]) or _formula(column, sides[1])


_CHECKS: Mapping[str, Callable[[Column, str], Complaint | None]] = {
    "choice": _choice,
    "clause": _clause,
    "date": _date,
    "equation": _equation,
    "flag": _flag,
    "formula": _formula,
    "id": _id,
    "ids": _ids,
    "number": _number,
    "period": _period,
    "quantity": _quantity,
    "text": _text,
    "unit": _unit,
}
