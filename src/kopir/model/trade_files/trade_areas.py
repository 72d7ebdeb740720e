"""Which state a code or name of a trade file means: ISO letters, numbers of UN Comtrade and BACI, names."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kopir.core.codes import codes

WORLD = "WORLD"
"""All partners together."""
AREA = ""
"""What is no single state: areas not elsewhere specified, bunkers, states that are no more."""

_WORLDS = frozenset({"0", "W00", "WLD", "WORLD", "G001", "1W"})
_NO_STATE = re.compile(r"_X|[A-Z_]*[0-9][A-Z0-9_]*|ANT|CSK|DDR|PUS|SCG|SUN|YUG")


def state_of(text: str) -> str | None:
    """Return the ISO alpha-3 code that ``text`` means, ``WORLD``, ``AREA``, or ``None`` when it is unknown.

    Numbers are those of UN Comtrade, which BACI shares; they differ from ISO for some states (251 France, 699
    India, 757 Switzerland, 842 United States), and both are understood. Names are English, as CLDR or the
    International Monetary Fund writes them ("Kazakhstan, Rep. of").
    """
    mark = text.strip()
    if mark.upper() in _WORLDS:
        return WORLD
    if mark in codes("states"):
        return mark
    number = mark.lstrip("0") if mark.isdecimal() else mark
    if number in _areas():
        return _areas()[number]
    if mark.isdecimal():
        return None
    if mark.isupper() and _NO_STATE.fullmatch(mark):
        return AREA
    return _names().get(mark.casefold()) or _names().get(re.split(r"[,:(]", mark)[0].strip().casefold())


@cache
def _areas() -> Mapping[str, str]:
    text = files("kopir.core").joinpath("data/trade_areas.csv").read_text(encoding="utf-8")
    return {row["code"]: row["state"] for row in csv.DictReader(text.splitlines())}


@cache
def _names() -> Mapping[str, str]:
    known = {state.names["en"].casefold(): code for code, state in codes("states").items()}
    return known | {name.casefold(): state for name, state in _areas().items() if not name.isdecimal()}
