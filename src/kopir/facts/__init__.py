"""Claims to facts: reconcile sources that disagree, check a text, keep score of promises."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kopir.facts._book import Fact, FactBook, reconcile
    from kopir.facts._claims import CLAIM_COLUMNS, claims_table
    from kopir.facts._conflicts import CONFLICT_CLASSES
    from kopir.facts._deals import DealsLedger, deals_ledger
    from kopir.facts._difference import Difference, cells_resting_on, diff
    from kopir.facts._equations import check_equations
    from kopir.facts._identities import Identity, given_identities, implied_identities
    from kopir.facts._keys import Key, normal_key, parse_key
    from kopir.facts._loading import (
        claims_of_folder,
        claims_of_readings,
        combined,
        filtered,
        is_claims,
        read_claims,
    )
    from kopir.facts._narratives import Narratives, compare_narratives
    from kopir.facts._review import Review, review
    from kopir.facts._standing import outranked, reviewed
    from kopir.facts._targets import TargetsLedger, targets_ledger
    from kopir.facts._theses import Theses, results_named, weigh_theses
    from kopir.facts._wording import Interval, worded_interval
    from kopir.facts._writing import write_book

_HOME = {
    "CLAIM_COLUMNS": "_claims",
    "CONFLICT_CLASSES": "_conflicts",
    "DealsLedger": "_deals",
    "Difference": "_difference",
    "Fact": "_book",
    "FactBook": "_book",
    "Identity": "_identities",
    "Interval": "_wording",
    "Key": "_keys",
    "Narratives": "_narratives",
    "Review": "_review",
    "TargetsLedger": "_targets",
    "Theses": "_theses",
    "cells_resting_on": "_difference",
    "check_equations": "_equations",
    "claims_of_folder": "_loading",
    "claims_of_readings": "_loading",
    "claims_table": "_claims",
    "combined": "_loading",
    "compare_narratives": "_narratives",
    "deals_ledger": "_deals",
    "diff": "_difference",
    "filtered": "_loading",
    "given_identities": "_identities",
    "implied_identities": "_identities",
    "is_claims": "_loading",
    "normal_key": "_keys",
    "parse_key": "_keys",
    "outranked": "_standing",
    "read_claims": "_loading",
    "reconcile": "_book",
    "results_named": "_theses",
    "review": "_review",
    "reviewed": "_standing",
    "targets_ledger": "_targets",
    "weigh_theses": "_theses",
    "worded_interval": "_wording",
    "write_book": "_writing",
}

__all__ = [
    "CLAIM_COLUMNS",
    "CONFLICT_CLASSES",
    "DealsLedger",
    "Difference",
    "Fact",
    "FactBook",
    "Identity",
    "Interval",
    "Key",
    "Narratives",
    "Review",
    "TargetsLedger",
    "Theses",
    "cells_resting_on",
    "check_equations",
    "claims_of_folder",
    "claims_of_readings",
    "claims_table",
    "combined",
    "compare_narratives",
    "deals_ledger",
    "diff",
    "filtered",
    "given_identities",
    "implied_identities",
    "is_claims",
    "normal_key",
    "outranked",
    "parse_key",
    "read_claims",
    "reconcile",
    "results_named",
    "review",
    "reviewed",
    "targets_ledger",
    "weigh_theses",
    "worded_interval",
    "write_book",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return found


def __dir__() -> list[str]:
    return __all__
