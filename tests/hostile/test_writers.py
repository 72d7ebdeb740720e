"""Many commands that change one folder at once, and one that is killed at each step of its change."""

import shutil
import subprocess
import sys

import polars as pl
import pytest

from kopir.core.folders.folder import read_folder
from kopir.model.bundled.starters import starter_path
from tests.hostile.kills import SENTENCE, killed

WRITERS = 10


@pytest.mark.slow
def test_ten_writers_at_once_lose_nothing(tmp_path):
    shutil.copytree(starter_path(), tmp_path / "m", copy_function=shutil.copyfile)
    for n in range(WRITERS):
        (tmp_path / f"{n}.txt").write_text(SENTENCE.format(50 + n), encoding="utf-8")
    command = [sys.executable, "-m", "kopir", "facts", "--all", "--wait", "600", "--into", "m"]
    running = [
        subprocess.Popen([*command, f"{n}.txt"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for n in range(WRITERS)
    ]
    ended = [(one.communicate(timeout=600)[0], one.returncode) for one in running]
    assert [code for _, code in ended] == [0] * WRITERS, ended
    held = pl.read_parquet(tmp_path / "m" / "claims" / "claims.parquet")
    assert set(held["doc"]) == {f"{n}.txt" for n in range(WRITERS)}
    assert {f"{n}.txt" for n in range(WRITERS)} <= set(
        read_folder(tmp_path / "m").tables["sources"].cells["title"]
    )


@pytest.mark.slow
def test_a_command_killed_at_any_step_loses_and_mixes_nothing(tmp_path):
    count, wrong = killed("facts", tmp_path)
    assert wrong == []
    assert count > len({"claims.parquet", "facts.csv", "sources.csv"})
