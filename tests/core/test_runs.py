"""Run records: equal inputs, equal records."""

import hashlib
import json
from datetime import date

from kopir.core.folders.folder import read_folder
from kopir.core.runs import folder_hashes, record_run
from tests.folders import routes_model

ROUTE = {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": ["RUS"]}


def test_a_table_is_hashed_by_its_content(tmp_path):
    folder = routes_model(tmp_path / "model", [ROUTE], supply=5)
    hashes = folder_hashes(read_folder(folder))
    assert hashes["links.csv"] == hashlib.sha256((folder / "links.csv").read_bytes()).hexdigest()
    assert list(hashes) == sorted(hashes)
    assert set(hashes) == {item.name for item in folder.iterdir()}


def test_line_ends_do_not_change_a_hash_and_a_number_does(tmp_path):
    folder = routes_model(tmp_path / "model", [ROUTE], supply=5)
    links, supplies = folder / "links.csv", folder / "supplies.csv"
    before = folder_hashes(read_folder(folder))
    links.write_bytes(links.read_bytes().replace(b"\n", b"\r\n"))
    supplies.write_bytes(supplies.read_bytes().replace(b",5,", b",6,"))
    after = folder_hashes(read_folder(folder))
    assert {name for name in after if after[name] != before[name]} == {"supplies.csv"}


def test_a_record_is_plain_and_takes_the_seed_of_the_folder(tmp_path):
    folder = read_folder(routes_model(tmp_path / "model", [ROUTE], supply=5))
    record = record_run(folder, kopir="9", options={"b": ("x",), "a": None}, as_of=date(2025, 6, 30)).as_record()
    assert (record["seed"], record["as_of"], record["options"]) == (0, "2025-06-30", {"a": None, "b": ["x"]})
    assert json.loads(json.dumps(record)) == record
    assert record_run(folder, kopir="9", seed=3).seed == 3
