"""A map is drawn on the finest land that holds the state's own places, wherever on earth it lies."""

import pytest

import kopir
from kopir.report.geometry import edges_of, shape_files
from tests.folders import routes_model

ROUTES = [{"id": "NORTH", "capacity": 8, "netback": 300, "jurisdictions": ["RUS"]}]
PLACES = {
    "Tengiz and Moscow": ((53.4, 46.1), (37.6, 55.7), 40),
    "Ulaanbaatar and Tianjin": ((106.9, 47.9), (117.7, 39.0), 58),
    "Antofagasta and Rotterdam": ((-70.4, -23.6), (4.5, 51.9), 177),
}


def placed(path, field, end):
    """Return a model whose field and whose market lie somewhere."""
    nodes = path / "nodes.csv"
    head, *rows = nodes.read_text("utf-8").splitlines()
    at = {"FIELD": field}
    told = [f"{row},{at.get(row.split(',')[0], end)[0]},{at.get(row.split(',')[0], end)[1]}" for row in rows]
    nodes.write_text("\n".join([f"{head},lon,lat", *told]) + "\n", "utf-8")
    return kopir.open(path).model


@pytest.mark.parametrize("name", PLACES)
def test_the_land_holds_the_places_of_the_state(name, tmp_path):
    field, end, states = PLACES[name]
    model = placed(routes_model(tmp_path / "model", ROUTES, supply=10), field, end)
    (countries,) = [found for layer, found in shape_files(model) if layer == "countries"]
    assert len(countries["features"]) == states
    ring = edges_of([countries])
    west, east = min(lon for lon, _ in ring), max(lon for lon, _ in ring)
    south, north = min(lat for _, lat in ring), max(lat for _, lat in ring)
    assert west <= field[0] <= east
    assert south <= field[1] <= north
    assert all(found["attribution"] for _, found in shape_files(model))
    assert all(feature["properties"]["state"] for feature in countries["features"])


@pytest.mark.parametrize("name", ["kazakhstan", "uzbekistan", "azerbaijan"])
def test_bundled_models_are_drawn_on_the_finest(name):
    (countries,) = [found for layer, found in shape_files(kopir.open(name).model) if layer == "countries"]
    assert len(countries["features"]) == 40
