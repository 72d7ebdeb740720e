"""Several files as one change, whatever the moment of the crash and whoever else is at it."""

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from kopir.core.errors import InputError, Locked
from kopir.core.folders.lock import LOCK, locked
from kopir.core.folders.together import CHANGED, NEW, changing, finish, write_together

OLD = {"a.csv": b"old a", "b.csv": b"old b"}
FRESH = {"a.csv": b"new a", "b.csv": b"new b", "c/d.bin": b"new d"}


class KilledError(BaseException):
    """Stands for the process being killed: nobody catches it, nothing is cleaned up."""


def held(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.relative_to(root).as_posix().startswith(".")
    }


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    write_together(folder, OLD)
    return folder


def fails_at(monkeypatch, method, number, error):
    """Let the call ``number`` (from 0) of a method of paths fail, and all after it."""
    real, calls = getattr(Path, method), []

    def failing(self, *args, **rest):
        if self.name.startswith(LOCK):
            return real(self, *args, **rest)
        calls.append(self)
        if len(calls) > number:
            raise error
        return real(self, *args, **rest)

    monkeypatch.setattr(Path, method, failing)


def test_all_files_are_written_and_nothing_else_is_left(root):
    assert write_together(root, FRESH) == [root / name for name in sorted(FRESH)]
    assert held(root) == FRESH
    assert not list(root.rglob(".*"))


@pytest.mark.parametrize("moved", range(len(FRESH) + 1))
def test_a_crash_between_moves_leaves_the_new_files_to_be_moved(root, monkeypatch, moved, caplog):
    with monkeypatch.context() as patch:
        fails_at(patch, "replace", moved, KilledError())
        with suppress(KilledError):
            write_together(root, FRESH)
    finish(root)
    assert held(root) == FRESH
    assert ("an interrupted change is finished" in caplog.text) == (moved < len(FRESH))
    assert write_together(root, OLD)
    assert {name: held(root)[name] for name in OLD} == OLD


@pytest.mark.parametrize("method", ["replace", "unlink"])
@pytest.mark.parametrize("done", range(3))
def test_a_crash_while_files_are_taken_away_leaves_the_rest_to_be_done(root, monkeypatch, method, done):
    with monkeypatch.context() as patch:
        fails_at(patch, method, done, KilledError())
        with suppress(KilledError), changing(root) as change:
            change.write({"c/d.bin": b"new d", "e.csv": b"new e"}, ["a.csv", "b.csv"])
    finish(root)
    assert held(root) == {"c/d.bin": b"new d", "e.csv": b"new e"}
    assert not (root / CHANGED).exists()


def test_what_is_gone_already_may_be_taken_away_and_nothing_outside(root, tmp_path):
    (tmp_path / "outside").write_bytes(b"stays")
    with changing(root) as change:
        assert change.write({}, ["nothing.csv", "a.csv"]) == []
        with pytest.raises(InputError, match="outside the folder"):
            change.write({"b.csv": b"new b"}, ["../outside"])
    assert held(root) == {"b.csv": b"old b"}
    assert (tmp_path / "outside").read_bytes() == b"stays"
    assert not (root / NEW).exists()


def test_a_crash_before_the_change_counts_leaves_the_old_files_and_is_cleared(root, caplog):
    (root / NEW / "c").mkdir(parents=True)
    (root / NEW / "c" / "d.bin").write_bytes(b"half")
    with changing(root):
        assert held(root) == OLD
        assert not (root / NEW).exists()
    assert "what an interrupted change had written is removed" in caplog.text


@pytest.mark.parametrize("written", range(len(FRESH)))
def test_a_disk_that_is_full_changes_nothing(root, monkeypatch, written):
    with monkeypatch.context() as patch:
        fails_at(patch, "open", written, OSError(28, "No space left on device"))
        with pytest.raises(InputError, match="K0601 cannot be written: No space left"):
            write_together(root, FRESH)
    assert held(root) == OLD
    assert not list(root.rglob(".*"))


@pytest.mark.parametrize("name", ["../outside.csv", "/etc/hosts", ""])
def test_a_change_that_leads_out_of_the_folder_is_refused(root, name):
    with pytest.raises(InputError) as caught:
        write_together(root, {name: b"planted"})
    assert [fault.code for fault in caught.value.faults] == ["K0106"]
    assert held(root) == OLD


def test_a_link_planted_among_the_leftovers_is_refused(root, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (root / CHANGED).mkdir()
    (root / CHANGED / "a.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError) as caught:
        finish(root)
    assert [fault.code for fault in caught.value.faults] == ["K0106"]
    assert held(root) == OLD


def test_a_folder_behind_a_link_is_not_written_into(root, tmp_path):
    (tmp_path / "outside").mkdir()
    (root / "c").symlink_to(tmp_path / "outside")
    with pytest.raises(InputError):
        write_together(root, FRESH)
    assert not list((tmp_path / "outside").iterdir())


def test_a_held_folder_is_refused_with_exit_code_6(root):
    with changing(root), pytest.raises(Locked) as caught:
        write_together(root, FRESH, wait=0)
    assert [fault.code for fault in caught.value.faults] == ["K0603"]
    assert caught.value.exit_code == 6
    assert held(root) == OLD


def test_a_lock_is_let_go_by_a_process_that_dies(root):
    code = "import os, sys; from pathlib import Path; from kopir.core.folders.together import changing\n"
    code += "with changing(Path(sys.argv[1])): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(root)], check=False).returncode == 9
    assert (root / LOCK).exists()
    write_together(root, FRESH, wait=0)
    assert held(root) == FRESH
    assert not (root / LOCK).exists()


def test_ten_writers_at_once_lose_nothing(root):
    def add(number):
        with changing(root) as change:
            known = (root / "a.csv").read_bytes()
            change.write({"a.csv": known + f"\n{number}".encode(), "b.csv": known})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (root / "a.csv").read_bytes().split(b"\n")
    assert sorted(map(int, lines[1:])) == list(range(10))
    assert (root / "b.csv").read_bytes() == b"\n".join(lines[:-1])


def test_a_lock_file_taken_away_while_waited_for_is_not_held(root):
    with locked(root):
        (root / LOCK).unlink()
        (root / LOCK).touch()
        with locked(root, wait=0):
            pass


def test_a_folder_made_for_a_change_that_fails_is_taken_away_again(tmp_path):
    with pytest.raises(ValueError, match="no"), changing(tmp_path / "new", make=True):
        raise ValueError("no")
    assert not (tmp_path / "new").exists()
