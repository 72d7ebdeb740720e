"""Command lines end to end: processor time of a process of its own beside that of starting Python.

Below the ratio stands what the solver alone takes of it, on the arrays that the command really solves: every solve
is timed within the process.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
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
MOST_ROUNDS = 2
_COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"kopir-benchmarks-{os.getuid()}")
}
"""Modules are compiled once, as they are where kopir is installed."""

_START = """
import importlib.util, sys, time
spent = [0, 0.0]
class Timed:  # highspy is changed when it is imported, if it is: else its import would be counted for all
    def find_spec(self, name, path=None, target=None):
        if name != "highspy":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def loaded(module):
            load(module)
            run = module.Highs.run
            def timed(solver):
                begun = time.process_time()
                try:
                    return run(solver)
                finally:
                    spent[0] += 1
                    spent[1] += time.process_time() - begun
            module.Highs.run = timed
        spec.loader.exec_module = loaded
        return spec
sys.meta_path.insert(0, Timed())
from kopir.cli import main
try:
    main()
except SystemExit:
    pass
print(*spent, file=sys.stderr)
"""


def run(rounds: int, lines: Sequence[str] = tuple(LINES)) -> list[Table]:
    """Return the processor time of each of ``lines``, and how much of it is the solver's."""
    commands = {"start Python": ["-c", "pass"]} | {name: ["-c", _START, *_words(name)] for name in lines}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    told: dict[str, str] = {}
    _asked(["-c", _START, "--help"])  # compiles what is not
    for _ in range(min(rounds, MOST_ROUNDS)):
        for name, command in commands.items():
            before = _children()
            told[name] = _asked(command)
            seconds[name].append(_children() - before)
    rows = tuple(row_of(name, seconds[name], seconds["start Python"]) for name in commands)
    notes = [
        "processor time, user and system, of a process of its own",
        *(_solver(one, told[one]) for one in lines),
    ]
    return [Table("Command lines end to end", rows, notes)]


def _words(name: str) -> list[str]:
    return [str(ROOT / word) if word == TEXT else word for word in LINES[name].split()]


def spent(arguments: Sequence[str]) -> float:
    """Return the seconds of processor time, user and system, of Python with ``arguments``."""
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
            env=_COMPILED | {"PYTHONPATH": paths},
        )
    return done.stderr


def _solver(name: str, told: str) -> str:
    count, spent = told.splitlines()[-1].split()
    return f"{name}: {int(count):,} programmes, {float(spent):.2f} s in the solver"
