"""Standard output is data: nothing that a C library prints gets there, and kopir runs by either name."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOUD = """
import ctypes
from kopir.cli.stdout import keep_stdout_for_data
keep_stdout_for_data()
c = ctypes.CDLL(None)
c.puts(b"Running a solver")
print("{}")
c.puts(b"and a last word that waits in a buffer")
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="the C library is named otherwise there")
def test_what_a_c_library_prints_goes_to_stderr() -> None:
    done = run("-c", LOUD)
    assert done.stdout == "{}\n"
    assert done.stderr.splitlines() == ["Running a solver", "and a last word that waits in a buffer"]


def test_a_closed_stdout_is_no_crash() -> None:
    quiet = "import sys; sys.stdout = None; from kopir.cli.stdout import keep_stdout_for_data as k; k()"
    assert run("-c", quiet).returncode == 0


def test_python_m_kopir_is_kopir() -> None:
    done = run("-m", "kopir", "explain", "K0231", "--json")
    assert done.returncode in (0, 2, 3)
    assert json.loads(done.stdout)["schema_version"] == 1
