"""Which ids the numbers of a brief can have: the first word, and the last."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from kopir.core.errors import Fault

COLUMNS: Mapping[str, frozenset[str]] = {
    "assumption": frozenset(["share"]),
    "binding": frozenset(["limit_mt"]),
    "calibration": frozenset(["gap_musd"]),
    "carries": frozenset(["cost"]),
    "charges": frozenset(["amount"]),
    "checks": frozenset(["exports", "least", "nobody", "shapley", "small"]),
    "coalitions": frozenset(["interaction_musd", "leverage_musd", "shapley_musd", "weight"]),
    "control": frozenset(["after_mt", "before_mt", "before_pct"]),
    "curves": frozenset(["loss_musd", "stranded_mt"]),
    "dependence": frozenset(["base_mt", "central_mt", "central_pct", "remainder_mt"]),
    "exports": frozenset(["base_mt"]),
    "intervals": frozenset(["first"]),
    "leverage": frozenset(
        [
            "",
            "assumed_share",
            "budget_musd",
            "carriers_musd",
            "consumers_musd",
            "deferral_musd",
            "firms_musd",
            "foreign_musd",
            "income_musd",
            "leverage_musd",
            "others_musd",
            "own_income_musd",
            "own_net_musd",
            "own_price_musd_high",
            "own_price_musd_low",
            "partners_musd",
            "recorded_musd",
            "rerouted_mt",
            "rerouted_mt_pct",
            "sensitivity_mt",
            "sensitivity_musd",
            "shapley_musd",
            "stranded_mt",
            "stranded_mt_pct",
            "whole_musd",
        ]
    ),
    "markets": frozenset(["differential", "price"]),
    "model": frozenset(["assumed_cells", "cells"]),
    "moves": frozenset(
        [
            "annual_cost_musd",
            "break_even_probability",
            "provider_leverage_change_musd",
            "residual_after_musd",
            "residual_before_musd",
            "residual_cut_musd",
            "undisturbed_gain_musd",
        ]
    ),
    "quota": frozenset(["excess_mt", "limit_mt", "load_mt"]),
    "reverse": frozenset(["after_mt", "before_mt", "loss_musd"]),
    "routes": frozenset(["after_mt", "before_mt"]),
    "skill": frozenset(
        [
            "error_no_change",
            "error_predicted",
            "error_proportional",
            "factor",
            "no_change",
            "observed",
            "predicted",
            "proportional",
        ]
    ),
    "supplies": frozenset(["cost"]),
    "tie": frozenset(["loss_musd", "share"]),
    "ties": frozenset(
        [
            "after_high",
            "after_low",
            "before_high",
            "before_low",
            "effective_high",
            "effective_low",
            "leader_share",
            "named",
        ]
    ),
    "traded": frozenset(["after_mt", "before_mt", "lost_mt"]),
}
"""For the first word of an id, what its last can be: a column of the result; empty where the id has none.

Words that begin ids of any length (``flow``, ``portfolio``, ``corridor``) are not here.
"""

_OF_GOODS = re.compile(r"^(rerouted|sensitivity|stranded)_.+(_mt)$")
"""Columns of a model with several goods name them: ``stranded_coal_mt``."""


def unknown_column(name: str) -> Fault | None:
    """Return what is wrong with the id of a result by its words alone; None where it can be one.

    It saves solving a model to learn that a column is misspelt.
    """
    first, *rest = name.split(":")
    known = COLUMNS.get(first)
    if known is None:
        mend = f"ids begin with one of {', '.join(sorted(COLUMNS))}; copy the id printed beside a number"
        return Fault("K0701", "no result has an id of this kind", mend, value=name)
    if not rest or _OF_GOODS.sub(r"\1\2", rest[-1]) in known or ("" in known and len(rest) == 1):
        return None
    columns = sorted(known - {""})
    near = difflib.get_close_matches(rest[-1], columns, n=3)
    mend = (
        f"did you mean {' or '.join(near)}? " if near else ""
    ) + f"the columns of {first} are {', '.join(columns)}"
    return Fault("K0701", f"{first} has no column {rest[-1]!r}", mend, value=name)
