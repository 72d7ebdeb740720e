"""Confidence from counts: how often a construction was right where it was measured, shrunk to its slot's rate.

``rules/counts.csv`` holds, for each slot and rule, how often it was right and wrong on annotated passages that
were looked at, and how many generated twins it read rightly. Twins are worded like the rules, so only ``TWINS`` of
them count. A rule's confidence is the mean of a beta posterior whose prior is the rate of all licensed rules of
the slot, worth ``STRENGTH`` cases (Casella 1985, empirical Bayes); that rate follows the rule of succession.
``python -m benchmarks.rule_counts --write`` makes the table.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

TWINS = 4
"""Twins that count as evidence for a rule."""
STRENGTH = 4
"""Cases that the rate of a rule's slot is worth."""
FLOOR = 0.8
"""Confidence that every slot of a published claim must have."""
LEAD = "lead:"
"""Beginning of the name of a rule that fills a slot without a licence."""
UNKNOWN = 0.5


@cache
def _counts() -> Mapping[tuple[str, str], tuple[int, int, int]]:
    path = files("kopir.evidence").joinpath("rules/counts.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {(r["slot"], r["rule"]): (int(r["right"]), int(r["wrong"]), int(r["twins"])) for r in rows}


@cache
def _rate(slot: str) -> float:
    """Return how often the licensed rules of a slot were right on annotated passages."""
    licensed = [n for (name, rule), n in _counts().items() if name == slot and not rule.startswith(LEAD)]
    right, wrong = sum(n[0] for n in licensed), sum(n[1] for n in licensed)
    return (right + 1) / (right + wrong + 2)


@cache
def measured(slot: str, rule: str) -> float:
    """Return the confidence of a rule; a lead that was never met has one half."""
    right, wrong, twins = _counts().get((slot, rule), (0, 0, 0))
    prior = UNKNOWN if rule.startswith(LEAD) else _rate(slot)
    right += min(twins, TWINS)
    return round((right + STRENGTH * prior) / (right + wrong + STRENGTH), 3)
