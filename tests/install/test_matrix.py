"""Wheel and sdist in empty environments of another folder: every Python found, newest and oldest dependencies.

Needs a package index, so it is not part of ``make test``; ``make matrix`` runs it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.install, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
PYTHONS = ("3.11", "3.12", "3.13")
MODELS = ("kazakhstan", "azerbaijan", "uzbekistan")
EVERY_MODEL = ("check", "leverage", "coalitions", "flow", "portfolio", "layers", "options", "obligations")
FIRST_DAY = (
    ("doctor",),
    ("new", "mine"),
    ("check", "mine"),
    ("flow", "mine"),
    ("leverage", "mine"),
    ("demo", "--out", "first"),
    ("brief", "azerbaijan", "--out", "out"),
    ("why", "leverage:RUS:stranded_mt", "kazakhstan"),
    ("incident", "kazakhstan", "--lose", "CPC_KAZ", "--days", "7"),
    ("world", "raw.csv", "--focal", "KAZ", "--into", "kaz"),
    ("world", "raw.csv", "--all"),
    ("layers", "kaz"),
)
RAW = "year,exporter,importer,hs6,value_kusd,quantity_t\n2024,KAZ,CHN,270900,5,9\n2024,RUS,KAZ,270112,1,30\n"
CASES = [(python, how) for python in PYTHONS for how in ("highest", "lowest-direct")]


@dataclass(frozen=True)
class Stranger:
    """An environment that holds kopir and what it needs, and a folder to work in."""

    python: Path
    folder: Path

    def kopir(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), "-m", "kopir", *words]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
        return subprocess.run(
            command, cwd=self.folder, env=clean, capture_output=True, encoding="utf-8", check=False
        )


def uv(*words: str) -> None:
    assert UV is not None
    done = subprocess.run([UV, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def found(version: str) -> str | None:
    """Return the interpreter of that version, or ``None``."""
    for place in (f"python{version}", *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))):
        path = shutil.which(str(place))
        if path and subprocess.run([path, "-c", ""], check=False, capture_output=True).returncode == 0:
            return path
    return None


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    if UV is None:
        pytest.fail("uv is not installed: `make matrix` installs it from requirements/dev.lock")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"python{case[0]}-{case[1]}")
def stranger(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    version, how = request.param
    interpreter = found(version)
    if interpreter is None:
        pytest.skip(f"no Python {version} on this machine")
    folder = tmp_path_factory.mktemp(f"python{version}-{how}")
    uv("venv", "-q", "--no-config", "--python", interpreter, str(folder / "env"))
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if how == "highest":
        uv("pip", "install", "-q", "--python", str(python), *map(str, built.glob("*.whl")))
    else:
        pins, project = folder / "oldest.txt", ROOT / "pyproject.toml"
        asked = ("--resolution", how, "--python", str(python))
        uv("pip", "compile", "-q", *asked, str(project), "-o", str(pins))
        uv("pip", "install", "-q", "--python", str(python), "-r", str(pins))
        uv("pip", "install", "-q", "--no-deps", "--python", str(python), *map(str, built.glob("*.tar.gz")))
    return Stranger(python, folder)


def test_the_first_day(stranger: Stranger) -> None:
    (stranger.folder / "raw.csv").write_text(RAW, encoding="utf-8")
    for words in FIRST_DAY:
        done = stranger.kopir(*words)
        assert done.returncode == 0, (words, done.stderr[-2000:])
    assert (stranger.folder / "out" / "brief.html").stat().st_size > 10_000


@pytest.mark.parametrize("model", MODELS)
def test_answers_are_data_on_stdout(stranger: Stranger, model: str) -> None:
    for command in EVERY_MODEL:
        answer = stranger.kopir(command, model, "--json")
        assert answer.returncode in (0, 3), (command, answer.stderr[-2000:])
        whole = json.loads(answer.stdout)
        assert (answer.returncode == 0) == (not whole["faults"]), command
        if answer.returncode == 0:
            rows = list(csv.reader(io.StringIO(stranger.kopir(command, model, "--csv").stdout)))
            assert len({len(row) for row in rows}) == 1, command
