"""Claims to facts: reconcile sources that disagree, check a text, keep score of promises."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kopir.facts.book._book import Fact, FactBook, reconcile
    from kopir.facts.book._conflicts import CONFLICT_CLASSES
    from kopir.facts.book._continuing import Continuation, continuations
    from kopir.facts.book._difference import Difference, cells_resting_on, diff
    from kopir.facts.book._equations import check_equations
    from kopir.facts.book._known import known_on
    from kopir.facts.book._revising import (
        Revised,
        fact_rows,
        is_fact_rows,
        read_fact_rows,
        revised_by,
        with_vintages,
    )
    from kopir.facts.book._writing import book_files, start_book, write_book
    from kopir.facts.checked._review import Review, review
    from kopir.facts.claimed._claimfaults import unregistered
    from kopir.facts.claimed._claims import CLAIM_COLUMNS, claims_table
    from kopir.facts.claimed._identities import Identity, given_identities, implied_identities
    from kopir.facts.claimed._keys import Key, normal_key, parse_key
    from kopir.facts.claimed._loading import (
        claims_of_folder,
        claims_of_readings,
        combined,
        filtered,
        gathered,
        is_claims,
        read_claims,
    )
    from kopir.facts.claimed._standing import outranked, reviewed
    from kopir.facts.claimed._wording import Interval, worded_interval
    from kopir.facts.trackers._reading import is_tracker, tracker_rows
    from kopir.facts.uses._deals import DealsLedger, deal_said, deals_ledger
    from kopir.facts.uses._narratives import Narratives, compare_narratives
    from kopir.facts.uses._targets import TargetsLedger, targets_ledger
    from kopir.facts.uses._theses import Theses, results_named, weigh_theses

_HOME = {
    "CLAIM_COLUMNS": "claimed._claims",
    "CONFLICT_CLASSES": "book._conflicts",
    "DealsLedger": "uses._deals",
    "Continuation": "book._continuing",
    "Difference": "book._difference",
    "Fact": "book._book",
    "FactBook": "book._book",
    "Identity": "claimed._identities",
    "Interval": "claimed._wording",
    "Key": "claimed._keys",
    "Narratives": "uses._narratives",
    "Review": "checked._review",
    "Revised": "book._revising",
    "TargetsLedger": "uses._targets",
    "Theses": "uses._theses",
    "cells_resting_on": "book._difference",
    "book_files": "book._writing",
    "check_equations": "book._equations",
    "claims_of_folder": "claimed._loading",
    "claims_of_readings": "claimed._loading",
    "claims_table": "claimed._claims",
    "combined": "claimed._loading",
    "compare_narratives": "uses._narratives",
    "deal_said": "uses._deals",
    "continuations": "book._continuing",
    "deals_ledger": "uses._deals",
    "diff": "book._difference",
    "filtered": "claimed._loading",
    "gathered": "claimed._loading",
    "given_identities": "claimed._identities",
    "implied_identities": "claimed._identities",
    "is_claims": "claimed._loading",
    "fact_rows": "book._revising",
    "is_fact_rows": "book._revising",
    "is_tracker": "trackers._reading",
    "tracker_rows": "trackers._reading",
    "known_on": "book._known",
    "normal_key": "claimed._keys",
    "parse_key": "claimed._keys",
    "outranked": "claimed._standing",
    "read_claims": "claimed._loading",
    "read_fact_rows": "book._revising",
    "reconcile": "book._book",
    "results_named": "uses._theses",
    "review": "checked._review",
    "reviewed": "claimed._standing",
    "revised_by": "book._revising",
    "start_book": "book._writing",
    "targets_ledger": "uses._targets",
    "unregistered": "claimed._claimfaults",
    "weigh_theses": "uses._theses",
    "with_vintages": "book._revising",
    "worded_interval": "claimed._wording",
    "write_book": "book._writing",
}

__all__ = [
    "CLAIM_COLUMNS",
    "CONFLICT_CLASSES",
    "Continuation",
    "DealsLedger",
    "Difference",
    "Fact",
    "FactBook",
    "Identity",
    "Interval",
    "Key",
    "Narratives",
    "Review",
    "Revised",
    "TargetsLedger",
    "Theses",
    "book_files",
    "cells_resting_on",
    "check_equations",
    "claims_of_folder",
    "claims_of_readings",
    "claims_table",
    "combined",
    "compare_narratives",
    "continuations",
    "deal_said",
    "deals_ledger",
    "diff",
    "fact_rows",
    "filtered",
    "gathered",
    "given_identities",
    "implied_identities",
    "is_claims",
    "is_fact_rows",
    "is_tracker",
    "known_on",
    "normal_key",
    "outranked",
    "parse_key",
    "read_claims",
    "read_fact_rows",
    "reconcile",
    "results_named",
    "review",
    "reviewed",
    "revised_by",
    "start_book",
    "targets_ledger",
    "tracker_rows",
    "unregistered",
    "weigh_theses",
    "with_vintages",
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
