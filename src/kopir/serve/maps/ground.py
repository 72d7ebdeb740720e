"""What a map that is zoomed stands on: land, lines and places in degrees, the same for every choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kopir.model.contents.model import Model
from kopir.report.geometry import HEIGHT, WIDTH, edges_of, frame_of, inner_place, shape_files, unpixel
from kopir.serve.maps.shapes import Frame, Land

_DIGITS = 3
"""Decimals of a degree that are told: about 100 metres."""


def ground_of(model: Model, land: Land) -> dict[str, object]:
    """Return the ground of a map as GeoJSON by layer, and its ``bounds`` (degrees west, south, east, north).

    ``names`` are the points at which states are named: where the drawn map does, elsewhere well inside.
    """
    west, north = unpixel(land.frame, 0, 0)
    east, south = unpixel(land.frame, WIDTH, HEIGHT)
    seen = {shape.code: unpixel(land.frame, *shape.label) for shape in land.states if shape.label is not None}
    ring = edges_of(collection for _, collection in shape_files(model, ("countries",)))
    sea = [] if ring is None else [_feature({"type": "Polygon", "coordinates": [ring]}, {})]
    return {
        "bounds": _short([west, south, east, north]),
        "sea": _collection(sea),
        "states": _collection(_layer(model, "countries")),
        "areas": _collection(_layer(model, "disputed_areas")),
        "borders": _collection(_layer(model, "disputed_lines")),
        "names": _collection(_names(model, seen)),
        "links": _collection(
            _feature({"type": "MultiLineString", "coordinates": shape.lines}, {"link": code})
            for code, shape in land.links.items()
        ),
        "places": _collection(
            _feature({"type": "Point", "coordinates": place}, {"place": code})
            for code, place in land.places.items()
        ),
    }


def _collection(features: Iterator[dict[str, object]] | list[dict[str, object]]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def _feature(geometry: Mapping[str, Any], properties: Mapping[str, str]) -> dict[str, object]:
    told = {"type": geometry.get("type"), "coordinates": _short(geometry.get("coordinates") or [])}
    return {"type": "Feature", "properties": dict(properties), "geometry": told}


def _layer(model: Model, layer: str) -> Iterator[dict[str, object]]:
    for _, collection in shape_files(model, (layer,)):
        for feature in collection["features"]:
            if isinstance(feature, dict) and isinstance(feature.get("geometry"), dict):
                state = str((feature.get("properties") or {}).get("state") or "")
                yield _feature(feature["geometry"], {"state": state} if state else {})


def _names(model: Model, seen: Mapping[str, tuple[float, float]]) -> Iterator[dict[str, object]]:
    """Yield a point for each state that has a code."""
    told = set()
    for feature in _layer(model, "countries"):
        properties, geometry = feature["properties"], feature["geometry"]
        assert isinstance(properties, dict)
        assert isinstance(geometry, dict)
        state = properties.get("state", "")
        if state and state not in told:
            told.add(state)
            place = seen.get(state) or _inside(geometry)
            if place is not None:
                yield _feature({"type": "Point", "coordinates": place}, {"state": state})


def _inside(geometry: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return a point well inside a shape, on a panel of its own."""
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(
        geometry["type"], []
    )
    points = [(at[0], at[1]) for rings in polygons for ring in rings for at in ring]
    if not points:
        return None
    frame: Frame = frame_of(points)
    place = inner_place(geometry, frame)
    return None if place is None else (place[0], place[1])


def _short(value: Any) -> Any:  # noqa: ANN401 - positions lie in lists of any depth
    if isinstance(value, list | tuple):
        return [_short(one) for one in value]
    return round(value, _DIGITS)
