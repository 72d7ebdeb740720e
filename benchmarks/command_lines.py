"""Command lines end to end: processor time of a process of its own beside that of starting Python.

Below the ratio stands what the solver alone takes of it, on the arrays that the command really solves: the same
command is asked once more in a process in which every solve is timed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Table, row_of
from benchmarks.peak_memory import ROOT

TEXT = "tests/stability/speech.txt"
LINES = {
    "--help": "--help",
    "check": "check kazakhstan",
    "flow": "flow kazakhstan --deny RUS",
    "leverage, no intervals": "leverage kazakhstan --draws 0",
    "leverage": "leverage kazakhstan",
    "coalitions": "coalitions kazakhstan",
    "portfolio": "portfolio kazakhstan",
    "incident": "incident kazakhstan --lose cpc-mooring:2 --days 45",
    "hindcast": "hindcast kazakhstan",
    "obligations": "obligations kazakhstan",
    "review": f"review {TEXT} kazakhstan",
    "conflicts": "conflicts kazakhstan",
    "ledger": "ledger deals kazakhstan",
    "theses": "theses kazakhstan",
    "diff": "diff kazakhstan kazakhstan",
    "brief": "brief kazakhstan",
}
MOST_ROUNDS = 3
_START = "from kopir.cli import main; main()"
_SOLVES = """
import sys, time, highspy
run, spent = highspy.Highs.run, [0, 0.0]
def timed(solver):
    begun = time.process_time()
    try:
        return run(solver)
    finally:
        spent[0] += 1
        spent[1] += time.process_time() - begun
highspy.Highs.run = timed
from kopir.cli import main
try:
    main()
except SystemExit:
    pass
print(*spent, file=sys.stderr)
"""


def run(rounds: int, lines: Sequence[str] = tuple(LINES)) -> list[Table]:
    """Return the processor time of each of ``lines``, and how much of it is the solver's."""
    turns = min(rounds, MOST_ROUNDS)
    commands = {"start Python": ["-c", "pass"]} | {name: ["-c", _START, *_words(name)] for name in lines}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(turns + 1):
        for name, command in commands.items():
            seconds[name].append(_spent(command))
    rows = tuple(row_of(name, seconds[name][1:], seconds["start Python"][1:]) for name in commands)
    notes = ["processor time, user and system, of a process of its own; after one warm-up", *map(_solver, lines)]
    return [Table("Command lines end to end", rows, tuple(notes))]


def _words(name: str) -> list[str]:
    return [str(ROOT / word) if word == TEXT else word for word in LINES[name].split()]


def _spent(arguments: Sequence[str]) -> float:
    before = _children()
    _asked(arguments)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _asked(arguments: Sequence[str]) -> str:
    """Run Python in an empty folder and return what it says on stderr."""
    paths = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            cwd=Path(folder),
            env={**os.environ, "PYTHONPATH": paths},
        )
    return done.stderr


def _solver(name: str) -> str:
    begun = time.perf_counter()
    count, spent = _asked(["-c", _SOLVES, *_words(name)]).splitlines()[-1].split()
    whole = time.perf_counter() - begun
    return f"{name}: {int(count):,} programmes, {float(spent):.2f} s in the solver, {whole:.1f} s by the clock"
