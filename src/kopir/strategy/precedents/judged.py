"""How well the mechanisms tell what was seen, beside two naive forecasts, one voice for each disruption.

Seen are the disruptions that the parameters were fitted on, unseen those kept for scoring and never scored before.
A seen disruption is predicted with the parameters that it speaks of fitted without it, so that the seen figures do
not flatter. Each response of a disruption with n of them weighs 1/n: one much measured disruption has one voice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import polars as pl

from kopir.strategy.precedents.compared import ALL, ERRORS, by_ground, ratio_range
from kopir.strategy.precedents.fitted import Fit, Trials, fit, without
from kopir.strategy.precedents.mechanisms import Prediction, predict, proportional
from kopir.strategy.precedents.ranges import Spread, spread
from kopir.strategy.precedents.record import Precedent, Record, Response

NULL = 0.01
"""Relative change below which nothing is said to have happened."""
GOAL_ERROR, GOAL_ROWS, GOAL_SIGNS = 0.7, 25, 0.9
"""Wanted: error at most this share of the better naive one, on so many responses, and directions right."""

HORIZONS = {"1 to 3 days": 3, "to 10 days": 10, "to a month": 31, "to a quarter": 92, "over a quarter": math.inf}
"""Lengths of the period asked about, in days."""
UNKNOWN = "unknown"

_TEXTS = ("response", "precedent", "mechanism", "kind", "horizon", "indicator", "unit")
_NUMBERS = ("before", "seen", "predicted", "low", "high", "no_change", "proportional")
SCHEMA = {
    **dict.fromkeys(_TEXTS, pl.String),
    **dict.fromkeys((*_NUMBERS, *ERRORS), pl.Float64),
    **dict.fromkeys(("sign", "told", "within"), pl.Boolean),
    "weight": pl.Float64,
}


@dataclass(frozen=True)
class Judgement:
    """Predicted beside seen.

    ``table`` has a row for each response that the rules can predict: ``mechanism``, ``before``, ``seen``,
    ``predicted`` with ``low`` and ``high``, the naive forecasts ``no_change`` and ``proportional`` (all in
    ``unit``), relative errors, ``sign`` (direction right), ``told`` (a direction is predicted), ``within`` (seen
    from low to high; of a seen row, in the range that the other disruptions make), ``weight``.
    ``mechanisms`` has errors and shares by rule, and of all (``all``), see :func:`by_ground`; ``kinds`` and
    ``horizons`` the same by what was hit and by the length of the period asked about. ``ratio_range`` is how far
    chance moves the ratio of all.
    ``unexpressed`` names the responses that the rules do not reach, and why. ``fitted`` are the parameters,
    ``spread`` how far the ranges reach.
    """

    part: Literal["seen", "unseen"]
    table: pl.DataFrame
    mechanisms: pl.DataFrame
    kinds: pl.DataFrame
    horizons: pl.DataFrame
    ratio_range: tuple[float, float] | None
    unexpressed: pl.DataFrame
    fitted: Fit
    spread: Spread
    disruptions: int
    sourced: int

    @property
    def goal(self) -> tuple[bool, bool, bool]:
        """Whether error, number of responses and directions reach what is wanted."""
        total = self.mechanisms.filter(mechanism=ALL)
        if total.is_empty():
            return False, False, False
        row = total.row(0, named=True)
        error = row["ratio"] is not None and row["ratio"] <= GOAL_ERROR
        return error, row["responses"] >= GOAL_ROWS, row["signs"] >= GOAL_SIGNS

    def as_record(self) -> dict[str, object]:
        """Return the judgement as plain values."""
        names = self.fitted.parameters
        fitted = [
            {
                "parameter": name,
                "value": names[name],
                "low": self.fitted.low[name],
                "high": self.fitted.high[name],
                "disruptions": self.fitted.events[name],
            }
            for name in names
        ]
        return {
            "part": self.part,
            "disruptions": self.disruptions,
            "with_two_sources": self.sourced,
            "mechanisms": self.mechanisms.to_dicts(),
            "kinds": self.kinds.to_dicts(),
            "horizons": self.horizons.to_dicts(),
            "ratio_range": self.ratio_range,
            "responses": self.table.to_dicts(),
            "unexpressed": self.unexpressed.to_dicts(),
            "range_level": self.spread.level,
            "fitted": fitted,
        }


def judge(record: Record, part: Literal["seen", "unseen"], told: tuple[Fit, Spread] | None = None) -> Judgement:
    """Return what the mechanisms, fitted on the seen part, give for one part of a record.

    ``told`` are its parameters and ranges where they are known already.
    """
    fitted, reach = told or learnt(record)
    chosen = {code: one for code, one in record.precedents.items() if one.seen == (part == "seen")}
    rows: list[tuple[object, ...]] = []
    left: list[tuple[str, str, str, str]] = []
    trials = Trials(record)
    for code, one in chosen.items():
        own = without(trials, fitted.parameters, code) if one.seen else fitted.parameters
        given = [(response, predict(one, response, own)) for response in record.responses[code]]
        reached = [(response, said) for response, said in given if isinstance(said, Prediction)]
        rows += [_row(one, response, said, reach, 1 / len(reached)) for response, said in reached]
        left += [(each.code, code, each.indicator, said) for each, said in given if isinstance(said, str)]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    schema = dict.fromkeys(("response", "precedent", "indicator", "why"), pl.String)
    sourced = sum(len(one.sources) > 1 for one in chosen.values())
    return Judgement(
        part,
        table,
        by_ground(table, "mechanism"),
        by_ground(table, "kind"),
        by_ground(table, "horizon", HORIZONS),
        ratio_range(table),
        pl.DataFrame(left, schema=schema, orient="row"),
        fitted,
        reach,
        len(chosen),
        sourced,
    )


def learnt(record: Record) -> tuple[Fit, Spread]:
    """Return the parameters that the seen part of a record bears out, and how far they are off."""
    fitted = fit(record)
    return fitted, spread(record, fitted.parameters)


def _row(
    one: Precedent, response: Response, central: Prediction, reach: Spread, weight: float
) -> tuple[object, ...]:
    before, seen = response.before, response.after
    said = reach.widened(central, before)
    shared = proportional(one, response)
    forecasts = (said.value, before, shared)
    errors = [None if value is None or not seen else abs(value - seen) / abs(seen) for value in forecasts]
    way = _direction(before, said.value)
    within = reach.held.get(response.code, said.low <= seen <= said.high)
    length = horizon(response.after_period.days)
    named = (
        response.code,
        one.code,
        said.mechanism,
        one.kind or UNKNOWN,
        length,
        response.indicator,
        response.unit,
    )
    figures = (before, seen, said.value, said.low, said.high, before, shared, *errors)
    return (*named, *figures, way == _direction(before, seen), way != 0, within, weight)


def _direction(before: float, after: float) -> int:
    change = (after - before) / abs(before) if before else after
    return 0 if abs(change) < NULL else int(math.copysign(1, change))


def horizon(days: int) -> str:
    """Return the name of the length of a period: the longest of ``HORIZONS`` that it does not exceed."""
    return next(name for name, most in HORIZONS.items() if days <= most)
