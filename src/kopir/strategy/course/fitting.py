"""Parameters fitted on recorded events: which values were tried, on which rows, and which one they bear out.

Rows of split ``fit`` only; a row of split ``score`` is refused. One parameter is fitted at a time, the others
at the values of the model. Events mostly say that *no* loss was seen, so that any capacity above some value
fits equally well: the fitted value is the least one whose sum of squared relative errors is within a tenth
of the best, and the interval reaches from the least one within twice the best to the largest tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.strategy.course.hindcast import event_scenario, predict, replay

AS_GOOD, POSSIBLE = 1.1, 2.0
"""Multiples of the least sum of squared errors up to which a value is as good as the best, or possible."""


@dataclass(frozen=True)
class FitResult:
    """What recorded events say about the parameters of ``fitted.csv``.

    ``table`` has for each ``fact`` its ``unit``, the value ``used`` by the model, the value ``fitted`` here with
    ``low`` and ``high``, and the ``observations``. ``trials`` has the sum of ``squared`` relative errors of each
    ``value`` tried.
    """

    table: pl.DataFrame
    trials: pl.DataFrame


def fit_parameters(model: Model) -> FitResult:
    """Return the fit of every row of ``fitted.csv``.

    Raises :class:`InputError` when a row names an observation that must not be fitted on or cannot be
    predicted, or a fact that no cell uses, and :class:`kopir.core.errors.ModelError` as a hindcast does.
    """
    rows: list[tuple[object, ...]] = []
    trials: list[tuple[object, ...]] = []
    for row in model.table("fitted").sort("fact").iter_rows(named=True):
        cells = [ref for ref, quantity in model.quantities.items() if quantity.fact == row["fact"]]
        observations = _observations(model, row, cells)
        values = np.arange(row["low"], row["high"] + row["step"] / 2, row["step"])
        squared = [_squared(model, dict.fromkeys(cells, float(value)), observations) for value in values]
        trials += [(row["fact"], float(value), error) for value, error in zip(values, squared, strict=True)]
        best = min(squared)
        good, possible = (values[np.array(squared) <= times * best] for times in (AS_GOOD, POSSIBLE))
        used = model.quantities[cells[0]]
        ends = float(good[0]), float(possible[0]), float(values[-1])
        rows.append((row["fact"], used.unit, used.value, *ends, " ".join(row["observations"])))
    numbers = dict.fromkeys(("used", "fitted", "low", "high"), pl.Float64)
    schema = {"fact": pl.String, "unit": pl.String, **numbers, "observations": pl.String}
    of_trials = {"fact": pl.String, "value": pl.Float64, "squared": pl.Float64}
    return FitResult(
        pl.DataFrame(rows, schema=schema, orient="row"), pl.DataFrame(trials, schema=of_trials, orient="row")
    )


def _observations(model: Model, row: Mapping[str, Any], cells: Sequence[CellRef]) -> list[dict[str, Any]]:
    splits = dict(model.table("events").select("event", "split").iter_rows())
    chosen = model.table("observations").filter(pl.col("observation").is_in(row["observations"])).to_dicts()
    place = ("fitted.csv", row["line"])
    faults: list[Fault] = []
    if not cells:
        mend = "write the id of the fact into the cells that it stands for"
        faults.append(Fault("K0803", "no cell of the model uses the fact", mend, *place, "fact", row["fact"]))
    for one in chosen:
        if splits[one["event"]] != "fit" or one["role"] != "scored":
            why = f"{one['observation']} is kept for scoring, or is no response"
            mend = "fit on scored rows of events of split fit"
            faults.append(Fault("K0803", why, mend, *place, "observations", one["observation"]))
        elif event_scenario(model, one["event"]) is None:
            why = f"{one['event']} has no scenario to replay"
            mend = f"write scenarios/{one['event']}.toml"
            faults.append(Fault("K0803", why, mend, *place, "observations", one["observation"]))
    if faults:
        raise InputError(faults)
    return chosen


def _squared(model: Model, values: Mapping[CellRef, float], observations: Sequence[Mapping[str, Any]]) -> float:
    events = sorted({one["event"] for one in observations})
    paths = {event: event_scenario(model, event) for event in events}
    replays = {event: replay(model, path, values) for event, path in paths.items() if path is not None}
    total = 0.0
    for one in observations:
        predicted = predict(replays[one["event"]], one)
        if predicted is None:
            why, mend = f"no flow of the model stands for {one['observation']}", "fit on another row"
            raise InputError(Fault("K0803", why, mend, "fitted.csv", value=one["observation"]))
        total += ((predicted - one["after"]) / one["after"]) ** 2
    return total
