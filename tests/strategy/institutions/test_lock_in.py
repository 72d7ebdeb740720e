"""Lock-in of standards: hand values, limits, intervals, co-production and contradicting statements."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.strategy.institutions.lock_in import lock_in, share_after, years_below
from tests.folders import Row, routes_model
from tests.obligations import GROUND, institution

SHARE = st.floats(0, 1)


def test_shares_and_years_by_hand():
    """From 0.8 towards 0.2 with half replaced a year: 0.5, 0.35; at 0.35 after two years."""
    assert [share_after(0.8, 0.2, 0.5, years) for years in (0, 1, 2)] == pytest.approx([0.8, 0.5, 0.35])
    assert years_below(0.8, 0.2, 0.5, 0.35) == pytest.approx(2)
    assert years_below(0.8, 0.0, 0.05, 0.4) == pytest.approx(math.log(0.5) / math.log(0.95))  # 13.5


@pytest.mark.parametrize(
    ("stock", "deliveries", "renewal", "level", "years"),
    [(0.3, 0.9, 0.1, 0.5, 0), (0.8, 0.6, 0.1, 0.5, math.inf), (0.8, 0.1, 0, 0.5, math.inf), (0.8, 0.1, 1, 0.5, 1)],
)
def test_ends_of_the_range(stock: float, deliveries: float, renewal: float, level: float, years: float):
    assert years_below(stock, deliveries, renewal, level) == years


@given(SHARE, SHARE, st.floats(0.001, 0.999), SHARE)
def test_the_share_is_at_the_level_after_the_years_that_are_named(
    stock: float, deliveries: float, renewal: float, level: float
):
    years = years_below(stock, deliveries, renewal, level)
    if 0 < years < 1e4:
        assert share_after(stock, deliveries, renewal, years) == pytest.approx(level, abs=1e-9)
    if math.isinf(years):
        assert share_after(stock, deliveries, renewal, 1e6) >= min(level, deliveries) - 1e-9


def equipment(standard: str, **cells: object) -> Row:
    return {"function": "arms", "standard": standard, "coproduced": "", "local": "", "facts": ""} | GROUND | cells


def fact(code: str, indicator: str, period: str, modality: str, source: str) -> Row:
    return {
        "fact": code,
        "indicator": indicator,
        "subject": "KAZ",
        "partners": "TR",
        "commodity": "arms",
        "period": period,
        "modality": modality,
        "value": 2024 if indicator == "event_year" else 1,
        "unit": "year" if indicator == "event_year" else "flag",
        "sources": source,
    }


def model(path: Path, *rows: Row, **tables: object) -> Model:
    extra = {
        "functions": [{"function": name, "kind": "described"} for name in ("oil_export", "arms")],
        "institutions": [institution(code, kind="standard") for code in ("EAST", "WEST")],
        "equipment": list(rows),
        **tables,
    }
    routes = [{"id": "A", "capacity": 1, "netback": 1, "jurisdictions": ["TR"]}]
    return open_model(routes_model(path, routes, supply=1, extra=extra))  # type: ignore[arg-type]


OLD = equipment("EAST", stock="0.8 [0.7..0.9]", deliveries="0.6 [0.5..0.7]", renewal="0.1 [0.05..0.2]")
NEW = equipment("WEST", stock=0.2, deliveries=0.4, renewal=0.1, coproduced="0.5 [0..0.5]", local="0.2 [0.2..0.6]")


def row(frame: pl.DataFrame, **wanted: object) -> dict[str, object]:
    return frame.filter(**wanted).row(0, named=True)


def test_intervals_are_those_of_the_corners(tmp_path: Path):
    """Lowest after a year: 0.5 + (0.7 - 0.5) 0.8 = 0.66; highest: 0.7 + (0.9 - 0.7) 0.95 = 0.89."""
    found = lock_in(model(tmp_path / "m", OLD, NEW))
    one = row(found.stock, standard="EAST", case="deliveries as they are", year=1.0)
    assert [one[name] for name in ("value", "low", "high")] == pytest.approx([0.78, 0.66, 0.89])
    never = row(found.years, standard="EAST", case="deliveries as they are", level=0.25)
    assert [never[name] for name in ("value", "low", "high")] == [None, None, None]
    assert set(found.years["standard"]) == {"EAST"}  # the share of the other is below every level today


def test_coproduction_takes_from_the_others_what_it_makes(tmp_path: Path):
    """Half of all deliveries made at home leave 0.3 of 0.6: 0.3 + 0.5 x 0.9 = 0.75 after a year."""
    found = lock_in(model(tmp_path / "m", OLD, NEW))
    one = row(found.stock, standard="EAST", case="with co-production", year=1.0)
    assert one["value"] == pytest.approx(0.3 + (0.8 - 0.3) * 0.9)
    assert one["high"] == pytest.approx(0.89)  # nothing is made at home
    other = row(found.stock, standard="WEST", case="with co-production", year=1.0)
    delivered = [0.4 * 0.5 + 0.5, 0.4, 0.4 * 0.5 + 0.5]  # half as before, half made at home; or all as before
    ends = [part + (0.2 - part) * 0.9 for part in delivered]
    assert [other[name] for name in ("value", "low", "high")] == pytest.approx(ends)
    licence = row(found.licence, standard="WEST")
    assert [licence[name] for name in ("withheld", "withheld_low", "withheld_high")] == pytest.approx(
        [0.4, 0, 0.4]
    )


def test_deliveries_elsewhere(tmp_path: Path):
    found = lock_in(model(tmp_path / "m", OLD, NEW), elsewhere=0.25)
    one = row(found.stock, standard="EAST", case="25% of deliveries elsewhere", year=1.0)
    assert one["value"] == pytest.approx(0.45 + (0.8 - 0.45) * 0.9)
    with pytest.raises(InputError, match="K0505"):
        lock_in(model(tmp_path / "n", OLD), elsewhere=1.5)


def test_a_launch_that_is_told_stands_against_a_later_state(tmp_path: Path):
    facts = [
        fact("F1", "event_year", "2024", "alleged", "S1"),
        fact("F2", "status_flag", "2024-10", "actual", "S2"),
        fact("F3", "event_year", "2026", "plan", "S2"),
        fact("F4", "status_flag", "2023", "actual", "S1"),
    ]
    sources = [{"source": code, "title": title, "date": "2025"} for code, title in (("S1", "A"), ("S2", "B"))]
    shares = [{"function": "arms", "partner": "TR", "year": 2024, "share": "", "facts": "F1 F2 F3 F4"} | GROUND]
    found = lock_in(model(tmp_path / "m", OLD, facts=facts, sources=sources, shares=shares))
    assert dict(found.statements.select("fact", "against").iter_rows()) == {
        "F1": "F2",
        "F2": "F1",
        "F3": "",
        "F4": "",
    }
    assert dict(found.statements.select("fact", "source").iter_rows())["F2"] == "B"


def test_a_share_above_one_and_a_standard_nobody_knows(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        model(tmp_path / "m", equipment("EAST", stock=1.2, deliveries=0.5, renewal=0.1))
    assert "equipment.csv:2:stock K0305" in str(caught.value)
    rows = [equipment(code, stock=0.6, deliveries=0.5, renewal=0.1) for code in ("EAST", "WEST")]
    with pytest.raises(InputError) as caught:
        model(tmp_path / "o", *rows)
    assert "equipment.csv:3:stock K0320" in str(caught.value)
    with pytest.raises(InputError, match="K0207"):
        model(tmp_path / "n", equipment("NORTH", stock=0.2, deliveries=0.5, renewal=0.1))


@pytest.mark.slow
def test_the_bundled_model_shows_who_supplies_and_what_is_disputed():
    found = lock_in(open_model("kazakhstan"))
    assert row(found.suppliers, partner="RUS", year=2024)["share"] == pytest.approx(0.88)
    against = dict(found.statements.select("fact", "against").iter_rows())
    assert against["F0871"] == "F0896"
    assert "F0871" in against["F0896"].split()
    assert row(found.years, case="deliveries as they are", level=0.5)["low"] is None
