"""The map of a refusal: what each link carries before and after, on land."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from kopir.core.errors import Fault
from kopir.core.folders.textfiles import read_text
from kopir.report.numbers import rounded, significant
from kopir.report.sections.charts import FONT, Spec, themed
from kopir.report.telling import Telling

Feature = dict[str, Any]
MAX_GEOMETRY_BYTES = 8 * 2**20
WIDTH, HEIGHT = 720, 430
WIDEST = 15.0
LABELS = 9
LONGEST_STRAIGHT_KM = 1500
"""Links without a shape that are longer are left to the table: straight, they would cross what they go round."""

_LAND = Path(str(files("kopir.report"))) / "land"
_HALF_LETTER = 3.3
_SHADE_EDGES = (0.0005, 0.02, 0.1, 0.4)
"""Shares of the largest loss from which a state is a step darker."""
_SEEN = 12
"""Points of the raster that must lie in a state for its name to stand there."""
_BY_LAND = frozenset({"pipeline", "rail", "road"})
_MOVED = 0.02
_LAYERS: dict[str, dict[str, Any]] = {
    "countries": {"filled": True, "fill": "var(--land)", "stroke": "var(--border)", "strokeWidth": 0.8},
    "waters": {"filled": True, "fill": "var(--sea)", "stroke": None},
    "disputed_lines": {"filled": False, "stroke": "var(--border)", "strokeWidth": 1.0, "strokeDash": [2, 3]},
    "pipelines": {"filled": False, "stroke": "var(--border)", "strokeWidth": 0.6, "opacity": 0.7},
}
"""Files of shapes (by the beginning of their names) from bottom to top, and how each is drawn."""


def denial_map(telling: Telling) -> Spec | None:
    """Return two maps, undisturbed and under the worst refusal; ``None`` for a model without coordinates.

    The width of a line is Mt a year; dashes mark what the refusal changes.
    """
    places = _places(telling)
    links = _links(telling, places)
    if not links:
        return None
    say, results = telling.messages, telling.results
    frame = _frame(_shown_places(telling, links))
    ground = _ground(telling, frame)
    titles = (
        say.text("map.before", year=str(telling.base_year)),
        say.text("map.after", partner=telling.name(results.worst), horizon=telling.horizon(results.horizon)),
    )
    panels = [
        alt.layer(*ground, *_lines(telling, links, when, frame), *_names(telling, links, places, frame))
        .project(type="mercator", scale=frame["scale"], translate=[frame["x"], frame["y"]])
        .properties(
            width=WIDTH,
            height=HEIGHT,
            title=alt.TitleParams(title, color="var(--ink)", fontSize=14, anchor="start", font=FONT),
            view=alt.ViewBackground(fill="var(--shade0)", stroke=None),
        )
        for when, title in zip(("before", "after"), titles, strict=True)
    ]
    return themed(alt.vconcat(*panels, spacing=18))


def response_map(telling: Telling) -> Spec | None:
    """Return one map of the flows that are left when the worst refusal is answered; ``None`` without coordinates.

    States are named, and shaded by what their own refusal costs, from nothing to the largest.
    """
    places = _places(telling)
    links = _links(telling, places)
    if not links:
        return None
    frame = _frame(_shown_places(telling, links))
    named = _states_named(telling, frame)
    charts = [
        *_ground(telling, frame, _shades(telling)),
        *_lines(telling, links, "after", frame),
        *_names(telling, links, places, frame, taken=named),
        _state_names(named),
    ]
    panel = (
        alt.layer(*charts)
        .project(type="mercator", scale=frame["scale"], translate=[frame["x"], frame["y"]])
        .properties(width=WIDTH, height=HEIGHT, view=alt.ViewBackground(fill="var(--shade0)", stroke=None))
    )
    return themed(panel)


def _shades(telling: Telling) -> dict[str, int]:
    """Return the step of shade of each state: of what its refusal, or that of a union it is in, costs."""
    results = telling.results
    rows = results.leverage.table.select("partner", "leverage_musd").iter_rows()
    losses = {partner: max(0.0, loss or 0.0) for partner, loss in rows}
    most = max(losses.values(), default=0.0)
    held = results.setup.model.table("jurisdictions")
    members = {row["jurisdiction"]: tuple(row["members"] or ()) for row in held.iter_rows(named=True)}
    by_state: dict[str, float] = {}
    for partner, loss in losses.items():
        for state in (partner, *members.get(partner, ())):
            by_state[state] = max(by_state.get(state, 0.0), loss)
    steps = {state: sum(loss / most > edge for edge in _SHADE_EDGES) for state, loss in by_state.items() if most}
    return {state: step for state, step in steps.items() if step}


def _states_named(telling: Telling, frame: Mapping[str, float]) -> list[Feature]:
    """Return the names of the states in the frame, each where most of what is seen of it lies."""
    found: list[Feature] = []
    for layer, collection in _collections(telling):
        for feature in collection["features"] if layer == "countries" else ():
            state = str((feature.get("properties") or {}).get("state") or "")
            name = telling.name(state) if state else ""
            place = _inner_place((feature.get("geometry") or {}), frame) if name != state else None
            if place is not None:
                found.append({"lon": place[0], "lat": place[1], "text": name, "size": place[2]})
    found.sort(key=lambda one: (-one["size"], one["text"]))
    return _apart(found, frame, room=(100, 18))


def _inner_place(geometry: Mapping[str, Any], frame: Mapping[str, float]) -> tuple[float, float, int] | None:
    """Return a point well inside a shape and how many points of a raster over the frame lie in it."""
    polygons = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    rings = [polygon[0] for polygon in polygons if polygon]
    inside = [
        (x, y)
        for x in range(40, WIDTH - 39, 16)
        for y in range(20, HEIGHT - 19, 12)
        if any(_holds(ring, *_unpixel(frame, x, y)) for ring in rings)
    ]
    if len(inside) < _SEEN:
        return None
    middle = (sum(x for x, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside))
    x, y = min(inside, key=lambda one: ((one[0] - middle[0]) ** 2 + (one[1] - middle[1]) ** 2, one))
    return (*_unpixel(frame, x, y), len(inside))


def _holds(ring: list[list[float]], lon: float, lat: float) -> bool:
    """Return whether a ring holds a point (even-odd rule)."""
    held = False
    for (lon1, lat1, *_), (lon2, lat2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            held = not held
    return held


def _unpixel(frame: Mapping[str, float], x: float, y: float) -> tuple[float, float]:
    """Return degrees east and north of a point of the panel."""
    northing = (frame["y"] - y) / frame["scale"]
    return (
        math.degrees((x - frame["x"]) / frame["scale"]),
        math.degrees(2 * math.atan(math.exp(northing)) - math.pi / 2),
    )


def _state_names(named: list[Feature]) -> alt.Chart:
    texts = alt.Chart(alt.InlineData(values=named)).mark_text(
        fontSize=13, fontStyle="italic", color="var(--quiet)"
    )
    named_states: alt.Chart = texts.encode(longitude="lon:Q", latitude="lat:Q", text="text:N")
    return named_states


def attributions(telling: Telling) -> tuple[str, ...]:
    """Return what the geometry files say of where they come from, sorted."""
    stated = {str(collection.get("attribution") or "") for _, collection in _collections(telling)}
    return tuple(sorted(stated - {""}))


def _places(telling: Telling) -> dict[str, tuple[float, float]]:
    rows = telling.results.setup.model.table("nodes").iter_rows(named=True)
    return {
        row["node"]: (row["lon"], row["lat"]) for row in rows if row["lon"] is not None and row["lat"] is not None
    }


def _links(telling: Telling, places: Mapping[str, tuple[float, float]]) -> list[Feature]:
    results = telling.results
    routes = (
        results.leverage.routes.filter((pl.col("denier") == results.worst) & (pl.col("asset_type") == "link"))
        .group_by("asset")
        .agg(pl.col("before_mt", "after_mt").sum())
    )
    shapes = _shapes(telling)
    carried = {row["asset"]: row for row in routes.iter_rows(named=True)}
    links = []
    for row in results.setup.model.table("links").sort("link").iter_rows(named=True):
        moved = carried.get(row["link"])
        ends = places.get(row["from_node"]), places.get(row["to_node"])
        if moved is None or ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            continue
        far = row["link"] not in shapes and _kilometres(ends[0], ends[1]) > LONGEST_STRAIGHT_KM
        if not far and max(moved["before_mt"], moved["after_mt"]) > _MOVED:
            links.append(
                {
                    "link": row["link"],
                    "nodes": (row["from_node"], row["to_node"]),
                    "from": ends[0],
                    "to": ends[1],
                    "by_land": row["mode"] in _BY_LAND,
                    "shape": shapes.get(row["link"]) or [[list(ends[0]), list(ends[1])]],
                    "before": moved["before_mt"],
                    "after": moved["after_mt"],
                }
            )
    return links


def _shown_places(telling: Telling, links: list[Feature]) -> list[tuple[float, float]]:
    """Return the places that the map has to show: links over land from end to end, or all where there is none.

    Sea lanes leave the map; what they carry stands in the table.
    """
    chosen = [link for link in links if link["by_land"]] or links
    along = [(lon, lat) for link in chosen for line in link["shape"] for lon, lat, *_ in line]
    return [*along, *(end for link in chosen for end in (link["from"], link["to"]))]


def _shapes(telling: Telling) -> dict[str, list[list[list[float]]]]:
    """Return the lines of the geometry that say which link they draw, by link."""
    found: dict[str, list[list[list[float]]]] = {}
    for layer, collection in _collections(telling):
        for feature in collection["features"] if layer == "pipelines" else ():
            geometry, properties = feature.get("geometry") or {}, feature.get("properties") or {}
            lines = geometry.get("coordinates") or []
            if geometry.get("type") == "LineString":
                lines = [lines]
            if geometry.get("type") in {"LineString", "MultiLineString"} and properties.get("link"):
                found.setdefault(str(properties["link"]), []).extend(lines)
    return found


def _middle(link: Feature, frame: Mapping[str, float]) -> list[float] | None:
    """Return the point halfway along a link's longest line, ``None`` where it lies off the map."""
    line = max(link["shape"], key=len)
    half = len(line) // 2
    middle = line[half] if len(line) > 2 else [(a + b) / 2 for a, b in zip(*line, strict=True)]
    x, y = _pixel(frame, (middle[0], middle[1]))
    return list(middle) if 0 < x < WIDTH and 12 < y < HEIGHT else None


def _frame(points: Iterable[tuple[float, float]]) -> dict[str, float]:
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


def _kilometres(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the great-circle distance of two places given in degrees east and north (haversine)."""
    (lon, lat), (other_lon, other_lat) = (tuple(map(math.radians, place)) for place in (start, end))
    inner = math.sin((other_lat - lat) / 2) ** 2
    inner += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, inner)))


def _northing(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _pixel(frame: Mapping[str, float], point: tuple[float, float]) -> tuple[float, float]:
    return (
        frame["x"] + frame["scale"] * math.radians(point[0]),
        frame["y"] - frame["scale"] * _northing(point[1]),
    )


def _collections(telling: Telling) -> list[tuple[str, dict[str, Any]]]:
    """Return the shapes that can be read, with the layer each belongs to.

    A layer comes from the model's ``geometry`` folder, or from the land that comes with kopir where the model
    has none.
    """
    own = telling.results.setup.model.folder.path / "geometry"
    found = []
    for layer in _LAYERS:
        root = own if any(own.glob(f"{layer}*.geojson")) else _LAND
        for path in sorted(root.glob(f"{layer}*.geojson")):
            text = read_text(root, path.name, limit=MAX_GEOMETRY_BYTES)
            if isinstance(text, Fault):
                continue
            try:
                collection = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(collection, dict) and isinstance(collection.get("features"), list):
                found.append((layer, collection))
    return found


def _edges(collections: Iterable[dict[str, Any]]) -> list[list[float]] | None:
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


def _points(value: object) -> Iterator[tuple[float, float]]:
    """Yield the positions of a GeoJSON value, whatever it is made of."""
    match value:
        case {"features": [*features]}:
            for feature in features:
                yield from _points(feature)
        case {"geometry": {"coordinates": coordinates}}:
            yield from _points(coordinates)
        case [int() | float() as lon, int() | float() as lat, *_]:
            yield (float(lon), float(lat))
        case [*parts]:
            for part in parts:
                yield from _points(part)


def _ground(
    telling: Telling, frame: Mapping[str, float], shades: Mapping[str, int] | None = None
) -> list[alt.Chart]:
    collections = _collections(telling)
    edges = _edges([collection for layer, collection in collections if layer == "countries"])
    charts = []
    if edges is not None:
        sea = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [edges]}}
        charts.append(
            alt.Chart(alt.InlineData(values=[sea])).mark_geoshape(clip=True, fill="var(--sea)", stroke=None)
        )
    for layer, collection in collections:
        features = [
            {"type": "Feature", "properties": {}, "geometry": feature["geometry"]}
            for feature in collection["features"]
            if isinstance(feature, dict) and isinstance(feature.get("geometry"), dict)
        ]
        if features:
            data = alt.InlineData(values=features)
            charts.append(alt.Chart(data).mark_geoshape(clip=True, **_LAYERS[layer]))
        if layer == "countries":
            charts += _shaded(collection, shades or {})
    return charts


def _shaded(collection: Mapping[str, Any], shades: Mapping[str, int]) -> list[alt.Chart]:
    charts = []
    for step in sorted(set(shades.values())):
        features = [
            {"type": "Feature", "properties": {}, "geometry": feature["geometry"]}
            for feature in collection["features"]
            if isinstance(feature, dict)
            and shades.get(str((feature.get("properties") or {}).get("state"))) == step
        ]
        if features:
            look = _LAYERS["countries"] | {"fill": f"var(--tint{step})"}
            charts.append(alt.Chart(alt.InlineData(values=features)).mark_geoshape(clip=True, **look))
    return charts


def _lines(telling: Telling, links: list[Feature], when: str, frame: Mapping[str, float]) -> list[alt.Chart]:
    language = telling.messages.language
    most = max(max(link["before"], link["after"]) for link in links)
    shapes, labels = [], []
    for link in sorted(links, key=lambda one: (-one[when], one["link"])):
        changed = abs(link["after"] - link["before"]) > _MOVED
        state = "same" if when == "before" or not changed else "more" if link["after"] > link["before"] else "less"
        amount = link[when]
        shapes.append(
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "MultiLineString", "coordinates": link["shape"]},
                "width": round(max(1.0, WIDEST * amount / most), 3),
                "state": state if amount > _MOVED else "gone",
            }
        )
        if amount > _MOVED or state == "less":
            middle = _middle(link, frame)
            if middle is None:
                continue
            shown = rounded(amount, min(1, significant(amount, 2)), language)
            sign = {"more": "▲ ", "less": "▼ "}.get(state, "")
            labels.append(
                {"lon": middle[0], "lat": middle[1], "text": f"{sign}{shown}", "size": amount, "change": changed}
            )
    states = ("same", "more", "less", "gone")
    width = alt.StrokeWidth("width:Q", legend=None, scale=None)
    stroke = alt.Stroke(
        "state:N",
        legend=None,
        scale=alt.Scale(domain=states, range=["var(--flow)", "var(--accent)", "var(--lost)", "var(--lost)"]),
    )
    dash = alt.StrokeDash(
        "state:N", legend=None, scale=alt.Scale(domain=states, range=[[1, 0], [9, 3], [3, 3], [1, 5]])
    )
    lines = alt.Chart(alt.InlineData(values=shapes)).mark_geoshape(filled=False, opacity=0.9, clip=True)
    labels.sort(key=lambda one: (not (when == "after" and one["change"]), -one["size"], one["text"]))
    chosen = _apart(labels, frame, room=(44, 16))[:LABELS]
    halo = alt.Chart(alt.InlineData(values=chosen)).mark_text(
        fontSize=11, fontWeight="bold", dy=-11, stroke="var(--land)", strokeWidth=3, strokeJoin="round"
    )
    amounts = alt.Chart(alt.InlineData(values=chosen)).mark_text(fontSize=11, fontWeight="bold", dy=-11)
    return [
        lines.encode(strokeWidth=width, stroke=stroke, strokeDash=dash),
        halo.encode(longitude="lon:Q", latitude="lat:Q", text="text:N"),
        amounts.encode(longitude="lon:Q", latitude="lat:Q", text="text:N"),
    ]


def _apart(labels: list[Feature], frame: Mapping[str, float], room: tuple[float, float]) -> list[Feature]:
    """Return the labels, most important first, that leave each other ``room`` (pixels across and down)."""
    placed: list[tuple[float, float]] = []
    kept = []
    for label in labels:
        x, y = _pixel(frame, (label["lon"], label["lat"]))
        if all(abs(x - other[0]) > room[0] or abs(y - other[1]) > room[1] for other in placed):
            placed.append((x, y))
            kept.append(label)
    return kept


def _names(
    telling: Telling,
    links: list[Feature],
    places: Mapping[str, tuple[float, float]],
    frame: Mapping[str, float],
    taken: list[Feature] | None = None,
) -> list[alt.Chart]:
    weight: dict[str, float] = {}
    for link in links:
        for node in link["nodes"]:
            weight[node] = weight.get(node, 0.0) + max(link["before"], link["after"])
    named, dots = [], []
    for node in sorted(weight, key=lambda one: (-weight[one], one)):
        x, y = _pixel(frame, places[node])
        if not (0 < x < WIDTH and 0 < y < HEIGHT):
            continue
        dots.append({"lon": places[node][0], "lat": places[node][1]})
        text = telling.name(node)
        if _HALF_LETTER * len(text) < x < WIDTH - _HALF_LETTER * len(text):
            named.append({"lon": places[node][0], "lat": places[node][1], "text": text})
    named = [one for one in _apart([*(taken or []), *named], frame, room=(86, 15)) if one not in (taken or [])]
    points = alt.Chart(alt.InlineData(values=dots)).mark_circle(size=16, color="var(--ink)", opacity=1)
    texts = alt.Chart(alt.InlineData(values=named)).mark_text(fontSize=11, dy=12, opacity=0.95)
    return [
        points.encode(longitude="lon:Q", latitude="lat:Q"),
        texts.encode(longitude="lon:Q", latitude="lat:Q", text="text:N"),
    ]
