"""What a disruption does, from what was known ahead: a few rules with one parameter each.

With s the severity, i the mean share of the period over which the thing is out (days uncertain in their
intervals), w the share of the measured whole that goes by it:

============ ==========================================================================================
part         value after
============ ==========================================================================================
hit          ``before * (1 - s * felt * i)``; ``felt`` by cause: closed, danger, law, water
total        ``before * (1 - w * s * felt * i * (1 - rerouted))``; days that stores cover are not lost;
             ``rerouted`` is ``used * spare`` where spare ways are known (``sold * spare`` where a buyer or
             a law refuses and others buy), ``found`` where they are not
other        ``before + min(room, taken * lost * s * felt * i * before / others)``: in proportion to use
queue        ``before + held * arrivals * w * s * days``
price        ``before * (1 - w * s * i) ** -response``
============ ==========================================================================================

After the last day the loss dies out as ``exp(-days / (lasting * length))``, with the length of the disruption in
days: what was lost for long – trust, contracts, wells – comes back slowly. Water that rises is there at once.
Shippers who may pass leave by and by: what they feel of a danger grows as ``1 - exp(-days / building)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from kopir.strategy.precedents.record import Precedent, Response

Parameters = Mapping[str, float]
"""Value of each parameter by name."""

NAIVE: Parameters = {
    "felt_closed": 1.0,
    "felt_danger": 1.0,
    "felt_law": 1.0,
    "felt_water": 1.0,
    "lasting": 0.0,
    "building": 0.0,
    "used": 0.0,
    "sold": 0.0,
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
    "total": ("found", "used", "sold"),
    "other": ("taken",),
    "queue": ("held",),
    "price": ("response",),
}


def parameters_of(precedent: Precedent, response: Response) -> tuple[str, ...]:
    """Return the parameters that can move what the rules give for a response."""
    flow = () if response.part in {"queue", "price"} else (f"felt_{precedent.cause}",)
    lasts = () if response.part == "queue" or precedent.cause == "water" else ("lasting",)
    builds = ("building",) if precedent.cause == "danger" and response.part != "queue" else ()
    return (*flow, *lasts, *builds, *_OF_PART[response.part])


def proportional(precedent: Precedent, response: Response) -> float | None:
    """Return the loss in proportion to severity and time, shared out by use; nothing where it has no severity."""
    value = central(precedent, response, {**NAIVE, "response": 1.0})
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


def _value(
    precedent: Precedent, response: Response, parameters: Parameters, severity: float, late: float
) -> float:
    felt = severity * parameters[f"felt_{precedent.cause}"]
    building = parameters["building"] if precedent.cause == "danger" else 0.0
    lasting = 0.0 if precedent.cause == "water" else parameters["lasting"]
    out = out_of(precedent, response, lasting, building, late)
    share = 1.0 if response.share is None else response.share
    match response.part:
        case "hit":
            return response.before * (1 - felt * out)
        case "total":
            rerouted = parameters["found"]
            if response.spare is not None:
                rerouted = response.spare * parameters["sold" if precedent.cause == "law" else "used"]
            return response.before * (1 - share * felt * out * (1 - rerouted))
        case "other":
            assert response.lost is not None
            assert response.others is not None
            more = parameters["taken"] * response.lost * felt * out * response.before / response.others
            return response.before + min(more, math.inf if response.room is None else response.room)
        case "queue":
            assert response.arrivals is not None
            days = _days_out(precedent, response.after_period.last, late)
            return response.before + parameters["held"] * response.arrivals * share * severity * days
        case _:
            gone = min(share * severity * out, 1 - ZERO)
            return response.before * math.pow(1 - gone, -parameters["response"])


@lru_cache(maxsize=1 << 14)
def out_of(
    precedent: Precedent, response: Response, lasting: float, building: float = 0.0, late: float = 0.5
) -> float:
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
        grown = 1 - math.exp(-((day - first).days + 1) / building) if building > 0 and day >= first else 1.0
        total += grown * _out_on(day, first, last, precedent.gradual, stores, lasting)
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
