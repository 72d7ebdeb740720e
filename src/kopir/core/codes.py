"""The one registry of codes: states, groups, routes, commodities and indicators, with names in four languages.

States carry ISO 3166-1 alpha-3 codes and take their names from CLDR; the other codes stand in the tables of
``kopir/core/data``. Codes that only one model folder uses (its places, firms, options) stand in its names.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "kk", "ru", "tr"]
LANGUAGES: tuple[Language, ...] = ("en", "kk", "ru", "tr")
Kind = Literal["states", "groups", "routes", "commodities", "indicators"]
KINDS: tuple[Kind, ...] = ("commodities", "groups", "indicators", "routes", "states")


@dataclass(frozen=True, slots=True)
class Code:
    """A registered code. ``members`` are the states of a group; ``meaning`` explains an indicator."""

    code: str
    kind: Kind
    names: Mapping[str, str]
    members: tuple[str, ...] = ()
    meaning: str = ""


@cache
def codes(kind: Kind) -> Mapping[str, Code]:
    """Return every code of one kind, keyed and sorted by code."""
    if kind == "states":
        return _states()
    rows = sorted(_rows(kind), key=lambda row: row["code"])
    return {
        row["code"]: Code(
            code=row["code"],
            kind=kind,
            names={language: row[language] for language in LANGUAGES if row.get(language)},
            members=tuple(row.get("members", "").split()),
            meaning=row.get("meaning", ""),
        )
        for row in rows
    }


@cache
def registered(kind: Kind) -> Set[str]:
    """Return the codes of one kind alone: the names of states in four languages take time to look up."""
    return {row["code"] for row in _rows(kind)}


def registered_name(code: str, language: Language) -> str | None:
    """Return the name of a state, group, route or commodity, or ``None`` for a code of no registry."""
    kinds: tuple[Kind, ...] = ("states", "groups", "routes", "commodities")
    for kind in kinds:
        if code in registered(kind):
            names = codes(kind)[code].names
            return names.get(language) or names.get("en")
    return None


def state_called(word: str) -> str | None:
    """Return the state with this name in one of four languages, or ISO 3166-1 code of two or three letters.

    Case does not matter. ``None`` where no state, or more than one, is called so.
    """
    wanted = word.strip().casefold()
    coded = {
        row["code"] for row in _rows("states") if wanted in {row["alpha2"].casefold(), row["code"].casefold()}
    }
    named = coded or {one.code for one in _states().values() if wanted in map(str.casefold, one.names.values())}
    return next(iter(named)) if wanted and len(named) == 1 else None


@cache
def _states() -> Mapping[str, Code]:
    from babel import Locale

    territories = {language: Locale(language).territories for language in LANGUAGES}
    return {
        row["code"]: Code(
            code=row["code"],
            kind="states",
            names={language: str(territories[language][row["alpha2"]]) for language in LANGUAGES},
        )
        for row in _rows("states")
    }


def _rows(kind: str) -> list[dict[str, str]]:
    text = files("kopir.core").joinpath(f"data/{kind}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
