"""A small model told as a brief: hostile names, a sourced fact, places on a map, an idle player."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kopir.core.codes import LANGUAGES
from kopir.model.folder.opening import open_model
from kopir.report.brief import tell
from kopir.report.content import Brief
from kopir.report.results import Results, compute
from kopir.strategy.value.setup import prepare
from tests.folders import write_model
from tests.serve.browsing import CHROMIUM, PLAIN
from tests.strategy.conftest import tables

HOSTILE = "<script>alert(1)</script> | [x](javascript:0) & `*_#\"'"
PLACES = {"FIELD": (47, 52), "SEA": (45, 37), "CITY": (44, 80), "BORDER": (41, 29), "PLANT": (48, 54)}
SQUARE = [[20, 35], [20, 60], [90, 60], [90, 35], [20, 35]]


def write_geometry(folder: Path) -> None:
    shapes = {
        "countries": {"type": "Polygon", "coordinates": [SQUARE]},
        "disputed_lines": {"type": "LineString", "coordinates": [[30, 45], [35, 47]]},
        "pipelines": {"type": "LineString", "coordinates": [[52, 47], [45, 46], [37, 45]]},
    }
    (folder / "geometry").mkdir()
    for name, shape in shapes.items():
        feature = {"type": "Feature", "properties": {"link": "WEST"}, "geometry": shape}
        collection = {"type": "FeatureCollection", "attribution": f"Drawer of {name}", "features": [feature]}
        (folder / "geometry" / f"{name}.geojson").write_text(json.dumps(collection), encoding="utf-8")


def write_briefed_model(folder: Path) -> Path:
    rows = tables()
    for node in rows["nodes"]:
        node["lat"], node["lon"] = PLACES[str(node["node"])]
    rows["jurisdictions"] = [*rows["jurisdictions"], {"jurisdiction": "USA", "kind": "state", "members": ""}]
    rows["carries"] = [row | ({"nameplate": "F1"} if row["link"] == "WEST" else {}) for row in rows["carries"]]
    rows["facts"] = [
        {
            "fact": "F1",
            "indicator": "capacity",
            "subject": HOSTILE,
            "value": 50,
            "unit": "Mt/yr",
            "sources": "S1 S2",
        }
    ]
    rows["sources"] = [
        {"source": "S1", "title": HOSTILE, "url": "javascript:alert(1)", "date": "2025-01-02"},
        {"source": "S2", "title": "Plain", "url": "https://example.org/a?b=1&c=2", "date": "2025-03-04"},
    ]
    rows["names"] = [
        {"code": "EAST", "en": HOSTILE, "ru": HOSTILE, "kk": HOSTILE, "tr": HOSTILE},
        {"code": "SEA", "en": "Sea & <b>port</b>"},
    ]
    bought = ("arms", "goods", "loans")
    rows["functions"] = [
        *rows["functions"],
        *({"function": name, "kind": "described", "measure": "import"} for name in bought),
    ]
    rows["shares"] = [
        {"function": name, "partner": partner, "year": year, "share": share, "basis": "test"}
        for index, name in enumerate(bought)
        for year, major in ((2019, 0.5), (2024, 0.9))
        for partner, share in (("RUS", 0.9 - major if index else major), ("CHN", major if index else 0.9 - major))
    ]
    write_model(folder, rows, players=("RUS", "CHN", "TUR", "USA"))
    write_geometry(folder)
    return folder


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = write_briefed_model(tmp_path_factory.mktemp("model") / "told")
    return compute(prepare(open_model(folder)), seed=7, draws=6)


@pytest.fixture(scope="session")
def briefs(results: Results) -> dict[str, Brief]:
    return {language: tell(results, language) for language in LANGUAGES}


@pytest.fixture
def brief(briefs: dict[str, Brief]) -> Brief:
    return briefs["en"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(PLAIN))
        yield found
        found.close()
