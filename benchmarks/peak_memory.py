"""Peak memory of one contestant, in a process of its own: ``python -m benchmarks.peak_memory NAME PROBLEM``.

``PROBLEM`` is the name of a bundled model or LINKSxCOMMODITIES; the name ``nothing`` prepares the problem and
stops there, which is what all the others start from.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

from benchmarks.contestants import CONTESTANTS
from benchmarks.instances import problem

STATUS = Path("/proc/self/status")
ROOT = Path(__file__).resolve().parents[1]


def peaks(names: list[str], problem_name: str) -> dict[str, float]:
    """Return the peak resident memory (MB) of each contestant; empty where the system does not tell."""
    if not STATUS.is_file():
        return {}
    return {name: _peak(name, problem_name) for name in names}


def _peak(name: str, problem_name: str) -> float:
    command = [sys.executable, "-m", "benchmarks.peak_memory", name, problem_name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout.split()[-1])


def own_peak() -> float:
    """Return the high-water mark of this process in MB; ``getrusage`` would count the parent's too."""
    fields = dict(line.split(":", 1) for line in STATUS.read_text("utf-8").splitlines())
    return int(fields["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    given = problem(sys.argv[2])
    if sys.argv[1] != "nothing":
        CONTESTANTS[sys.argv[1]](given)
    print(own_peak())
