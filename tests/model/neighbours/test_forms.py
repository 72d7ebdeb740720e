"""Maps, columns and data packages: what other programs are told is what the model says."""

import csv
import io
import json

import polars as pl
import pytest

import kopir
from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.model.bundled.starters import starter_path


@pytest.fixture(scope="module")
def project():
    return kopir.open(starter_path("export"))


def test_every_node_and_link_is_on_the_map(project):
    (data,) = project.exported("geojson").files.values()
    features = json.loads(data)["features"]
    tables = project.model.folder.tables
    codes = [one["id"] for one in features]
    assert codes == [*tables["nodes"].cells["node"], *tables["links"].cells["link"]]
    for one in features:
        assert {"name_en", "name_ru", "name_kk", "name_tr"} <= set(one["properties"])
    ends = {one["id"]: one["geometry"]["coordinates"] for one in features if one["properties"]["kind"] == "node"}
    lines = [one for one in features if one["properties"]["kind"] == "link"]
    for line in lines:
        way = [ends[line["properties"][end]] for end in ("from_node", "to_node")]
        assert line["geometry"] == {"type": "LineString", "coordinates": way}
        assert line["properties"]["capacity"]
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ends.values())


@pytest.mark.slow
def test_a_line_of_the_folder_is_drawn_as_it_lies():
    (data,) = kopir.open("azerbaijan").exported("geojson").files.values()
    shapes = {one["id"]: one["geometry"] for one in json.loads(data)["features"]}
    assert len(shapes["BTC"]["coordinates"][0]) > 20


def test_columns_hold_numbers_with_their_intervals(project):
    files = project.exported("parquet").files
    assert {name.removesuffix(".parquet") for name in files} == {
        name for name, table in project.model.folder.tables.items() if table.present
    }
    carries = pl.read_parquet(io.BytesIO(files["carries.parquet"]))
    told = project.model.folder.tables["carries"].cells
    assert carries["nameplate_cell"].to_list() == told["nameplate"].to_list()
    first = carries.row(0, named=True)
    assert first["nameplate_low"] <= first["nameplate"] <= first["nameplate_high"]


def test_a_data_package_is_made_from_the_schemas(project):
    files = project.exported("datapackage").files
    package = json.loads(files["datapackage.json"])
    by_name = {one["name"]: one for one in package["resources"]}
    for name, resource in by_name.items():
        head, *rows = csv.reader(io.StringIO(files[resource["path"]].decode()))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == head
        assert all(field["description"] for field in fields)
        for place, field in enumerate(fields):
            if field.get("constraints", {}).get("enum"):
                assert {row[place] for row in rows} - {""} <= set(field["constraints"]["enum"]), (name, field)
        for key in resource["schema"].get("foreignKeys", ()):
            target = by_name[key["reference"]["resource"]]
            held = [field["name"] for field in target["schema"]["fields"]].index(key["reference"]["fields"])
            codes = {row[held] for row in csv.reader(io.StringIO(files[target["path"]].decode()))}
            at = head.index(key["fields"])
            assert {row[at] for row in rows} - {""} <= codes
    assert by_name["links"]["schema"]["primaryKey"] == ["link"]
    assert {"fields": "from_node", "reference": {"resource": "nodes", "fields": "node"}} in by_name["links"][
        "schema"
    ]["foreignKeys"]


def test_a_data_package_is_a_model_folder(project, tmp_path):
    for name, data in project.exported("datapackage").files.items():
        (tmp_path / name).write_bytes(data)
    again = read_folder(tmp_path)
    for name, table in project.model.folder.tables.items():
        assert again.tables[name].cells.drop("line").equals(table.cells.drop("line"))


def test_another_form_is_a_fault(project):
    with pytest.raises(InputError, match='did you mean "geojson"'):
        project.exported("geojsn")
