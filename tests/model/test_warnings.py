"""Models that are sound and whose answers are nought by construction say so."""

import logging
import shutil
from dataclasses import replace

import pytest

from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import make_table
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.model.folder.warnings import model_warnings

STARTER = "uzbekistan"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(bundled_path(STARTER), tmp_path / "m")


def spoil(folder, table, change):
    path = folder / f"{table}.csv"
    path.write_text(change(path.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize("name", ["azerbaijan", "kazakhstan", "uzbekistan"])
def test_bundled_models_have_none(name):
    assert open_model(name).warnings == ()


@pytest.mark.parametrize("table", ["denial", "supplies", "carries", "markets"])
def test_a_network_that_lacks_a_part_is_told(folder, table):
    whole = read_folder(folder)
    lacking = replace(whole, tables={**whole.tables, table: make_table(table_schemas()[table], [])})
    assert ("K0318", f"{table}.csv") in [(one.code, one.file) for one in model_warnings(lacking)]


def test_what_is_missing_is_said_aloud_whenever_the_model_is_opened(folder, caplog):
    (folder / "denial.csv").unlink()
    with caplog.at_level(logging.WARNING, "kopir.model"):
        assert [one.code for one in open_model(folder).warnings] == ["K0318"]
    assert "nobody can refuse anything" in caplog.text


def test_a_column_of_elasticities_that_was_deleted_is_said(folder):
    def without(text):
        rows = [line.split(",") for line in text.splitlines()]
        at = rows[0].index("elasticity")
        return "\n".join(",".join(cell for n, cell in enumerate(row) if n != at) for row in rows) + "\n"

    spoil(folder, "baseline_flows", without)
    assert [one.code for one in open_model(folder).warnings] == ["K0325"]


def test_the_focal_state_is_no_player(folder):
    settings = folder / "kopir.toml"
    settings.write_text(settings.read_text("utf-8").replace("players = [", 'players = ["UZB", ', 1), "utf-8")
    with pytest.raises(InputError) as caught:
        open_model(folder)
    assert [fault.code for fault in caught.value.faults] == ["K0317"]


@pytest.mark.parametrize("number", ["1e308", "1e-320", "1e15 [1..1e15]", "1e-15"])
def test_numbers_beyond_measure_are_faults_of_the_cell(folder, number):
    def changed(text):
        rows = text.splitlines()
        at = rows[0].split(",").index("amount")
        cells = rows[1].split(",")
        cells[at] = number
        return "\n".join([rows[0], ",".join(cells), *rows[2:]]) + "\n"

    spoil(folder, "supplies", changed)
    with pytest.raises(InputError) as caught:
        open_model(folder)
    assert ("K0222", "supplies.csv", 2, "amount") in [
        (one.code, one.file, one.line, one.column) for one in caught.value.faults
    ]
