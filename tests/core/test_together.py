"""Several files as one, whatever the moment of the crash."""

from contextlib import suppress
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.core.folders.together import LIST, finish, write_together

OLD = {"a.csv": b"old a", "b.csv": b"old b"}
NEW = {"a.csv": b"new a", "b.csv": b"new b", "c/d.bin": b"new d"}
MOVES = len(NEW) + 1


class KilledError(BaseException):
    """Stands for the process being killed: nobody catches it, nothing is cleaned up."""


def held(root):
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture
def root(tmp_path):
    write_together(tmp_path, OLD)
    return tmp_path


def fails_at(monkeypatch, method, number, error):
    """Let the call ``number`` (from 0) of a method of paths fail, and all after it."""
    real, calls = getattr(Path, method), []

    def failing(self, *args, **rest):
        calls.append(self)
        if len(calls) > number:
            raise error
        return real(self, *args, **rest)

    monkeypatch.setattr(Path, method, failing)


def test_all_files_are_written_and_nothing_else_is_left(root):
    assert write_together(root, NEW) == [root / name for name in sorted(NEW)]
    assert held(root) == NEW
    assert not list(root.rglob(".*"))


@pytest.mark.parametrize("moved", range(MOVES + 1))
def test_a_crash_between_moves_leaves_the_old_or_the_new_files_never_a_mixture(root, monkeypatch, moved):
    with monkeypatch.context() as patch:
        fails_at(patch, "replace", moved, KilledError())
        with suppress(KilledError):
            write_together(root, NEW)
    finish(root)
    assert held(root) == (OLD if moved == 0 else NEW)
    assert write_together(root, OLD)
    assert {name: held(root)[name] for name in OLD} == OLD


@pytest.mark.parametrize("written", range(MOVES))
def test_a_disk_that_is_full_changes_nothing(root, monkeypatch, written):
    with monkeypatch.context() as patch:
        fails_at(patch, "open", written, OSError("full"))
        with pytest.raises(OSError, match="full"):
            write_together(root, NEW)
    assert held(root) == OLD
    assert not list(root.rglob(".*"))


@pytest.mark.parametrize("name", ["../outside.csv", "/etc/hosts", ""])
def test_a_list_that_leads_out_of_the_folder_is_refused(root, name):
    (root.parent / ".outside.csv.new").write_bytes(b"planted")
    (root / LIST).write_text(f"{name}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        finish(root)
    assert [fault.code for fault in caught.value.faults] == ["K0106"]
    assert not (root.parent / "outside.csv").exists()
