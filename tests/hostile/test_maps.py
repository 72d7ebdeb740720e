"""Shapes that are well-formed JSON and no GeoJSON are faults of their file; what opens can be drawn."""

import json
from pathlib import Path

import pytest

from kopir.core.errors import Fault, KopirError
from kopir.model.folder.geometry import geometry_faults, read_collection
from kopir.model.folder.opening import open_model
from kopir.model.neighbours.maps import as_geojson
from kopir.report.geometry import edges_of, pixel, shape_files
from kopir.serve.maps.ground import ground_of
from kopir.serve.maps.shapes import land_of
from tests.hostile.models import write_model
from tests.hostile.trees import deep, spoilt


def collection(properties, kind, coordinates):
    geometry = {"type": kind, "coordinates": coordinates}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": geometry}],
    }


LINES = collection({"link": "CPC"}, "LineString", [[51.9, 47.1], [44, 46], [37.7, 44.7]])
LAND = collection({"state": "KAZ"}, "Polygon", [[[46, 40], [88, 40], [88, 56], [46, 56], [46, 40]]])
ISLES = collection({"state": "RUS"}, "MultiPolygon", [[[[30, 56], [88, 56], [88, 70], [30, 56]]]])
FILES = {"pipelines": LINES, "countries": LAND, "disputed_areas": ISLES, "disputed_lines": LINES}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = write_model("wide", tmp_path_factory.mktemp("maps") / "m")
    (folder / "geometry" / "countries.geojson").write_text(json.dumps(LAND), "utf-8")
    return open_model(folder)


@pytest.fixture
def write(model):
    """Write a file of shapes for as long as a test lasts."""
    kept = {path: path.read_bytes() for path in (model.folder.path / "geometry").iterdir()}

    def written(name, tree):
        (model.folder.path / "geometry" / f"{name}.geojson").write_text(json.dumps(tree), "utf-8")

    yield written
    for path in (model.folder.path / "geometry").iterdir():
        path.unlink() if path not in kept else path.write_bytes(kept[path])


def drawn(model):
    """Draw all that is made of shapes."""
    land = land_of(model, ["CPC"])
    assert land is not None
    json.dumps(ground_of(model, land), allow_nan=False)
    json.loads(as_geojson(model))


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_shapes_is_drawn_or_refused(model, write, name):
    refused = 0
    for place, odd, tree in spoilt(FILES[name]):
        write(name, tree)
        found = geometry_faults(model.folder)
        assert all(fault.mend and fault.file for fault in found), (place, odd)
        refused += bool(found)
        if not found:
            drawn(model)
    assert refused > 100


@pytest.mark.parametrize("levels", [5, 800, 100_000])
@pytest.mark.parametrize("within", ['{{"features": [{}]}}', '{{"features": {}}}', "{}"])
def test_lists_in_lists_are_a_fault(tmp_path, levels, within):
    shape = f'{{"geometry": {{"type": "Point", "coordinates": {deep(levels)}}}}}'
    for text in (within.format(deep(levels)), within.format(shape if within != "{}" else deep(levels))):
        (tmp_path / "countries.geojson").write_text(text, "utf-8")
        assert isinstance(found := read_collection(tmp_path, "countries.geojson"), Fault)
        assert found.code == "K0372"


def test_the_poles_lie_on_no_map_and_stop_none():
    frame = {"x": 0.0, "y": 0.0, "scale": 100.0}
    assert pixel(frame, (0, -90)) == pixel(frame, (0, -85))
    assert pixel(frame, (0, 90)) == pixel(frame, (0, 85))


def test_what_is_spoilt_after_the_model_was_opened_is_left_out(model, write):
    write("countries", collection({}, "Polygon", [[[1]]]))
    assert edges_of(found for _, found in shape_files(model, ("countries",))) is None
    drawn(model)


def test_a_model_with_a_misshapen_layer_says_which_feature(tmp_path: Path):
    folder = write_model("wide", tmp_path / "m")
    short = collection({"link": "CPC"}, "LineString", [[51.9, 47.1]])
    (folder / "geometry" / "pipelines.geojson").write_text(json.dumps(short), "utf-8")
    with pytest.raises(KopirError) as caught:
        open_model(folder)
    (fault,) = caught.value.faults
    assert (fault.code, fault.file, fault.column) == ("K0372", "geometry/pipelines.geojson", "geometry")
    assert fault.why.startswith("feature 1: a LineString of fewer than 2")
