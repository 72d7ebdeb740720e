"""56 days and 22 months of a bundled model beside raw highspy on the same arrays; the incident card end to end.

kopir follows the scenario; every programme that it solves on the way is written down as arrays. Raw highspy then
solves the same arrays in the same order: one warm HiGHS for each length of step, all bounds sent before each solve
(*rolling*), or one programme of all steps (*foresight*). The sum of the objectives must agree. Cuts go by merit
here: sharing them pro rata asks for a second flow whose value is no objective of the arrays.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from unittest.mock import patch

import highspy
import numpy as np

from benchmarks.contestants import pass_programme
from benchmarks.measure import Table, race
from benchmarks.peak_memory import ROOT, STATUS, own_peak
from kopir.flow.formulation import Bounds, Situation
from kopir.flow.program import LinearProgramme
from kopir.flow.value import Answered, Flow, ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.scenario import Scenario, Shock, Window, make_steps
from kopir.strategy.course.course import follow
from kopir.strategy.value.setup import Setup, prepare

MODEL = "kazakhstan"
SCENARIO = Scenario(
    "56 days and 22 months",
    make_steps(date(2024, 1, 1), [("day", 56), ("month", 22)]),
    tuple(
        Shock(("link", link), 0.0, Window(date(2024, 1, 10), date(2024, 2, 23)))
        for link in ("CPC_SPM1", "CPC_SPM2")
    ),
)


@dataclass
class Recording:
    """Programmes that were passed, and for each solve its programme and bounds, in order."""

    programmes: list[LinearProgramme] = field(default_factory=list)
    solves: list[tuple[int, Bounds]] = field(default_factory=list)


@contextmanager
def _recording() -> Iterator[Recording]:
    """Write down what every value function of the course solves."""
    kept = Recording()

    class Recorded(ValueFunction):
        number: int | None = None

        def solve(self, situation: Situation | Sequence[Situation]) -> Flow:
            self._write_down(situation)
            return super().solve(situation)

        def solve_after(self, situation: Situation, before: Answered | None) -> Answered:
            found = super().solve_after(situation, before)
            if found is not before and found.bounds is not None:  # else an earlier one stands, or solve tells
                self._write_down(situation)
            return found

        def _write_down(self, situation: Situation | Sequence[Situation]) -> None:
            bounds = self.formulation.bounds(situation)
            if self.number is None:
                self.number = len(kept.programmes)
                kept.programmes.append(self.formulation.programme(bounds))
            kept.solves.append((self.number, bounds))

    with patch("kopir.strategy.course.course.ValueFunction", Recorded):
        yield kept


def ready() -> Setup:
    """Return the bundled model made ready, with every cut by merit."""
    setup = prepare(open_model(MODEL))
    limits = replace(setup.network.limits, pro_rata=None)
    return replace(setup, network=replace(setup.network, limits=limits))


def record(setup: Setup, *, foresight: bool) -> Recording:
    """Return the programmes behind the course of the scenario."""
    with _recording() as kept:
        follow(setup, SCENARIO, foresight=foresight)
    return kept


def raw(kept: Recording) -> float:
    """Solve the same arrays with nothing but highspy; return the sum of the objectives (million USD)."""
    solvers: dict[int, highspy.Highs] = {}
    total = 0.0
    for number, bounds in kept.solves:
        programme = kept.programmes[number]
        if number not in solvers:
            solvers[number] = _passed(programme)
        highs = solvers[number]
        rows, columns = (np.arange(size, dtype=np.int32) for size in programme.matrix.shape)
        assert (
            highs.changeRowsBounds(len(rows), rows, bounds.row_lower, bounds.row_upper) == highspy.HighsStatus.kOk
        )
        assert highs.changeColsBounds(len(columns), columns, bounds.lower, bounds.upper) == highspy.HighsStatus.kOk
        assert highs.run() == highspy.HighsStatus.kOk
        total += highs.getInfo().objective_function_value
    return total


def _passed(programme: LinearProgramme) -> highspy.Highs:
    return pass_programme(
        {
            "c": programme.cost,
            "A": programme.matrix,
            "rl": programme.row_lower,
            "ru": programme.row_upper,
            "lb": programme.lower,
            "ub": programme.upper,
        }
    )


def kopir(setup: Setup, *, foresight: bool) -> float:
    """Follow the scenario, with formulation and bookkeeping of stocks, ramps and restarts; return the same sum."""
    total = 0.0

    class Summed(ValueFunction):
        def solve(self, situation: Situation | Sequence[Situation]) -> Flow:
            nonlocal total
            flow = super().solve(situation)
            total -= flow.value
            return flow

        def solve_after(self, situation: Situation, before: Answered | None) -> Answered:
            nonlocal total
            found = super().solve_after(situation, before)
            total -= 0.0 if found is before or found.bounds is None else found.flow.value
            return found

    with patch("kopir.strategy.course.course.ValueFunction", Summed):
        follow(setup, SCENARIO, foresight=foresight)
    return total


def run(rounds: int) -> list[Table]:
    """Return the tables of both ways of deciding."""
    return [_beside_raw(rounds, foresight=foresight) for foresight in (False, True)]


def _beside_raw(rounds: int, *, foresight: bool) -> Table:
    way = "foresight" if foresight else "rolling"
    setup = ready()
    kept = record(setup, foresight=foresight)
    contestants = {"highspy": partial(raw, kept), "kopir": partial(kopir, setup, foresight=foresight)}
    peaks = {name: _peak(name, way) for name in contestants} if STATUS.is_file() else {}
    rows = race(contestants, rounds, peaks=peaks)
    size = kept.programmes[-1].matrix.shape
    notes = [
        f"{len(SCENARIO.steps)} steps, solves: {len(kept.solves)}, programmes: {len(kept.programmes)}; "
        f"the last has {size[0]:,} rows and {size[1]:,} columns",
        "crude and KEBCO of both owners: the layers of the model that are optimised; the sums of objectives agree",
    ]
    if peaks:
        notes.append(f"imports, model and recording alone: {_peak('nothing', way):,.0f} MB")
    return Table(f"Model {MODEL}: 56 days and 22 months, {way}", rows, tuple(notes))


def _peak(name: str, way: str) -> float:
    command = [sys.executable, "-m", "benchmarks.dated_steps", name, way]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()[-1])


if __name__ == "__main__":
    contestant, way = sys.argv[1:]
    prepared = ready()
    recorded = record(prepared, foresight=way == "foresight")
    if contestant == "highspy":
        raw(recorded)
    elif contestant == "kopir":
        follow(prepared, SCENARIO, foresight=way == "foresight")
    print(own_peak())
