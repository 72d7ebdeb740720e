"""What each asset carries in a course, with and without the disturbance: over its length, or in one step."""

from __future__ import annotations

import numpy as np
import polars as pl

from kopir.model.network.network import Floats, Kind
from kopir.strategy.course.course import Course
from kopir.strategy.value.setup import Setup

_NAMES = ("asset_type", "asset", "commodity", "owner")


def routes_between(setup: Setup, before: Floats, after: Floats, *, least: float) -> pl.DataFrame:
    """Return what each asset carries of each commodity and owner ``before`` and ``after`` (activities; Mt).

    What changes by no more than ``least`` is left out; below nought nothing is.
    """
    network = setup.network
    rows = [
        (
            *network.assets[network.activities.asset[index]],
            network.cargoes[network.activities.cargo[index]].commodity,
            network.cargoes[network.activities.cargo[index]].owner,
            float(before[index]),
            float(after[index]),
        )
        for index in np.flatnonzero(np.abs(after - before) > least)
        if network.activities.kind[index] not in {Kind.UNMET, Kind.SHORTFALL}
    ]
    schema = {**dict.fromkeys(_NAMES, pl.String), "before_mt": pl.Float64, "after_mt": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort(*_NAMES)
    return frame.with_columns(change_mt=pl.col("after_mt") - pl.col("before_mt"))


def routes_in_step(setup: Setup, before: Course, after: Course, step: int) -> pl.DataFrame:
    """Return what each asset carries in a step (counted from 0), in Mt a year at the rate of its days."""
    length = after.lengths[step]
    return routes_between(setup, before.use[step] / length, after.use[step] / length, least=-1.0)
