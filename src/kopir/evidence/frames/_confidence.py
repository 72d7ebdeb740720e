"""Confidence from counts: how often a construction was right where it was measured, shrunk to its kind's rate.

``rules/counts.csv`` holds, for each slot and rule, how often it was right and wrong on annotated passages that
were looked at, and how many generated twins it read rightly. Twins are worded like the rules, so only ``TWINS`` of
them count. The name of a rule has parts, coarse to fine ("lead:near:export"); the rate of a part is the mean of a
beta posterior whose prior is the rate of the part above, worth ``STRENGTH`` cases (Casella 1985, empirical Bayes),
and above all stands the slot. What was open when a slot was filled is a doubt ("own:gen?unknown name"); a
slot is as sure as the least sure of its rule and its doubts, a claim as all its slots together.

``rules/floors.csv`` holds the least confidence at which claims of a language and a sort (:func:`sort_of`) are
published.
``python -m benchmarks.rule_counts --write`` makes both tables.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from math import prod

TWINS = 4
"""Twins that count as evidence for a rule."""
STRENGTH = 2
"""Cases that the rate of the part above is worth."""
REMEMBERED = 10_000
"""Rates that are kept; rules and doubts with the names of actors in them have no end."""
LEAD = "lead:"
"""Beginning of the name of a rule that fills a slot without a licence."""
DOUBT = "?"
"""Sign between the name of a rule and each doubt about it."""

WHO_AND_WHAT = ("indicator", "subject", "partners")
SORTS = ("settled", "doubted", "led")
"""Sorts of claims, from the surest."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """How often each rule and doubt of each slot was right and wrong, and how many twins it read rightly."""

    cases: Mapping[Key, tuple[int, int, int]] = field(default_factory=dict)

    @cached_property
    def _parts(self) -> Mapping[Key, tuple[int, int]]:
        """Right and wrong by slot and by each beginning of a rule's name."""
        right: Counter[Key] = Counter()
        wrong: Counter[Key] = Counter()
        for (slot, rule), (good, bad, twins) in self.cases.items():
            for part in _chain(rule):
                right[slot, part] += good + (min(twins, TWINS) if part == rule else 0)
                wrong[slot, part] += bad
        return {key: (right[key], wrong[key]) for key in right | wrong}

    @cached_property
    def _rates(self) -> dict[Key, float]:
        """Rates asked for before."""
        return {}

    def rate(self, slot: str, rule: str) -> float:
        """Return how often a rule, or a doubt (its name begins with ``?``), was right."""
        known = self._rates.get((slot, rule))
        if known is not None:
            return known
        rate = 0.5
        for part in _chain(rule):
            right, wrong = self._parts.get((slot, part), (0, 0))
            rate = (right + STRENGTH * rate) / (right + wrong + STRENGTH)
        if len(self._rates) < REMEMBERED:
            self._rates[slot, rule] = rate
        return rate

    def slot(self, slot: str, filled: str) -> float:
        """Return the confidence of a slot from what filled it, doubts included."""
        return round(min(self.rate(slot, name) for name in parts(filled)), 3)

    def claim(self, filled: Mapping[str, str]) -> float:
        """Return the confidence of a claim: that of all its slots together."""
        return prod(self.slot(slot, rule) for slot, rule in filled.items())


def parts(filled: str) -> list[str]:
    """Part the name of what filled a slot into its rule and its doubts, each with its sign."""
    rule, *doubts = filled.split(DOUBT)
    return [rule, *(DOUBT + doubt for doubt in doubts)]


def doubted(rule: str, doubts: Iterable[str]) -> str:
    """Name a rule with what was open when it filled a slot."""
    return "".join((rule, *(DOUBT + doubt for doubt in dict.fromkeys(doubts))))


def _chain(rule: str) -> list[str]:
    """Return the beginnings of a rule's name, coarse to fine: all of its sort, each part, the whole."""
    sort = DOUBT if rule.startswith(DOUBT) else LEAD if rule.startswith(LEAD) else ""
    names = rule.split(":")
    return list(dict.fromkeys((f"{sort}*", *(":".join(names[: n + 1]) for n in range(len(names))))))


@cache
def counts() -> Counts:
    """Return the counts that come with kopir."""
    return Counts(
        {(r["slot"], r["rule"]): (int(r["right"]), int(r["wrong"]), int(r["twins"])) for r in _rows("counts.csv")}
    )


def sort_of(filled: Mapping[str, str]) -> str:
    """Return the sort of a claim by what filled its slots.

    ``settled``: nothing is open; ``doubted``: something is, but who and what are bound; ``led``: who or what was
    come by without a licence.
    """
    if any(filled.get(slot, "").startswith(LEAD) for slot in WHO_AND_WHAT):
        return "led"
    return "doubted" if any(DOUBT in name or name.startswith(LEAD) for name in filled.values()) else "settled"


@cache
def _floors() -> Mapping[tuple[str, str], float]:
    return {(row["language"], row["sort"]): float(row["floor"]) for row in _rows("floors.csv")}


def floor(language: str, filled: Mapping[str, str]) -> float:
    """Return the least confidence at which a claim of a language, with its slots so filled, is published."""
    return _floors()[language, sort_of(filled)]


def _rows(name: str) -> list[dict[str, str]]:
    text = files("kopir.evidence").joinpath(f"rules/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
