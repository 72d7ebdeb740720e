"""A model as GeoJSON (RFC 7946): a point for each node, a line for each link, with what the tables say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kopir.core.codes import LANGUAGES
from kopir.model.contents.model import Model
from kopir.model.contents.names import name_of
from kopir.model.folder.geometry import drawn_lines

Position = list[float]


def as_geojson(model: Model) -> bytes:
    """Return the FeatureCollection of a model, in degrees of WGS84.

    A link is drawn by the lines of ``geometry`` that name it, else straight between its ends. Properties are the
    cells of its row, names in four languages and, by commodity, the capacity in the unit of its column. Nodes
    without coordinates have no geometry, nor links that nothing draws.
    """
    features = [*_nodes(model), *_links(model)]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _nodes(model: Model) -> Iterator[Mapping[str, Any]]:
    for row in model.folder.tables["nodes"].records():
        at = _position(row)
        yield _feature(model, "node", row, None if at is None else {"type": "Point", "coordinates": at}, {})


def _links(model: Model) -> Iterator[Mapping[str, Any]]:
    places = {row["node"]: _position(row) for row in model.folder.tables["nodes"].records()}
    drawn = drawn_lines(model.folder)
    carried: dict[str, dict[str, object]] = {}
    for row in model.table("carries").iter_rows(named=True):
        carried.setdefault(row["link"], {})[row["commodity"]] = row["nameplate"]
    for row in model.folder.tables["links"].records():
        ends = [places.get(row["from_node"]), places.get(row["to_node"])]
        lines = drawn.get(row["link"])
        shape: Mapping[str, Any] | None = None
        if lines:
            shape = {"type": "MultiLineString", "coordinates": lines}
        elif None not in ends:
            shape = {"type": "LineString", "coordinates": ends}
        yield _feature(model, "link", row, shape, {"capacity": carried.get(row["link"], {})})


def _feature(
    model: Model, kind: str, row: Mapping[str, str], shape: Mapping[str, Any] | None, more: Mapping[str, object]
) -> Mapping[str, Any]:
    code = row[kind]
    names = {f"name_{language}": name_of(model, code, language) for language in LANGUAGES}
    cells = {("type" if name == "kind" else name): cell for name, cell in row.items() if cell}
    cells = {name: cell for name, cell in cells.items() if name not in {"lat", "lon"}}
    return {
        "type": "Feature",
        "id": code,
        "properties": {"kind": kind, **cells, **names, **more},
        "geometry": shape,
    }


def _position(row: Mapping[str, str]) -> Position | None:
    return [float(row["lon"]), float(row["lat"])] if row["lon"] and row["lat"] else None
