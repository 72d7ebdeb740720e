"""The folder ``geometry``: lines and shapes of the map, in degrees, each line by the link that it draws."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
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


def _features(folder: Folder, name: str) -> list[Feature] | Fault:
    file = f"{FOLDER}/{name}"
    text = read_text(folder.path / FOLDER, name, limit=MAX_BYTES)
    if isinstance(text, Fault):
        return Fault(text.code, text.why, text.mend, file, text.line, text.column, text.value)
    try:
        collection = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Fault("K0372", f"not JSON: {str(error)[:80]}", "save it as GeoJSON", file)
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        return Fault("K0372", "not a FeatureCollection", "save it as a GeoJSON FeatureCollection", file)
    wrong = [one for one in features if not isinstance(one.get("properties") or {}, dict)]
    if wrong:
        return Fault("K0372", "properties that are no object", "save it as a GeoJSON FeatureCollection", file)
    return features


def _file_faults(folder: Folder, name: str, links: list[str]) -> Iterator[Fault]:
    found = _features(folder, name)
    file = f"{FOLDER}/{name}"
    if isinstance(found, Fault):
        yield found
        return
    for number, feature in enumerate(found, start=1):
        geometry = feature.get("geometry")
        coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
        beyond = next(_beyond(coordinates), None)
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
