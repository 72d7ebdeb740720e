"""Reading and writing files of a folder that is not trusted."""

import os

import pytest

from kopir.core.errors import Fault
from kopir.core.folders.textfiles import MAX_TABLE_BYTES, read_text
from kopir.core.folders.together import write_whole


def test_text_is_read_without_its_byte_order_mark(tmp_path):
    (tmp_path / "a.csv").write_bytes("\ufeffköpir\n".encode())
    assert read_text(tmp_path, "a.csv") == "köpir\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("узел,вид\n".encode("cp1251"), 1),
        (b"node\n" + "Тенгиз\n".encode("cp1251"), 2),
        (b"node\nA\0\n", 2),
    ],
)
def test_encodings_that_are_not_certain_are_refused_with_the_line(tmp_path, data, line):
    (tmp_path / "a.csv").write_bytes(data)
    fault = read_text(tmp_path, "a.csv")
    assert isinstance(fault, Fault)
    assert (fault.code, fault.file, fault.line) == ("K0104", "a.csv", line)
    assert "UTF-8" in fault.mend


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1251"])
def test_what_a_spreadsheet_saved_is_read_where_it_is_certain(tmp_path, encoding):
    text = "node;kind;note\nA;field;добыча нефти на месторождении, по отчёту за год\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read_text(tmp_path, "a.csv") == text
    (tmp_path / "a.toml").write_bytes(text.encode(encoding))
    assert isinstance(read_text(tmp_path, "a.toml"), Fault)


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path, monkeypatch):
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(2 * 2**30)
    monkeypatch.setattr("pathlib.Path.open", lambda *_: pytest.fail("the file was opened"))
    fault = read_text(tmp_path, "a.csv")
    assert isinstance(fault, Fault)
    assert (fault.code, fault.file) == ("K0103", "a.csv")
    assert "2,048 MiB" in fault.why
    assert f"{MAX_TABLE_BYTES // 2**20} MiB" in fault.why


def test_the_limit_is_the_largest_size_that_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * 10)
    assert read_text(tmp_path, "a.csv", limit=10) == "x" * 10
    fault = read_text(tmp_path, "a.csv", limit=9)
    assert isinstance(fault, Fault)
    assert fault.code == "K0103"


@pytest.mark.parametrize("name", ["missing.csv", "folder.csv", "circle.csv", "dangling.csv", "pipe.csv"])
def test_what_is_no_plain_file_is_refused(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.csv")
    fault = read_text(tmp_path, name)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.file) == ("K0102", name)


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("key")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").symlink_to(tmp_path / "secret")
    (folder / "inside.csv").write_text("x")
    (folder / "b.csv").symlink_to(folder / "inside.csv")
    for name in ("a.csv", "../secret"):
        fault = read_text(folder, name)
        assert isinstance(fault, Fault)
        assert fault.code == "K0106"
    assert read_text(folder, "b.csv") == "x"


def test_a_file_is_replaced_whole(tmp_path):
    write_whole(tmp_path / "out", b"old")
    write_whole(tmp_path / "out", b"new")
    assert (tmp_path / "out").read_bytes() == b"new"
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    write_whole(tmp_path / "out", b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(tmp_path / "out", b"new")
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("out", b"old")]
