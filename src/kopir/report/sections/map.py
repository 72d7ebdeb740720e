"""The map of a refusal: what each link carries before and after, on land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from kopir.model.folder.geometry import drawn_lines
from kopir.report.geometry import (
    BY_LAND,
    HEIGHT,
    LONGEST_STRAIGHT_KM,
    WIDTH,
    Feature,
    edges_of,
    frame_of,
    inner_place,
    kilometres,
    pixel,
    shape_files,
)
from kopir.report.numbers import rounded, significant
from kopir.report.sections.charts import FONT, Spec, themed
from kopir.report.sections.kinds import drawn, routes_of
from kopir.report.telling import Telling

WIDEST = 15.0
LABELS = 9

_HALF_LETTER = 3.3
_SHADE_EDGES = (0.0005, 0.02, 0.1, 0.4)
"""Shares of the largest loss from which a state is a step darker."""
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
    frame = frame_of(_shown_places(telling, links))
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
    frame = frame_of(_shown_places(telling, links))
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
    for layer, collection in shape_files(telling.results.setup.model):
        for feature in collection["features"] if layer == "countries" else ():
            state = str((feature.get("properties") or {}).get("state") or "")
            name = telling.name(state) if state else ""
            place = inner_place((feature.get("geometry") or {}), frame) if name != state else None
            if place is not None:
                found.append({"lon": place[0], "lat": place[1], "text": name, "size": place[2]})
    found.sort(key=lambda one: (-one["size"], one["text"]))
    return _apart(found, frame, room=(100, 18))


def _state_names(named: list[Feature]) -> alt.Chart:
    texts = alt.Chart(alt.InlineData(values=named)).mark_text(
        fontSize=13, fontStyle="italic", color="var(--quiet)"
    )
    named_states: alt.Chart = texts.encode(longitude="lon:Q", latitude="lat:Q", text="text:N")
    return named_states


def attributions(telling: Telling) -> tuple[str, ...]:
    """Return what the geometry files say of where they come from, sorted."""
    stated = {
        str(collection.get("attribution") or "") for _, collection in shape_files(telling.results.setup.model)
    }
    return tuple(sorted(stated - {""}))


def _places(telling: Telling) -> dict[str, tuple[float, float]]:
    rows = telling.results.setup.model.table("nodes").iter_rows(named=True)
    return {
        row["node"]: (row["lon"], row["lat"]) for row in rows if row["lon"] is not None and row["lat"] is not None
    }


def _links(telling: Telling, places: Mapping[str, tuple[float, float]]) -> list[Feature]:
    results = telling.results
    routes = routes_of(drawn(telling)).group_by("asset").agg(pl.col("before_mt", "after_mt").sum())
    shapes = drawn_lines(telling.results.setup.model.folder)
    carried = {row["asset"]: row for row in routes.iter_rows(named=True)}
    links = []
    for row in results.setup.model.table("links").sort("link").iter_rows(named=True):
        moved = carried.get(row["link"])
        ends = places.get(row["from_node"]), places.get(row["to_node"])
        if moved is None or ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            continue
        far = row["link"] not in shapes and kilometres(ends[0], ends[1]) > LONGEST_STRAIGHT_KM
        if not far and max(moved["before_mt"], moved["after_mt"]) > _MOVED:
            links.append(
                {
                    "link": row["link"],
                    "nodes": (row["from_node"], row["to_node"]),
                    "from": ends[0],
                    "to": ends[1],
                    "by_land": row["mode"] in BY_LAND,
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


def _middle(link: Feature, frame: Mapping[str, float]) -> list[float] | None:
    """Return the point halfway along a link's longest line, ``None`` where it lies off the map."""
    line = max(link["shape"], key=len)
    half = len(line) // 2
    middle = line[half] if len(line) > 2 else [(a + b) / 2 for a, b in zip(*line, strict=True)]
    x, y = pixel(frame, (middle[0], middle[1]))
    return list(middle) if 0 < x < WIDTH and 12 < y < HEIGHT else None


def _ground(
    telling: Telling, frame: Mapping[str, float], shades: Mapping[str, int] | None = None
) -> list[alt.Chart]:
    collections = shape_files(telling.results.setup.model)
    edges = edges_of([collection for layer, collection in collections if layer == "countries"])
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
        x, y = pixel(frame, (label["lon"], label["lat"]))
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
        x, y = pixel(frame, places[node])
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
