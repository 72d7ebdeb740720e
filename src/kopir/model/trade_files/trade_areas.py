"""Which state a code or name of a trade file means: ISO letters, numbers of UN Comtrade and BACI, names."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kopir.core.codes import codes

WORLD = "WORLD"
"""All partners together."""
AREA = ""
"""What is no single state: areas not elsewhere specified, bunkers, states that are no more."""
SUM = "SUM"
"""A sum of states that stand beside it, such as the European Union: counting it would count them twice."""
STANDS_FOR = {"490": "TWN", "S19": "TWN"}
"""Areas of statistics that are in practice one state: *Other Asia, nes* of the United Nations."""

_WORLDS = frozenset({"0", "W00", "WLD", "WORLD", "G001", "1W"})
_NO_STATE = re.compile(r"_X|[A-Z_]*[0-9][A-Z0-9_]*|ANT|CSK|DDR|PUS|SCG|SUN|YUG")
_OTHERS = frozenset({"china", "congo", "germany", "korea", "vietnam", "yemen"})
"""Names that several states share but for the form of state: nothing is left out of these."""
_KIND = r"(arab|dem\.|democratic|fed\.|federal|federated|islamic|people's|plurinational|socialist|united)"
_FORM = re.compile(
    rf"the|(the )?({_KIND} )*(rep\.?|republica?)( bolivariana)?( (of|the|de))*"
    rf"|(the )?({_KIND} )*(commonwealth|kingdom|principality|states?|sultanate|union) (of|the|de)( the)?"
)
"""Forms of state as the International Monetary Fund puts them behind a name: *Islamic Republic of*, *The*."""


def state_of(text: str) -> str | None:
    """Return the ISO alpha-3 code that ``text`` means, ``WORLD``, ``AREA``, ``SUM``, or ``None`` when unknown.

    Numbers are those of UN Comtrade, which BACI shares; they differ from ISO for some states (251 France, 699
    India, 757 Switzerland, 842 United States), and both are understood. Names are English, as CLDR, the United
    Nations or the International Monetary Fund write them. Of a name in two parts only the form of state is
    left out ("Kazakhstan, Rep. of"), never a place: "China, P.R.: Hong Kong" is not China.
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
    return _named(mark)


@cache
def numbers() -> frozenset[str]:
    """Return the numbers of UN Comtrade that are known, without leading zeros; that of all partners is blank."""
    return frozenset({"", *(code for code in _areas() if code.isdecimal())})


def _named(mark: str) -> str | None:
    name = _folded(mark)
    if name in _names():
        return _names()[name]
    first, found, form = (part.strip() for part in name.partition(","))
    if not found or first in _OTHERS or not _FORM.fullmatch(form):
        return None
    return _names().get(first)


def _folded(name: str) -> str:
    """Return a name without case, marks on letters, and the two ways of writing an apostrophe and *and*."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(bare.replace("’", "'").replace("&", "and").replace("ı", "i").casefold().split())


@cache
def _areas() -> Mapping[str, str]:
    text = files("kopir.core").joinpath("data/trade_areas.csv").read_text(encoding="utf-8")
    return {row["code"]: row["state"] for row in csv.DictReader(text.splitlines())}


@cache
def _names() -> Mapping[str, str]:
    """Return states and areas by folded name: of CLDR, of the table, and of its numbers."""
    text = files("kopir.core").joinpath("data/trade_areas.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    known = {_folded(state.names["en"]): code for code, state in codes("states").items()}
    known |= {_folded(row["area"]): row["state"] for row in rows if row["area"] and row["code"].isdecimal()}
    return known | {_folded(row["code"]): row["state"] for row in rows if not row["code"].isdecimal()}
