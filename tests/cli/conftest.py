"""A command line to ask, and small models to ask about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from tests.folders import routes_model

Ask = Callable[..., Any]


@pytest.fixture
def ask() -> Ask:
    """Run ``kopir`` with arguments and return its result."""
    runner = CliRunner()
    return lambda *arguments: runner.invoke(application, [str(argument) for argument in arguments])


def route(name: str, capacity: object, netback: object, *jurisdictions: str) -> dict[str, object]:
    return {"id": name, "capacity": capacity, "netback": netback, "jurisdictions": jurisdictions}


@pytest.fixture
def two_routes(tmp_path: Path) -> Path:
    """60 Mt of oil, 50 Mt by route A at 400 USD/t under RUS, 20 Mt by route B at 300 USD/t under CHN.

    Undisturbed: 50 by A and 10 by B earn 23 000. Without A: 20 by B earn 6 000. Without B: 50 by A, 20 000.
    """
    return routes_model(tmp_path / "two", [route("A", 50, 400, "RUS"), route("B", 20, 300, "CHN")], supply=60)


FACTS = {
    "facts": [
        {"fact": "F1", "indicator": "capacity", "modality": "actual", "value": 30, "low": 28, "high": 31}
        | {"unit": "Mt/yr", "sources": "S1", "formula": ""},
        {"fact": "F2", "indicator": "capacity", "modality": "actual", "value": 20, "low": "", "high": ""}
        | {"unit": "Mt/yr", "sources": "S1", "formula": ""},
        {"fact": "F3", "indicator": "capacity", "modality": "estimate", "value": 50, "low": "", "high": ""}
        | {"unit": "Mt/yr", "sources": "", "formula": "F1 + F2"},
    ],
    "sources": [{"source": "S1", "title": "A yearbook", "date": "2025"}],
}


@pytest.fixture
def sourced(tmp_path: Path) -> Path:
    """The two routes, the capacity of A being a derived fact F3 = F1 + F2 of source S1."""
    routes = [route("A", "F3", 400, "RUS"), route("B", 20, 300, "CHN")]
    return routes_model(tmp_path / "sourced", routes, supply=60, extra=FACTS)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A model with an unknown node (line 3) and a unit in a number (line 2) of two tables."""
    folder = routes_model(tmp_path / "broken", [route("A", 50, 400, "RUS"), route("B", 20, 300, "CHN")], supply=60)
    links = folder / "links.csv"
    links.write_text(links.read_text("utf-8").replace("B,FIELD", "B,FIELDS"), encoding="utf-8")
    carries = folder / "carries.csv"
    carries.write_text(carries.read_text("utf-8").replace("A,crude,50", "A,crude,50 Mt"), encoding="utf-8")
    return folder
