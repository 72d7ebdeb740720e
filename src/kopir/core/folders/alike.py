"""Codes that people take for one another: in other case, or in letters of another script that look the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice

from kopir.core.errors import Fault
from kopir.core.folders.schema import Column
from kopir.core.folders.tables import MAX_FAULTS, Table

_LATIN = "ABEZHIJKMNOPSTYXaceijopsxyhwqd"
_CYRILLIC = "АВЕZНІЈКМNОРЅТҮХасеіјорѕхуһԝԛԁ"
_GREEK = "ΑΒΕΖΗΙJΚΜΝΟΡSΤΥΧaceijορsxyhwqd"
_ALIKE = str.maketrans(_CYRILLIC + _GREEK + "СУӀӏ", _LATIN + _LATIN + "CYIl")
"""Letters of the Cyrillic and Greek scripts that look like Latin ones, in the fonts of most screens."""
_RUN = re.compile(r"[^\W\d_]+")


def looks(code: str) -> str:
    """Return the code in Latin letters where others look like them; the same of two codes that look alike."""
    return code if code.isascii() else unicodedata.normalize("NFKC", code).translate(_ALIKE)


def alike_faults(tables: Mapping[str, Table]) -> list[Fault]:
    """Return a fault for every code that another is easily taken for (K0221), and for words of two scripts.

    Codes that identify the rows of a table must differ by more than the case of letters and their script. Codes
    of columns that no table defines must not look like a code that one defines. At most ``MAX_FAULTS`` are
    returned for one table.
    """
    known = _defined(tables)
    return [
        fault for _, table in sorted(tables.items()) for fault in islice(_table_faults(table, known), MAX_FAULTS)
    ]


def _table_faults(table: Table, known: Mapping[str, tuple[str, str]]) -> Iterator[Fault]:
    for column in _free(table):
        seen: dict[str, str] = {}
        for line, cell in zip(table.cells["line"].to_list(), table.cells[column.name].to_list(), strict=True):
            for code in cell.split():
                twin = seen.setdefault(looks(code).casefold(), code)
                place = (table.file, line, column.name, code[:80])
                if twin != code:
                    why = f"it is easily taken for {twin!r}: only case or script of letters differ"
                    yield Fault("K0221", why, "write it the same, or name it otherwise", *place)
                    continue
                other, where = known.get(looks(code), (code, ""))
                if other != code:
                    why = f"it looks like {other!r} of {where}.csv, in letters of another script"
                    yield Fault("K0221", why, f"write {other}, or name it otherwise", *place)
                elif _mixed(code):
                    why = "a word of it mixes letters of two scripts"
                    yield Fault("K0221", why, "write it in one script", *place)


def _free(table: Table) -> Iterator[Column]:
    """Yield the columns of codes that no other table defines."""
    for column in table.schema.columns:
        if column.type in {"id", "ids"} and not column.refers_to and column.name in table.present:
            yield column


def _defined(tables: Mapping[str, Table]) -> dict[str, tuple[str, str]]:
    """Return each code that a table defines with its table, by what it looks like; Latin ones first."""
    found: dict[str, tuple[str, str]] = {}
    for name, table in sorted(tables.items()):
        if len(table.schema.key) != 1 or name == "names":
            continue
        for code in table.cells[table.schema.key[0]].to_list():
            if code and (code.isascii() or looks(code) not in found):
                found[looks(code)] = (code, name)
    return found


def _mixed(code: str) -> bool:
    return not code.isascii() and any(
        len({_script(letter) for letter in run} - {""}) > 1 for run in _RUN.findall(code)
    )


def _script(letter: str) -> str:
    script = unicodedata.name(letter, "").split(" ")[0]
    return script if script in {"LATIN", "CYRILLIC", "GREEK"} else ""
