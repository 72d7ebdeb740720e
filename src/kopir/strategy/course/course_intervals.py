"""How sure the figures of a course are: its uncertain inputs drawn together, the course followed for each draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from kopir.core.errors import ModelError
from kopir.model.network.scenario import Scenario
from kopir.strategy.course.ranges import CourseIntervals
from kopir.strategy.course.stress import StressResult, stress
from kopir.strategy.value.setup import Setup, prepare_at
from kopir.strategy.value.uncertainty import QUANTILES, TABLES, drawn_inputs


def course_intervals(
    setup: Setup, scenario: Scenario, central: StressResult, *, draws: int, seed: int
) -> CourseIntervals:
    """Return the ranges of the figures of ``central``, the result of ``scenario`` at central values.

    ``seed`` makes the draws repeatable; with no draws the ranges are blank. Raises :class:`InputError` as
    :func:`kopir.strategy.course.stress.stress` does.
    """
    found = _drawn(setup, scenario, draws, seed, foresight=central.foresight)
    first = scenario.begun or scenario.steps[0].first
    days = [(one.full_on - first).days + 1 for one in found if one.full_on is not None]
    return CourseIntervals(
        seed=seed,
        draws=draws,
        refused=draws - len(found),
        full_draws=len(days),
        full_days=(min(days), max(days)) if days else None,
        table=_ranges(central, found),
    )


def _drawn(setup: Setup, scenario: Scenario, draws: int, seed: int, *, foresight: bool) -> list[StressResult]:
    found: list[StressResult] = []
    points = drawn_inputs(setup, draws, seed, tables=TABLES | {"storage"}) if draws else []
    for point in points:
        try:
            found.append(stress(prepare_at(setup, *point), scenario, foresight=foresight))
        except ModelError:
            continue
    return found


def _ranges(central: StressResult, found: Sequence[StressResult]) -> pl.DataFrame:
    rows = []
    for measure, value in central.measures.items():
        values = [one.measures[measure] for one in found]
        low, high = (float(np.quantile(values, share)) for share in QUANTILES) if values else (None, None)
        rows.append((measure, value, low, high))
    schema = {"measure": pl.String, **dict.fromkeys(("central", "low", "high"), pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")
