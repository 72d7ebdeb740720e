"""Timing in alternation, and the tables that come of it.

CPU seconds of this process; a first run of each contestant is a warm-up and does not count. Contestants then
take turns, each round in the opposite order of the last, and a ratio compares two times of one round: whatever
slows the machine for a while slows both. The answers must agree, or there is no table.
"""

from __future__ import annotations

import gc
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

SLOW = 5.0
"""CPU seconds of the warm-up above which a contestant runs only ``SLOW_ROUNDS`` times."""
SLOW_ROUNDS = 2
LEAST = 0.05
"""CPU seconds that one timing lasts at least: quick contestants run several times and are divided."""
TOLERANCE = 1e-7
"""Relative difference above which two answers are not the same."""


@dataclass(frozen=True)
class Row:
    """One contestant: CPU milliseconds, and its time as a multiple of the reference's in the same round."""

    contestant: str
    best_ms: float
    median_ms: float
    ratio: float
    ratio_low: float
    ratio_high: float
    rounds: int
    peak_mb: float | None = None


@dataclass(frozen=True)
class Table:
    """What one benchmark found: ``rows``, the first of which is the reference, and what to know beside them.

    ``body`` is a table of its own (Markdown) where what is counted is not time.
    """

    title: str
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    body: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the table for ``--json``."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"### {self.title}", ""]
        if self.rows:
            heads = ["", "best ms", "median ms", "ratio", "lowest – highest", "rounds", "peak MB"]
            body = [_cells(row) for row in self.rows]
            if all(row.peak_mb is None for row in self.rows):
                heads, body = heads[:-1], [cells[:-1] for cells in body]
            widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
            rule = [
                ("-" * width)[: width - 1] + ("-" if not column else ":") for column, width in enumerate(widths)
            ]
            for cells in (heads, rule, *body):
                padded = (
                    cell.rjust(width) if column else cell.ljust(width)
                    for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
                )
                lines.append(f"| {' | '.join(padded)} |")
            lines.append("")
        if self.body:
            lines += [self.body.strip(), ""]
        return "\n".join([*lines, *(f"- {note}" for note in self.notes)])


def race(
    contestants: Mapping[str, Callable[[], Any]],
    rounds: int,
    *,
    per: int = 1,
    peaks: Mapping[str, float] | None = None,
) -> tuple[Row, ...]:
    """Return one row a contestant; the first is the reference.

    ``per`` divides the times (scenarios a run); ``peaks`` adds peak memory by contestant (MB). Raises
    :class:`AssertionError` where answers (numbers or arrays) differ.
    """
    names = list(contestants)
    with _silence():
        firsts = {name: _first(contestants[name]) for name in names}
        answers = {name: first.answer for name, first in firsts.items()}
        scale = float(np.max(np.abs(answers[names[0]])))
        for name in names[1:]:
            np.testing.assert_allclose(
                answers[name], answers[names[0]], TOLERANCE, TOLERANCE * scale, err_msg=name
            )
        seconds: dict[str, list[float]] = {name: [] for name in names}
        for turn in range(rounds):
            for name in names if turn % 2 == 0 else reversed(names):
                if turn < SLOW_ROUNDS or firsts[name].seconds < SLOW:
                    seconds[name].append(_timed(contestants[name], firsts[name].repeats))
    reference = seconds[names[0]]
    return tuple(row_of(name, seconds[name], reference, per, (peaks or {}).get(name)) for name in names)


@dataclass(frozen=True)
class _First:
    """What the warm-up of a contestant gave: its answer, its CPU seconds, and the runs that make one timing."""

    answer: Any
    seconds: float
    repeats: int


def _first(run: Callable[[], Any]) -> _First:
    start = time.process_time()
    answer = run()
    seconds = time.process_time() - start
    if seconds < SLOW:  # the first run imports and fills caches; the second tells how long one takes
        seconds = _timed(run, 1)
    return _First(answer, seconds, max(1, math.ceil(LEAST / max(seconds, 1e-6))))


def _timed(run: Callable[[], Any], repeats: int) -> float:
    gc.collect()
    start = time.process_time()
    for _ in range(repeats):
        run()
    return (time.process_time() - start) / repeats


def row_of(
    name: str, seconds: Sequence[float], reference: Sequence[float], per: int = 1, peak: float | None = None
) -> Row:
    """Return the row of a contestant from its times and those of the reference, round by round (seconds)."""
    ratios = [own / other for own, other in zip(seconds, reference, strict=False)]
    return Row(
        contestant=name,
        best_ms=min(seconds) / per * 1e3,
        median_ms=median(seconds) / per * 1e3,
        ratio=median(ratios),
        ratio_low=min(ratios),
        ratio_high=max(ratios),
        rounds=len(seconds),
        peak_mb=peak,
    )


def _cells(row: Row) -> list[str]:
    times = [f"{number:.3g}" if number < 100 else f"{number:,.0f}" for number in (row.best_ms, row.median_ms)]
    ratios = [
        f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}" for ratio in (row.ratio, row.ratio_low, row.ratio_high)
    ]
    peak = "" if row.peak_mb is None else f"{row.peak_mb:,.0f}"
    return [row.contestant, *times, ratios[0], f"{ratios[1]} – {ratios[2]}", str(row.rounds), peak]


@contextmanager
def _silence() -> Iterator[None]:
    """Keep solvers' banners, which bypass Python's streams, out of the table."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
