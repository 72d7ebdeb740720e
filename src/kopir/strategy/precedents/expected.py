"""What a disruption that is only described would do, by the mechanisms fitted on those that were seen.

The range runs over the ends of the severity and as far beyond as the mechanism was off elsewhere, so that it
holds what is seen in a stated share of disruptions. Beside it stand errors of the mechanism and precedents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.periods import Period
from kopir.strategy.precedents.judged import judge, learnt
from kopir.strategy.precedents.mechanisms import Prediction, predict, proportional
from kopir.strategy.precedents.record import Cause, Part, Precedent, Record, Response

NEAREST = 5
_BEGUN = date(2000, 1, 1)
_NUMBERS = ("before", "seen", "predicted", "error")


@dataclass(frozen=True)
class Described:
    """A disruption in words of the record: what is lost of what for how long, and what is known ahead.

    ``severity`` has a low and a high end; ``days`` is how long it lasts, ``within`` the days over which the value
    is asked, from the first one. The rest as in ``responses.csv``.
    """

    part: Part
    cause: Cause
    severity: tuple[float, float]
    days: int
    within: int
    before: float
    share: float | None = None
    lost: float | None = None
    others: float | None = None
    room: float | None = None
    spare: float | None = None
    store_days: float | None = None
    arrivals: float | None = None


@dataclass(frozen=True)
class Expected:
    """``value``, ``low`` to ``high`` in ``level`` of disruptions, ``pro_rata``, the ``mechanism``, ``nearest``.

    ``error_seen`` and ``error_unseen`` are median relative errors of the mechanism, ``None`` where it had no row.
    ``nearest`` has precedents of the same mechanism, those of the same cause and nearest severity first.
    """

    mechanism: str
    value: float
    low: float
    high: float
    level: float
    pro_rata: float
    error_seen: float | None
    error_unseen: float | None
    nearest: pl.DataFrame

    def as_record(self) -> dict[str, object]:
        """Return the answer as plain values."""
        return {name: getattr(self, name) for name in _PLAIN} | {"nearest": self.nearest.to_dicts()}


_KNOWN = ("share", "lost", "others", "room", "spare", "store_days", "arrivals")
_PLAIN = ("mechanism", "value", "low", "high", "level", "pro_rata", "error_seen", "error_unseen")


def expected(record: Record, asked: Described) -> Expected:
    """Return what the mechanisms expect of a described disruption.

    Raises :class:`InputError` where what the mechanism needs is not given.
    """
    one, response = _as_rows(asked)
    fitted, reach = learnt(record)
    said = predict(one, response, fitted.parameters)
    if not isinstance(said, Prediction):
        mend = "give it, or ask about another part"
        raise InputError(Fault("K0503", f"nothing is expected: {said}", mend, value=asked.part))
    said = reach.widened(said, response.before)
    judged = {part: judge(record, part, (fitted, reach)) for part in ("seen", "unseen")}
    errors = {
        part: next(iter(told.mechanisms.filter(mechanism=said.mechanism)["error"].to_list()), None)
        for part, told in judged.items()
    }
    table = pl.concat([told.table.with_columns(part=pl.lit(part)) for part, told in judged.items()])
    return Expected(
        said.mechanism,
        said.value,
        said.low,
        said.high,
        reach.level,
        proportional(one, response) or 0.0,
        errors["seen"],
        errors["unseen"],
        _nearest(record, table, one, said.mechanism),
    )


def _nearest(record: Record, table: pl.DataFrame, one: Precedent, name: str) -> pl.DataFrame:
    def away(code: str) -> tuple[bool, float, str]:
        other = record.precedents[code]
        known = other.low is not None and other.high is not None and one.low is not None and one.high is not None
        gap = abs((other.low or 0) + (other.high or 0) - (one.low or 0) - (one.high or 0)) if known else 9.0
        return other.cause != one.cause, gap, code

    of_rule = table.filter(mechanism=name)
    order = sorted(set(of_rule["precedent"].to_list()), key=away)[:NEAREST]
    rows = of_rule.filter(pl.col("precedent").is_in(order))
    place: dict[str, Any] = {code: at for at, code in enumerate(order)}
    what = {code: record.precedents[code].what for code in order}
    return (
        rows.with_columns(
            order=pl.col("precedent").replace_strict(place, return_dtype=pl.Int64),
            what=pl.col("precedent").replace_strict(what, return_dtype=pl.String),
        )
        .sort("order", "response")
        .select("precedent", "what", "indicator", "part", *_NUMBERS, "unit")
    )


def _as_rows(asked: Described) -> tuple[Precedent, Response]:
    low, high = asked.severity
    if not (0 <= low <= high <= 1) or asked.days < 1 or asked.within < 1:
        mend = "give shares from 0 to 1, the least first, and whole days from 1 on"
        raise InputError(Fault("K0305", "severity or days are out of reach", mend, value=f"{low:g}:{high:g}"))
    last = _BEGUN + timedelta(days=asked.days - 1)
    one = Precedent(
        "ASKED",
        _BEGUN,
        _BEGUN,
        last,
        last,
        "asked",
        asked.cause,
        low,
        high,
        gradual=False,
        split="score",
        sources=(),
    )
    blank = Response(
        "ASKED_1",
        "",
        asked.part,
        asked.before,
        asked.before,
        "",
        Period(_BEGUN, _BEGUN + timedelta(days=asked.within - 1)),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        sources=(),
    )
    known = {name: getattr(asked, name) for name in _KNOWN}
    return one, replace(blank, **known)
