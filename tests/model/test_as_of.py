"""A model opened as of a day knows only what was published by then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.model import Model, open_model
from tests.folders import write_model
from tests.strategy.conftest import tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    changes = tables()
    changes["carries"][0] |= {"nameplate": "D1"}
    changes["sources"] = [
        {"source": "S1", "title": "first", "date": "2024-05"},
        {"source": "S2", "title": "second", "date": "2025-03-10"},
        {"source": "S3", "title": "reprint", "date": "2025-09-01"},
    ]
    flow = {"indicator": "capacity", "unit": "Mt/yr"}
    changes["facts"] = [
        flow | {"fact": "F1", "value": 30, "sources": "S1", "formula": ""},
        flow | {"fact": "F2", "value": 20, "sources": "S3 S2", "formula": ""},
        flow | {"fact": "D1", "value": 50, "sources": "", "formula": "F1 + F2"},
    ]
    return write_model(tmp_path, changes, players=("RUS",))


def test_derived_fact_is_known_when_its_last_input_is(folder: Path) -> None:
    assert isinstance(open_model(folder, as_of=date(2025, 3, 10)), Model)
    with pytest.raises(InputError, match=r"carries.csv:2:nameplate K0313 D1 was not published before 2025-03-10"):
        open_model(folder, as_of=date(2025, 3, 9))


def test_row_that_was_not_valid_is_not_asked_for_its_facts(folder: Path) -> None:
    text = (folder / "carries.csv").read_text(encoding="utf-8").splitlines()
    text[0] += ",valid_from"
    text[1] += ",2025-01-01"
    text[2:] = [line + "," for line in text[2:]]
    (folder / "carries.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    assert open_model(folder, as_of=date(2024, 6, 30)).table("carries")["link"].to_list() == [
        "EAST",
        "RAIL",
        "LOCAL",
    ]
