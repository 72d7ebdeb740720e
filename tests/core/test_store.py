"""Parquet from anybody: rows as asked, and nothing beside the files given."""

import polars as pl
import pytest

from kopir.core.errors import InputError
from kopir.core.folders.store import _database, parquet_files, read_rows

COLUMNS = {"id": pl.String(), "tags": pl.List(pl.String()), "value": pl.Float64(), "page": pl.Int64()}


@pytest.fixture
def folder(tmp_path):
    held = tmp_path / "held"
    held.mkdir()
    pl.DataFrame({"id": ["a", "b"], "tags": [["X", "Y"], []], "value": [1.5, 2.0]}).write_parquet(
        held / "1.parquet"
    )
    pl.DataFrame({"value": [3], "id": ["c"], "tags": [["Z"]], "more": [True]}).write_parquet(held / "2.parquet")
    return held


def ids(folder, where=None, **rest):
    return read_rows(parquet_files(folder), COLUMNS, where, **rest)["id"].to_list()


def test_files_of_a_folder_are_one_table_in_order_and_columns_that_lack_are_null(folder):
    rows = read_rows(parquet_files(folder), COLUMNS)
    assert rows.schema == COLUMNS
    assert rows.rows() == [("a", ["X", "Y"], 1.5, None), ("b", [], 2.0, None), ("c", ["Z"], 3.0, None)]


def test_filters_hold_together_and_reach_into_lists(folder):
    assert ids(folder, {"tags": ["X", "Z"]}) == ["a", "c"]
    assert ids(folder, {"tags": ["X", "Z"], "id": ["c*", "b"]}) == ["c"]
    assert ids(folder, {"id": ["' OR true --"]}) == []


def test_a_null_is_filled_before_it_is_filtered(folder):
    pl.DataFrame({"id": [None], "value": [4.0]}).write_parquet(folder / "3.parquet")
    assert ids(folder, {"id": ["new"]}, fill={"id": "new"}) == ["new"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.joinpath("1.parquet").write_text("no parquet"), "K0111"),
        (lambda path: pl.DataFrame({"value": ["much"]}).write_parquet(path / "1.parquet"), "K0111"),
        (lambda path: path.joinpath("1.parquet").symlink_to(path.parent / "secret.parquet"), "K0106"),
        (lambda path: None, "K0111"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, make, code):
    held = tmp_path / "held"
    held.mkdir()
    pl.DataFrame({"id": ["s"]}).write_parquet(tmp_path / "secret.parquet")
    make(held)
    with pytest.raises(InputError) as caught:
        ids(held)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        ids(tmp_path / "none.parquet")


def test_more_rows_than_allowed_are_refused_before_they_are_fetched(folder):
    with pytest.raises(InputError, match="at most 2 rows"):
        ids(folder, max_rows=2)
    assert ids(folder, {"id": ["a"]}, max_rows=2) == ["a"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_parquet('{outside}')",
        "SELECT * FROM read_text('{outside}')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "COPY (SELECT 1) TO '{folder}/new.parquet'",
        "ATTACH '{folder}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
    ],
)
def test_the_database_sees_the_files_given_and_nothing_else(folder, statement):
    outside = folder.parent / "outside.parquet"
    pl.DataFrame({"id": ["s"]}).write_parquet(outside)
    files = parquet_files(folder)
    with pytest.raises(InputError), _database([str(file) for file in files], files) as database:
        database.execute(statement.format(outside=outside, folder=folder)).fetchall()
