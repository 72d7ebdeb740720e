"""Claims to facts: reconcile sources that disagree, check a text, keep score of promises."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kopir.facts._book import Fact, FactBook, reconcile
    from kopir.facts._claims import CLAIM_COLUMNS, claims_table
    from kopir.facts._conflicts import CONFLICT_CLASSES
    from kopir.facts._equations import check_equations
    from kopir.facts._identities import Identity, given_identities, implied_identities
    from kopir.facts._keys import Key, normal_key, parse_key
    from kopir.facts._loading import claims_of_folder, claims_of_readings, read_claims
    from kopir.facts._wording import Interval, worded_interval

_HOME = {
    "CLAIM_COLUMNS": "_claims",
    "CONFLICT_CLASSES": "_conflicts",
    "Fact": "_book",
    "FactBook": "_book",
    "Identity": "_identities",
    "Interval": "_wording",
    "Key": "_keys",
    "check_equations": "_equations",
    "claims_of_folder": "_loading",
    "claims_of_readings": "_loading",
    "claims_table": "_claims",
    "given_identities": "_identities",
    "implied_identities": "_identities",
    "normal_key": "_keys",
    "parse_key": "_keys",
    "read_claims": "_loading",
    "reconcile": "_book",
    "worded_interval": "_wording",
}

__all__ = [
    "CLAIM_COLUMNS",
    "CONFLICT_CLASSES",
    "Fact",
    "FactBook",
    "Identity",
    "Interval",
    "Key",
    "check_equations",
    "claims_of_folder",
    "claims_of_readings",
    "claims_table",
    "given_identities",
    "implied_identities",
    "normal_key",
    "parse_key",
    "read_claims",
    "reconcile",
    "worded_interval",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return found


def __dir__() -> list[str]:
    return __all__
