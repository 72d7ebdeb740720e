"""What a disruption does, from what was known ahead: a few rules with one parameter each.

With s the severity, i the mean share of the period over which the thing is out (days uncertain in their
intervals), w the share of the measured whole that goes by it, a the share of a severity that is felt:

============ ==========================================================================================
part         value after
============ ==========================================================================================
hit          ``before * (1 - s * a * i)``; low water is measured, and ``a`` is one
total        ``before * (1 - w * s * a * i * (1 - found) * (1 - rerouted))``; days that stores cover are not
             lost; ``rerouted`` is ``used * spare`` where spare ways are known, and all of ``spare`` where a
             law forbids: what one buyer refuses, others who may buy take
other        ``before + min(room, taken * lost * s * a * i * before / others)``: in proportion to use
queue        ``before + held * arrivals * w * s * days``
price        ``before * (1 - w * s * i) ** -response``
============ ==========================================================================================

After the last day the loss dies out as ``exp(-days / (lasting * length))``, with the length of the disruption in
days: what was lost for long – trust, contracts, wells – comes back slowly. Water that rises is there at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kopir.strategy.precedents.record import Precedent, Response

Floats = NDArray[np.float64]
Parameters = Mapping[str, float]
"""Value of each parameter by name."""

NAIVE: Parameters = {
    "felt": 1.0,
    "lasting": 0.0,
    "used": 0.0,
    "found": 0.0,
    "taken": 1.0,
    "held": 1.0,
    "response": 0.0,
}
"""Values at which each rule is the loss in proportion to severity and time, all of it shared out by use."""

ZERO = 1e-9
"""Shares below are none."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The rule that applies to a response and what it gives, with the ends of severity and days."""

    mechanism: str
    value: float
    low: float
    high: float


def predict(precedent: Precedent, response: Response, parameters: Parameters) -> Prediction | str:
    """Return what the rules give for a response, or why they give nothing."""
    missing = _missing(precedent, response)
    if missing is not None:
        return missing
    assert precedent.low is not None
    assert precedent.high is not None
    middle = central(precedent, response, parameters)
    ends = [
        _value(precedent, response, parameters, severity, late)
        for severity in (precedent.low, precedent.high)
        for late in (0.0, 1.0)
    ]
    return Prediction(mechanism(precedent, response), middle, min(middle, *ends), max(middle, *ends))


def central(precedent: Precedent, response: Response, parameters: Parameters) -> float:
    """Return what the rules give at the middle of severity and days; NaN where they give nothing."""
    if _missing(precedent, response) is not None or precedent.low is None or precedent.high is None:
        return math.nan
    return _value(precedent, response, parameters, (precedent.low + precedent.high) / 2, 0.5)


def mechanism(precedent: Precedent, response: Response) -> str:
    """Return the name of the rule that applies, from what was known ahead alone."""
    if response.part in {"queue", "price", "other"}:
        return {"queue": "queues", "price": "prices", "other": "shares move to other ways"}[response.part]
    if precedent.end_by is not None and response.after_period.first > precedent.end_by:
        return "after reopening"
    if response.part == "hit":
        return {
            "closed": "closed",
            "danger": "shippers stay away",
            "law": "forbidden",
            "water": "ships carry less",
        }[precedent.cause]
    if response.store_days is not None:
        return "a part of the whole, with stores"
    return "a part of the whole" if response.spare is None else "a part of the whole, spare ways known"


_OF_PART = {
    "hit": (),
    "total": ("found", "used"),
    "other": ("taken",),
    "queue": ("held",),
    "price": ("response",),
}


def parameters_of(precedent: Precedent, response: Response) -> tuple[str, ...]:
    """Return the parameters that can move what the rules give for a response."""
    water = precedent.cause == "water"
    felt = () if water or response.part in {"queue", "price"} else ("felt",)
    lasts = () if water or response.part == "queue" else ("lasting",)
    return (*felt, *lasts, *_OF_PART[response.part])


def proportional(precedent: Precedent, response: Response) -> float | None:
    """Return the loss in proportion to severity and time, shared out by use; nothing where it has no severity."""
    value = central(precedent, replace(response, spare=None), {**NAIVE, "response": 1.0})
    return None if math.isnan(value) else value


def _missing(precedent: Precedent, response: Response) -> str | None:
    needs = {
        "total": ("share",),
        "other": ("lost", "others"),
        "queue": ("arrivals",),
        "price": ("share",),
        "hit": (),
    }
    if precedent.low is None or precedent.high is None:
        return "how much was lost was not known ahead"
    missing = [name for name in needs[response.part] if getattr(response, name) is None]
    return f"not known ahead: {', '.join(missing)}" if missing else None


def over(precedent: Precedent, response: Response, parameters: Parameters, name: str, grid: Floats) -> Floats:
    """Return what the rules give at the middle for each value of one parameter; NaN where they give nothing."""
    if _missing(precedent, response) is not None or precedent.low is None or precedent.high is None:
        return np.full(len(grid), math.nan)
    middle = (precedent.low + precedent.high) / 2
    return np.broadcast_to(_values(precedent, response, {**parameters, name: grid}, middle, 0.5), grid.shape)


def _value(
    precedent: Precedent, response: Response, parameters: Parameters, severity: float, late: float
) -> float:
    return float(_values(precedent, response, parameters, severity, late))


def _values(
    precedent: Precedent,
    response: Response,
    parameters: Mapping[str, float | Floats],
    severity: float,
    late: float,
) -> Floats:
    """Return what the rule gives; one parameter may be an array of values."""
    water = precedent.cause == "water"
    felt = severity * (1.0 if water else np.asarray(parameters["felt"]))
    out = _outs(precedent, response, 0.0 if water else parameters["lasting"], late)
    share = 1.0 if response.share is None else response.share
    match response.part:
        case "hit":
            return response.before * (1 - felt * out)
        case "total":
            used = 1.0 if precedent.cause == "law" else np.asarray(parameters["used"])
            kept = (1 - np.asarray(parameters["found"])) * (1 - used * (response.spare or 0.0))
            return response.before * (1 - share * felt * out * kept)
        case "other":
            assert response.lost is not None
            assert response.others is not None
            more = parameters["taken"] * response.lost * felt * out * response.before / response.others
            return response.before + np.minimum(more, math.inf if response.room is None else response.room)
        case "queue":
            assert response.arrivals is not None
            days = _days_out(precedent, response.after_period.last, late)
            waiting = response.arrivals * share * severity * days
            return response.before + np.asarray(parameters["held"]) * waiting
        case _:
            gone = np.minimum(share * severity * out, 1 - ZERO)
            dearer: Floats = np.power(1 - gone, -np.asarray(parameters["response"]))
            return response.before * dearer


def _outs(precedent: Precedent, response: Response, lasting: float | Floats, late: float) -> Floats:
    """Return the mean share that is out, for each value of what lasts."""
    each = np.asarray(lasting)
    outs = [out_of(precedent, response, float(one), late) for one in each.ravel()]
    return np.array(outs).reshape(each.shape)


@lru_cache(maxsize=1 << 14)
def out_of(precedent: Precedent, response: Response, lasting: float, late: float = 0.5) -> float:
    """Return the mean share over the period after of what is out, 0 to 1.

    ``late`` places the first and the last day within their intervals, 0 at the earliest and 1 at the latest.
    Stores cover the first ``store_days`` days.
    """
    first, last = _ends(precedent, late)
    stores = response.store_days or 0.0
    period = response.after_period
    total = 0.0
    for offset in range(period.days):
        day = period.first + timedelta(days=offset)
        total += _out_on(day, first, last, precedent.gradual, stores, lasting)
    return total / period.days


def _out_on(day: date, first: date, last: date | None, gradual: bool, stores: float, lasting: float) -> float:
    """Return the share that is out on a day."""
    since = (day - first).days
    if since < stores or since < 0:
        return 0.0
    if last is None:
        return 1.0
    length = (last - first).days + 1
    if day <= last:
        return 1 - since / length if gradual else 1.0
    if gradual or lasting <= 0:
        return 0.0
    return math.exp(-(day - last).days / (lasting * length))


def _ends(precedent: Precedent, late: float) -> tuple[date, date | None]:
    first = precedent.start + timedelta(days=round(late * (precedent.start_by - precedent.start).days))
    if precedent.end is None or precedent.end_by is None:
        return first, None
    return first, precedent.end + timedelta(days=round(late * (precedent.end_by - precedent.end).days))


def _days_out(precedent: Precedent, until: date, late: float) -> int:
    first, last = _ends(precedent, late)
    upto = until if last is None else min(until, last)
    return max(0, (upto - first).days + 1)
