"""The folder ``geometry``: lines and shapes of the map, in degrees, each line by the link that it draws."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from kopir.core.errors import Fault
from kopir.core.folders.cells import LARGEST
from kopir.core.folders.folder import Folder
from kopir.core.folders.textfiles import read_text
from kopir.core.spelling import did_you_mean

FOLDER = "geometry"
MAX_BYTES = 8 * 2**20
MOST = 20
"""Faults listed for one file."""
LINES = "pipelines"
"""Beginning of the names of files whose features draw links."""

_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""Kinds of shapes, by the number of lists that their positions lie in (RFC 7946, section 3.1)."""
_FEWEST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
"""Positions of a line, and of the ring of an area, whose last is its first."""
_WHOLE = "save it as a GeoJSON FeatureCollection"
_WGS84 = "save it in WGS84 (EPSG:4326): degrees east, then degrees north"
Feature = Mapping[str, Any]


def geometry_faults(folder: Folder) -> list[Fault]:
    """Return what keeps the files of ``geometry`` from being drawn: no GeoJSON, no degrees, unknown links."""
    links = folder.tables["links"].typed["link"].to_list()
    return [fault for name in _names(folder) for fault in islice(_file_faults(folder, name, links), MOST)]


def geometry_doubts(folder: Folder) -> Iterator[Fault]:
    """Yield a warning for each file of lines none of which says what link it draws."""
    for name in _names(folder):
        found = _features(folder, name)
        if not name.startswith(LINES) or isinstance(found, Fault):
            continue
        if found and not any((one.get("properties") or {}).get("link") for one in found):
            why = f"none of its {len(found)} features names a link: its lines are drawn, but carry nothing"
            mend = "give each line a property link with a code of links.csv"
            held = sorted({key for one in found for key in one.get("properties") or {}})
            yield Fault("K1027", why, mend, f"{FOLDER}/{name}", None, "link", " ".join(held)[:80] or None)


def drawn_lines(folder: Folder) -> dict[str, list[Any]]:
    """Return the lines of ``geometry`` that name a link, each a list of positions, by link."""
    found: dict[str, list[Any]] = {}
    for name in _names(folder):
        features = _features(folder, name)
        for feature in () if isinstance(features, Fault) or not name.startswith(LINES) else features:
            geometry, link = feature.get("geometry") or {}, (feature.get("properties") or {}).get("link")
            lines = geometry.get("coordinates") or []
            if link and geometry.get("type") in {"LineString", "MultiLineString"}:
                found.setdefault(str(link), []).extend([lines] if geometry["type"] == "LineString" else lines)
    return found


def _names(folder: Folder) -> list[str]:
    place = folder.path / FOLDER
    return sorted(path.name for path in place.glob("*.geojson")) if place.is_dir() else []


def read_collection(place: Path, name: str) -> dict[str, Any] | Fault:
    """Return the FeatureCollection of a file in ``place``, or the first fault of its form.

    Each of its features has properties or none, and a shape whose positions are two numbers or more, or none.
    """
    text = read_text(place, name, limit=MAX_BYTES)
    if isinstance(text, Fault):
        return text
    try:
        collection = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Fault("K0372", f"not JSON: {str(error)[:80]}", "save it as GeoJSON", name)
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        return Fault("K0372", "not a FeatureCollection", _WHOLE, name)
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature.get("properties") or {}, dict):
            return Fault("K0372", f"feature {number}: properties that are no object", _WHOLE, name)
        if (why := _misshapen(feature.get("geometry"))) is not None:
            mend = "write the shape as GeoJSON has it (RFC 7946), or null for none"
            return Fault("K0372", f"feature {number}: {why}", mend, name, None, "geometry")
    return dict(collection)


def _misshapen(geometry: object) -> str | None:
    """Return why a geometry cannot be drawn, ``None`` where it can or there is none."""
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in _DEPTHS:
        return "neither points, lines nor areas"
    level: list[Any] = [geometry.get("coordinates")]
    for depth in range(_DEPTHS[kind], 0, -1):
        fewest = _FEWEST.get(kind, 1) if depth == 1 else 1
        if not all(isinstance(one, list) for one in level):
            return f"the coordinates are not those of a {kind}"
        if any(len(one) < fewest for one in level):
            return f"a {kind} of fewer than {fewest} position(s)"
        level = [inner for one in level for inner in one]
    return None if all(map(_is_position, level)) else "a position that is not two numbers"


def _is_position(value: object) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(type(one) in {int, float} for one in value)


def _features(folder: Folder, name: str) -> list[Feature] | Fault:
    found = read_collection(folder.path / FOLDER, name)
    if isinstance(found, Fault):
        return replace(found, file=f"{FOLDER}/{name}")
    features: list[Feature] = found["features"]
    return features


def _file_faults(folder: Folder, name: str, links: list[str]) -> Iterator[Fault]:
    found = _features(folder, name)
    file = f"{FOLDER}/{name}"
    if isinstance(found, Fault):
        yield found
        return
    for number, feature in enumerate(found, start=1):
        beyond = next(_beyond((feature.get("geometry") or {}).get("coordinates")), None)
        if beyond is not None:
            why = f"feature {number}: coordinates are not degrees, but of another projection or turned round"
            yield Fault("K0371", why, _WGS84, file, None, "coordinates", beyond)
        link = (feature.get("properties") or {}).get("link")
        if name.startswith(LINES) and link is not None and str(link) not in links:
            mend = did_you_mean(str(link), links, "a link of links.csv")
            yield Fault(
                "K0373",
                f"feature {number}: unknown link {str(link)[:80]!r}",
                mend,
                file,
                None,
                "link",
                str(link)[:80],
            )


def _beyond(value: object) -> Iterator[str]:
    """Yield the positions that are no degrees east and north; lists may lie in each other to any depth."""
    left = [value]
    while left:
        match left.pop():
            case [int() | float() as lon, int() | float() as lat, *_]:
                if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                    yield f"{_shown(lon)} {_shown(lat)}"
            case [*parts]:
                left += reversed(parts)


def _shown(degrees: float) -> str:
    """Return a number of a file in few letters; a whole number of JSON may be larger than any float."""
    return f"{str(degrees)[:9]}…" if abs(degrees) >= LARGEST else f"{degrees:g}"
