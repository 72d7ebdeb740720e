"""Land and links as paths of an SVG: points of a panel, thinned to what the eye can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kopir.model.contents.model import Model
from kopir.model.folder.geometry import drawn_lines
from kopir.report.geometry import (
    BY_LAND,
    HEIGHT,
    LONGEST_STRAIGHT_KM,
    WIDTH,
    edges_of,
    frame_of,
    inner_place,
    kilometres,
    pixel,
    shape_files,
)

_THIN = 0.7
"""Pixels between points that are kept."""
Place = tuple[float, float]
Frame = Mapping[str, float]


@dataclass(frozen=True)
class StateShape:
    """A state: its outline, and where its name stands, ``None`` where too little of it is seen."""

    code: str
    path: str
    label: Place | None


@dataclass(frozen=True)
class LinkShape:
    """A link: its line, its ends, and how it lies on the globe (degrees east and north)."""

    code: str
    ends: tuple[str, str]
    path: str
    middle: Place
    lines: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True)
class Land:
    """All that a map draws, ready in pixels of a panel of ``WIDTH`` x ``HEIGHT`` that shows the ``frame``.

    ``places`` are all nodes that have coordinates (degrees east and north), those beyond the panel too.
    """

    states: tuple[StateShape, ...]
    disputed: str
    borders: str
    sea: str
    links: Mapping[str, LinkShape]
    nodes: Mapping[str, Place]
    sources: tuple[str, ...]
    frame: Frame
    places: Mapping[str, Place]


def land_of(model: Model, used: Iterable[str]) -> Land | None:
    """Return the map of a model, framed on the links ``used``; ``None`` for a model without coordinates."""
    places = {
        row["node"]: (row["lon"], row["lat"])
        for row in model.table("nodes").iter_rows(named=True)
        if row["lon"] is not None and row["lat"] is not None
    }
    lines = dict(_lines(model, places))
    chosen = [code for code in used if code in lines] or list(lines)
    if not chosen:
        return None
    modes = dict(model.table("links").select("link", "mode").iter_rows())
    by_land = [code for code in chosen if modes[code] in BY_LAND] or chosen
    frame = frame_of(point for code in by_land for line in lines[code][1] for point in line)
    links = {code: _link(code, ends, drawn, frame) for code, (ends, drawn) in lines.items()}
    nodes = {code: _seen(frame, place) for code, place in places.items()}
    return Land(
        states=tuple(_states(model, frame)),
        disputed=_path_of(_polygons(model, "disputed_areas"), frame),
        borders=_path_of(_polygons(model, "disputed_lines"), frame),
        sea=_sea(model, frame),
        links=links,
        nodes={code: place for code, place in nodes.items() if _inside(place)},
        sources=tuple(sorted({str(found.get("attribution") or "") for _, found in shape_files(model)} - {""})),
        frame=frame,
        places=places,
    )


def _lines(
    model: Model, places: Mapping[str, Place]
) -> Iterator[tuple[str, tuple[tuple[str, str], tuple[tuple[Place, ...], ...]]]]:
    shapes = drawn_lines(model.folder)
    for row in model.table("links").iter_rows(named=True):
        names = (row["from_node"], row["to_node"])
        ends = [places.get(name) for name in names]
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            continue
        own = shapes.get(row["link"])
        if own is None and kilometres(ends[0], ends[1]) > LONGEST_STRAIGHT_KM:
            continue
        drawn = tuple(tuple((p[0], p[1]) for p in line) for line in own) if own else ((ends[0], ends[1]),)
        yield row["link"], (names, drawn)


def _link(code: str, ends: tuple[str, str], lines: tuple[tuple[Place, ...], ...], frame: Frame) -> LinkShape:
    longest = max(lines, key=len)
    half = len(longest) // 2
    middle = longest[half] if len(longest) > 2 else _between(longest[0], longest[-1])
    path = " ".join(filter(None, (_path(line, frame, closed=False) for line in lines)))
    return LinkShape(code, ends, path, _seen(frame, middle), lines)


def _between(one: Place, other: Place) -> Place:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def _states(model: Model, frame: Frame) -> Iterator[StateShape]:
    for layer, collection in shape_files(model):
        for feature in collection["features"] if layer == "countries" else ():
            geometry = feature.get("geometry") or {}
            path = " ".join(_paths(geometry, frame))
            if path:
                place = inner_place(geometry, frame)
                label = None if place is None else _seen(frame, (place[0], place[1]))
                yield StateShape(str((feature.get("properties") or {}).get("state") or ""), path, label)


def _sea(model: Model, frame: Frame) -> str:
    """Return the part of the panel of which it is known whether it is land or sea."""
    ring = edges_of(collection for layer, collection in shape_files(model, ("countries",)))
    return "" if ring is None else _path(ring, frame, closed=True)


def _polygons(model: Model, layer: str) -> list[Mapping[str, Any]]:
    return [
        feature.get("geometry") or {}
        for name, collection in shape_files(model, (layer,))
        if name == layer
        for feature in collection["features"]
        if isinstance(feature, dict)
    ]


def _path_of(geometries: Iterable[Mapping[str, Any]], frame: Frame) -> str:
    return " ".join(path for geometry in geometries for path in _paths(geometry, frame))


def _paths(geometry: Mapping[str, Any], frame: Frame) -> Iterator[str]:
    """Yield the paths of a shape, those of polygons closed; what lies wholly outside the panel is left out."""
    coordinates = geometry.get("coordinates") or []
    match geometry.get("type"):
        case "Polygon":
            rings, closed = list(coordinates), True
        case "MultiPolygon":
            rings, closed = [ring for polygon in coordinates for ring in polygon], True
        case "LineString":
            rings, closed = [coordinates], False
        case "MultiLineString":
            rings, closed = list(coordinates), False
        case _:
            rings, closed = [], False
    for ring in rings:
        path = _path(ring, frame, closed=closed)
        if path:
            yield path


def _path(line: Sequence[Sequence[float]], frame: Frame, *, closed: bool) -> str:
    points: list[Place] = []
    for position in line:
        x, y = _seen(frame, (position[0], position[1]))
        if not points or abs(x - points[-1][0]) + abs(y - points[-1][1]) >= _THIN:
            points.append((x, y))
    if len(points) < 2 + closed or not _meets(points):
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if closed else "")


def _seen(frame: Frame, place: Place) -> Place:
    x, y = pixel(frame, place)
    return (round(x, 1), round(y, 1))


def _inside(place: Place) -> bool:
    return 0 < place[0] < WIDTH and 0 < place[1] < HEIGHT


def _meets(points: Sequence[Place]) -> bool:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) > 0 and min(xs) < WIDTH and max(ys) > 0 and min(ys) < HEIGHT
