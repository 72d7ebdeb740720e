"""Where things lie: shapes of land and links, and the panel (pixels) that shows some part of them (Mercator)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault
from kopir.model.contents.model import Model
from kopir.model.folder.geometry import read_collection

Feature = dict[str, Any]
Points = NDArray[np.float64]
LONGEST_STRAIGHT_KM = 1500
"""Links without a shape that are longer are left to the table: straight, they would cross what they go round."""
BY_LAND = frozenset({"pipeline", "rail", "road"})
"""Modes of links that run on land."""
WIDTH, HEIGHT = 720, 430
MOST_NORTH = 85.0
"""Degrees beyond which a Mercator map shows nothing."""
LAYERS = ("countries", "waters", "disputed_lines", "pipelines")
"""Files of shapes, by the beginning of their names, from bottom to top."""

_LAND = Path(str(files("kopir.report"))) / "land"
_LANDS = {"": (20.0, 35.0, 90.0, 62.0), "eurasia": (20.0, 25.0, 125.0, 62.0)}
"""Folders of land, finest first, with the box (degrees west, south, east, north) that each covers."""
_WORLD = "world"
_SEEN = 12
"""Points of the raster that must lie in a state for its name to stand there."""


def inner_place(geometry: Mapping[str, Any], frame: Mapping[str, float]) -> tuple[float, float, int] | None:
    """Return a point well inside a shape and how many points of a raster over the frame lie in it."""
    coordinates = geometry.get("coordinates") or []
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(geometry.get("type") or "", [])
    spots = [(x, y) for x in range(40, WIDTH - 39, 16) for y in range(20, HEIGHT - 19, 12)]
    degrees = np.array([unpixel(frame, x, y) for x, y in spots])
    held = np.zeros(len(spots), dtype=np.bool_)
    for polygon in polygons:
        if polygon:
            held |= _within(np.array([point[:2] for point in polygon[0]], dtype=np.float64), degrees)
    inside = [spot for spot, within in zip(spots, held.tolist(), strict=True) if within]
    if len(inside) < _SEEN:
        return None
    middle = (sum(x for x, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside))
    x, y = min(inside, key=lambda one: ((one[0] - middle[0]) ** 2 + (one[1] - middle[1]) ** 2, one))
    return (*unpixel(frame, x, y), len(inside))


def _within(ring: Points, points: Points) -> NDArray[np.bool_]:
    """Return which of ``points`` a ring holds (even-odd rule); both are degrees east and north, a row each."""
    near = ((points >= ring.min(axis=0)) & (points <= ring.max(axis=0))).all(axis=1)
    held = np.zeros(len(points), dtype=np.bool_)
    after = np.roll(ring, -1, axis=0)
    lon, lat = points[near, :1], points[near, 1:]
    spans = (ring[:, 1] > lat) != (after[:, 1] > lat)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (after[:, 0] - ring[:, 0]) / (after[:, 1] - ring[:, 1])
        left = lon < slope * (lat - ring[:, 1]) + ring[:, 0]
    held[near] = (spans & left).sum(axis=1) % 2 == 1
    return held


def unpixel(frame: Mapping[str, float], x: float, y: float) -> tuple[float, float]:
    """Return degrees east and north of a point of the panel."""
    northing = (frame["y"] - y) / frame["scale"]
    return (
        math.degrees((x - frame["x"]) / frame["scale"]),
        math.degrees(2 * math.atan(math.exp(northing)) - math.pi / 2),
    )


def frame_of(points: Iterable[tuple[float, float]]) -> dict[str, float]:
    """Return scale and translation that fit ``points`` (degrees east and north) into a panel, with a margin."""
    xs, ys = zip(*((math.radians(lon), _northing(lat)) for lon, lat in points), strict=True)
    span_x, span_y = max(max(xs) - min(xs), 0.02), max(max(ys) - min(ys), 0.02)
    scale = min(WIDTH * 0.84 / span_x, HEIGHT * 0.80 / span_y)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return {
        "scale": round(scale, 3),
        "x": round(WIDTH / 2 - scale * middle_x, 3),
        "y": round(HEIGHT / 2 + scale * middle_y, 3),
    }


def kilometres(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the great-circle distance of two places given in degrees east and north (haversine)."""
    (lon, lat), (other_lon, other_lat) = (tuple(map(math.radians, place)) for place in (start, end))
    inner = math.sin((other_lat - lat) / 2) ** 2
    inner += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, inner)))


def _northing(latitude: float) -> float:
    """Return the height of a latitude on a map of Mercator; the poles have none, and stand at its edge."""
    seen = max(-MOST_NORTH, min(MOST_NORTH, latitude))
    return math.log(math.tan(math.pi / 4 + math.radians(seen) / 2))


def pixel(frame: Mapping[str, float], point: tuple[float, float]) -> tuple[float, float]:
    """Return the point of the panel at which a place (degrees east and north) is shown."""
    return (
        frame["x"] + frame["scale"] * math.radians(point[0]),
        frame["y"] - frame["scale"] * _northing(point[1]),
    )


def shape_files(model: Model, layers: Sequence[str] = LAYERS) -> list[tuple[str, dict[str, Any]]]:
    """Return the shapes of ``layers`` that can be read, with the layer each belongs to.

    A layer comes from the model's ``geometry`` folder, or from the land that comes with kopir where the model
    has none: the finest that holds the state's own places.
    """
    own, land = model.folder.path / "geometry", _land_of(model)
    found = []
    for layer in layers:
        root = own if any(own.glob(f"{layer}*.geojson")) else land
        for path in sorted(root.glob(f"{layer}*.geojson")):
            collection = read_collection(root, path.name)
            if not isinstance(collection, Fault):
                found.append((layer, collection))
    return found


def _land_of(model: Model) -> Path:
    """Return the finest land that holds the places of the focal state, all places where it has none."""
    nodes = model.table("nodes").drop_nulls(["lon", "lat"])
    home = nodes.filter(territory=model.focal_state)
    places = (nodes if home.is_empty() else home).select("lon", "lat").rows()
    for name, (west, south, east, north) in _LANDS.items():
        if all(west <= lon <= east and south <= lat <= north for lon, lat in places):
            return _LAND / name
    return _LAND / _WORLD


def edges_of(collections: Iterable[dict[str, Any]]) -> list[list[float]] | None:
    """Return the box that the geometry covers, as a ring; what lies outside it is not drawn as sea."""
    points = [point for collection in collections for point in _points(collection)]
    if not points:
        return None
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    steps = [index / 40 for index in range(41)]
    top = [[west + share * (east - west), north] for share in steps]
    bottom = [[east - share * (east - west), south] for share in steps]
    return [*top, *bottom, top[0]]


def _points(collection: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield the positions of the shapes of a collection; they may lie in lists to any depth."""
    left = [(feature.get("geometry") or {}).get("coordinates") for feature in collection["features"]]
    left.reverse()
    while left:
        match left.pop():
            case [int() | float() as lon, int() | float() as lat, *_]:
                yield (float(lon), float(lat))
            case [*parts]:
                left += reversed(parts)
