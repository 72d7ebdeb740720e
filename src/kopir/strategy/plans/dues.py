"""What obligations make of plans: which options they block, and what they make a plan cost more a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.subjects import Subject
from kopir.model.network.obligations import Obligation, held_institutions, in_force

Plan = Sequence[str]

DUES_SCHEMA: dict[str, pl.DataType] = {
    "obligation": pl.String(),
    "options": pl.List(pl.String()),
    "when": pl.String(),
    "effect": pl.String(),
    "musd": pl.Float64(),
    "text": pl.String(),
}
"""Columns of what is told of each clause that bears on an option."""

BLOCKS, DEARER, UNPRICED = "blocks", "dearer", "price not known"


@dataclass(frozen=True)
class Dues:
    """The clauses in force of ``model`` that bear on some of the ``options`` of plans."""

    model: Model
    options: tuple[str, ...]

    def __call__(self, plan: Plan) -> float:
        """Return what clauses make a plan cost more a year than doing nothing (million USD).

        Fees of what is taken and penalties of soft clauses that the plan breaks, at their central values; less
        where the plan keeps a clause that doing nothing breaks. What is not priced counts nothing.
        """
        return self._owed(frozenset(plan)) - self._owed(frozenset()) if self.priced else 0.0

    @cached_property
    def priced(self) -> tuple[Obligation, ...]:
        """The clauses that can make a plan dearer by an amount that is known."""
        return tuple(one for one in self._bearing if one.amount is not None and (one.form == "costs" or one.soft))

    @cached_property
    def table(self) -> pl.DataFrame:
        """The clauses that bear on options: when, whether they block or make dearer, by how much, in words."""
        rows = []
        for one in self._bearing:
            when = self._when(one)
            if when is None:
                continue
            priced = one.form == "costs" or one.soft
            effect = BLOCKS if not priced else UNPRICED if one.amount is None else DEARER
            musd = one.amount[0] if effect == DEARER and one.amount is not None else None
            rows.append((one.code, self._named(one), when, effect, musd, one.text))
        return pl.DataFrame(rows, schema=DUES_SCHEMA, orient="row")

    @cached_property
    def _bearing(self) -> tuple[Obligation, ...]:
        logical = ("requires", "excludes")
        return tuple(
            one
            for one in in_force(self.model)
            if self._named(one) and (one.form == "costs" or (one.form in logical and not one.left.is_asset))
        )

    @cached_property
    def _held(self) -> frozenset[str]:
        return held_institutions(self.model)

    def _named(self, one: Obligation) -> list[str]:
        """Return the options of plans of which a clause speaks."""
        subjects = [one.left, *([] if one.form == "costs" else [one.target])]
        return [each.code for each in subjects if each.kind == "option" and each.code in self.options]

    def _owed(self, plan: frozenset[str]) -> float:
        return sum(one.amount[0] for one in self.priced if one.amount is not None and self._applies(one, plan))

    def _applies(self, one: Obligation, plan: frozenset[str]) -> bool:
        """Whether a fee is owed under a plan, or a clause broken by it."""
        if not self._is_so(one.left, plan):
            return False
        return one.form == "costs" or self._is_so(one.target, plan) == (one.form == "excludes")

    def _is_so(self, subject: Subject, plan: frozenset[str]) -> bool:
        """Whether an option is taken or an institution held; anything else always is so."""
        if subject.kind == "institution":
            return subject.code in self._held
        return subject.kind != "option" or subject.code in plan

    def _when(self, one: Obligation) -> str | None:
        """Return in words when a plan meets a clause; ``None`` where no plan does while memberships stay."""
        options = self._named(one)
        both, nothing = frozenset(options), frozenset[str]()
        met = {chosen: self._applies(one, frozenset(chosen)) for chosen in (both, *map(_alone, options), nothing)}
        if not any(met.values()):
            return None
        if met[nothing]:
            return "left out"
        if len(options) == 1:
            return "taken"
        first, second = options
        if met[_alone(first)]:
            return f"{first} without {second}"
        return f"{first} with {second}"


def _alone(option: str) -> frozenset[str]:
    return frozenset({option})
