"""Many commands that change one folder at once, and one that is killed at each step of its change."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from kopir.core.folders.folder import read_folder
from kopir.model.bundled.starters import starter_path
from tests.hostile.kills import SENTENCE, ask, killed, moments, prepared

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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["update", "serve edit", "serve scenario"])
def test_what_a_kill_leaves_at_any_step_is_a_whole_folder(tmp_path, name):
    count, wrong = moments(name, tmp_path)
    assert wrong == []
    assert count > 3


@pytest.mark.slow
def test_pages_and_commands_that_change_one_folder_at_once_lose_nothing(tmp_path):
    prepared(tmp_path)
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(SENTENCE.format(50 + n), encoding="utf-8")
    words = [("facts", f"{n}.txt", "--all", "--wait", "600", "--into", "m") for n in range(3)]
    with ThreadPoolExecutor(5) as together:
        ended = list(
            together.map(
                lambda one: ask(tmp_path, 0, "", *one), [*words, ("serve", "edit"), ("serve", "scenario")]
            )
        )
    assert ended == [0] * 5
    held = pl.read_parquet(tmp_path / "m" / "claims" / "claims.parquet")
    assert set(held["doc"]) == {"old.txt", "0.txt", "1.txt", "2.txt"}
    for post in ("edit", "scenario"):  # one that was refused because the folder had changed is posted anew
        assert ask(tmp_path, 0, "", "serve", post) == 0
    folder = read_folder(tmp_path / "m")
    assert folder.tables["markets"].cells["depth"][0] == "90"
    assert folder.tables["facts"].cells.height > 0
    assert (tmp_path / "m" / "scenarios" / "half.toml").is_file()
