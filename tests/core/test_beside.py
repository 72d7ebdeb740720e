"""Files are written beside their place: whole or not at all, and what a killed process left is cleared."""

import logging

import pytest

from kopir.core.errors import Locked
from kopir.core.folders.together import beside, changing, clear_beside, room_beside, write_whole


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_block_that_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a.json").write_text("old", "utf-8")
    with pytest.raises(ValueError, match="broken"), beside(tmp_path / "a.json"):
        raise ValueError("broken")
    assert (tmp_path / "a.json").read_text("utf-8") == "old"
    assert names(tmp_path) == ["a.json"]


def test_what_a_killed_process_left_is_cleared_and_told(tmp_path, caplog):
    with room_beside(tmp_path / "a.json") as room:
        left = room.name
    (tmp_path / left).mkdir()
    (tmp_path / left / "half").write_text("x", "utf-8")
    with caplog.at_level(logging.WARNING):
        write_whole(tmp_path / "a.json", b"new")
    assert names(tmp_path) == ["a.json"]
    assert "interrupted" in caplog.text


def test_a_folder_is_cleared_of_what_was_left_but_not_of_what_is_being_written(tmp_path):
    for name in (".kopir-part-a", ".kopir-lock-a", ".kopir-lock-c"):
        (tmp_path / name).touch()
    with room_beside(tmp_path / "b"):
        clear_beside(tmp_path)
        assert names(tmp_path) == [".kopir-lock-b", ".kopir-part-b"]
    assert names(tmp_path) == []


def test_a_file_is_written_by_one_at_a_time_and_others_beside_it_meanwhile(tmp_path):
    with room_beside(tmp_path / "a.json"):
        with pytest.raises(Locked, match=r"writing a\.json"), room_beside(tmp_path / "a.json", wait=0):
            pass
        write_whole(tmp_path / "b.json", b"b")
        with changing(tmp_path) as change:
            change.write({"c.json": b"c"})
    assert names(tmp_path) == ["b.json", "c.json"]


@pytest.mark.parametrize("name", ["new", "changed", "lock", "part-new", "lock-new"])
def test_no_name_gets_in_the_way_of_a_change(tmp_path, name):
    with room_beside(tmp_path / name) as room, changing(tmp_path) as change:
        (room / "whole").write_bytes(b"x")
        change.write({"a": b"a"})
        assert (room / "whole").read_bytes() == b"x"
    assert names(tmp_path) == ["a"]
