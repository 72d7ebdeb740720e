"""Years drawn at random by one worker, by two, and by a run that is killed and goes on: same bytes, and the cost.

``python -m benchmarks --only samples``, or ``python -m benchmarks.sampled_years --samples 100000`` for another
size. Seconds are processor time of all processes of a run, as other work on the machine slows clocks but hardly
these. How much sooner two workers are done on two free processors is told by the busiest process.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import Table
from kopir.model.bundled import bundled_path

MODEL = "kazakhstan"
SAMPLES = 10_000
LOOK = 0.2
"""Seconds between two looks at the processes of a run."""


@dataclass(frozen=True)
class Run:
    """What a run took: processor seconds of all processes and of the busiest, memory of the largest (MB)."""

    seconds: float
    busiest: float
    memory: float


def sampled_years(_rounds: int, name: str = MODEL, samples: int = SAMPLES) -> list[Table]:
    """Compare on a bundled model, one run each."""
    title = f"Model {name}: {samples:,} years drawn at random"
    if bundled_path(name) is None or find_spec("distributed") is None:
        return [Table(title, notes=("skipped: the model or Dask is not there",))]
    with tempfile.TemporaryDirectory() as temporary:
        stores = {one: Path(temporary) / one for one in ("one worker", "two workers", "killed, then gone on")}
        alone = _run(name, samples, stores["one worker"])
        two = _run(name, samples, stores["two workers"], "--workers", "2")
        files = len(list(stores["one worker"].iterdir()))
        broken = _run(name, samples, stores["killed, then gone on"], killed_at=files // 3)
        rest = _run(name, samples, stores["killed, then gone on"])
        digests = {one: _digest(store) for one, store in stores.items()}
        size = sum(path.stat().st_size for path in stores["one worker"].iterdir())
    if len(set(digests.values())) != 1:
        raise AssertionError(f"bytes differ: {digests}")
    both = Run(broken.seconds + rest.seconds, rest.busiest, max(broken.memory, rest.memory))
    return [
        Table(
            title,
            notes=(
                f"one worker: {_told(alone)}",
                f"two workers (Dask): {_told(two)}, the busiest process {two.busiest:.1f} s: on two free "
                f"processors {alone.seconds / two.busiest:.2f} times sooner than one",
                f"killed after a third of its files, then gone on: {_told(both)} in both runs",
                f"the same bytes each time: {files:,} files, {size / 1e6:.1f} MB",
            ),
        )
    ]


def _told(run: Run) -> str:
    return f"{run.seconds:.1f} s of processor time, largest process {run.memory:,.0f} MB"


def _run(name: str, samples: int, store: Path, *more: str, killed_at: int | None = None) -> Run:
    """Return what a run took; it is killed once so many files are there."""
    import psutil

    command = [sys.executable, "-m", "kopir", "stress", name, "--samples", str(samples), "--store", str(store)]
    process = subprocess.Popen([*command, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    tree, spent, memory = psutil.Process(process.pid), dict[int, float](), 0.0
    while (done := os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is None:
        for one in _family(tree):
            try:
                times = one.cpu_times()
                spent[one.pid] = times.user + times.system
                memory = max(memory, one.memory_info().rss / 1e6)
            except psutil.Error:
                continue  # it has ended meanwhile
        if killed_at is not None and store.is_dir() and len(list(store.iterdir())) >= killed_at:
            process.kill()
        time.sleep(LOOK)
    process.wait()
    if killed_at is None and done.si_status:
        raise RuntimeError(f"{command}: {done.si_status}")
    return Run(sum(spent.values()), max(spent.values()), memory)


def _family(tree: object) -> list[object]:
    import psutil

    assert isinstance(tree, psutil.Process)
    try:
        return [tree, *tree.children(recursive=True)]
    except psutil.Error:
        return []


def _digest(store: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(store.iterdir()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table for a number of samples."""
    parser = argparse.ArgumentParser(prog="benchmarks.sampled_years")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--model", default=MODEL)
    given = parser.parse_args(arguments)
    for table in sampled_years(1, given.model, given.samples):
        print(table)


if __name__ == "__main__":
    main()
