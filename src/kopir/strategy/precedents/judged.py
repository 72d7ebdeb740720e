"""How well the mechanisms tell what was seen, beside two naive forecasts, one voice for each disruption.

Seen are the disruptions that the parameters were fitted on, unseen those kept for scoring and never scored before.
A seen disruption is predicted with the parameters that it speaks of fitted without it, so that the seen figures do
not flatter. Each response of a disruption with n of them weighs 1/n: one much measured disruption has one voice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from kopir.strategy.precedents.fitted import Fit, Trials, fit, without
from kopir.strategy.precedents.mechanisms import Prediction, predict, proportional
from kopir.strategy.precedents.ranges import Spread, spread
from kopir.strategy.precedents.record import Precedent, Record, Response

NULL = 0.01
"""Relative change below which nothing is said to have happened."""
GOAL_ERROR, GOAL_ROWS, GOAL_SIGNS = 0.7, 25, 0.9
"""Wanted: error at most this share of the better naive one, on so many responses, and directions right."""

_TEXTS = ("response", "precedent", "mechanism", "indicator", "unit")
_NUMBERS = ("before", "seen", "predicted", "low", "high", "no_change", "proportional")
_ERRORS = ("error", "error_no_change", "error_proportional")
SCHEMA = {
    **dict.fromkeys(_TEXTS, pl.String),
    **dict.fromkeys((*_NUMBERS, *_ERRORS), pl.Float64),
    **dict.fromkeys(("sign", "told", "within"), pl.Boolean),
    "weight": pl.Float64,
}
ALL = "all"


@dataclass(frozen=True)
class Judgement:
    """Predicted beside seen.

    ``table`` has a row for each response that the rules can predict: ``mechanism``, ``before``, ``seen``,
    ``predicted`` with ``low`` and ``high``, the naive forecasts ``no_change`` and ``proportional`` (all in
    ``unit``), relative errors, ``sign`` (direction right), ``told`` (a direction is predicted), ``within`` (seen
    from low to high; of a seen row, in the range that the other disruptions make), ``weight``.
    ``mechanisms`` has the medians by rule, and of all (``all``), weighted, with ``ratio`` to the better naive one,
    ``told`` and ``signs_told``, the share of directions right among those that are predicted.
    ``unexpressed`` names the responses that the rules do not reach, and why. ``fitted`` are the parameters,
    ``spread`` how far the ranges reach.
    """

    part: Literal["seen", "unseen"]
    table: pl.DataFrame
    mechanisms: pl.DataFrame
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
        _by_mechanism(table),
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
    named = (response.code, one.code, said.mechanism, response.indicator, response.unit)
    figures = (before, seen, said.value, said.low, said.high, before, shared, *errors)
    return (*named, *figures, way == _direction(before, seen), way != 0, within, weight)


def _direction(before: float, after: float) -> int:
    change = (after - before) / abs(before) if before else after
    return 0 if abs(change) < NULL else int(math.copysign(1, change))


def _by_mechanism(table: pl.DataFrame) -> pl.DataFrame:
    names = [*sorted(table["mechanism"].unique().to_list()), ALL]
    rows = []
    for name in names if not table.is_empty() else []:
        part = table if name == ALL else table.filter(mechanism=name)
        weights = part["weight"].to_list()
        medians = [weighted_median(part[column].to_list(), weights) for column in _ERRORS]
        naive = [one for one in medians[1:] if one is not None]
        best = min(naive) if naive else None
        ratio = medians[0] / best if medians[0] is not None and best else None
        whole = sum(weights)
        shares = [part.filter(column)["weight"].sum() / whole for column in ("sign", "told", "within")]
        right = part.filter(pl.col("sign") & pl.col("told"))["weight"].sum() / whole
        signs_told = right / shares[1] if shares[1] else None
        rows.append((name, part.height, part["precedent"].n_unique(), *medians, ratio, *shares, signs_told))
    numbers = (*_ERRORS, "ratio", "signs", "told", "inside", "signs_told")
    counts = dict.fromkeys(("responses", "precedents"), pl.Int64)
    schema = {"mechanism": pl.String, **counts, **dict.fromkeys(numbers, pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def weighted_median(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Return the least value at or below which half of the weight lies; ``None`` where there is no value."""
    held = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if value is not None)
    half = sum(weight for _, weight in held) / 2
    upto = 0.0
    for value, weight in held:
        upto += weight
        if upto >= half - 1e-12:
            return value
    return None
