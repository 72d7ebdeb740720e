"""A model opened as of a day: facts published by then, what stood for others, the newest year then known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.strategy.value.setup import prepare
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


def dated(folder: Path, table: str, header: str, *rows: str) -> None:
    (folder / f"{table}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def test_a_fact_that_stood_for_another_keeps_the_unit_and_shows_in_the_facts(folder: Path) -> None:
    facts = (folder / "facts.csv").read_text("utf-8").rstrip().splitlines()
    assert facts[0] == "indicator,unit,fact,value,sources,formula"
    facts = ["indicator,unit,fact,value,low,high,sources,formula"] + [
        ",".join([*row.split(",")[:4], "", "", *row.split(",")[4:]]) for row in facts[1:]
    ]
    facts.append("capacity,kt/yr,F0,18000,17000,19000,S1,")
    (folder / "facts.csv").write_text("\n".join(facts) + "\n", "utf-8")
    dated(folder, "vintages", "fact,earlier", "F2,F0")
    then = open_model(folder, as_of=date(2024, 6, 30))
    assert then.table("carries")["nameplate"][0] == pytest.approx(30 + 18)
    assert (then.facts["F2"].value, then.facts["F2"].inputs) == (18, ("F0",))
    assert "F0 stood for it" in then.facts["F2"].note
    assert open_model(folder, as_of=date(2025, 3, 10)).table("carries")["nameplate"][0] == 50


def test_the_interval_of_a_cell_keeps_its_proportion_when_an_earlier_fact_has_none(folder: Path) -> None:
    carries = folder / "carries.csv"
    carries.write_text(carries.read_text("utf-8").replace(",D1", ",D1 [40..55]", 1), "utf-8")
    dated(folder, "vintages", "fact,earlier", "F2,F1")
    then = open_model(folder, as_of=date(2024, 6, 30))
    (one,) = [quantity for quantity in then.quantities.values() if quantity.fact == "D1"]
    assert (one.value, one.low, one.high) == pytest.approx((60, 48, 66))


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [(("F2,F1", "F1,F2"), "K0310 F2 stands for itself"), (("F1,D1",), "K0310 F1 stands for itself")],
)
def test_facts_that_stand_for_each_other_are_refused(folder: Path, rows: tuple[str, ...], refusal: str) -> None:
    dated(folder, "vintages", "fact,earlier", *rows)
    with pytest.raises(InputError, match=refusal):
        open_model(folder)


def test_an_earlier_fact_in_another_dimension_is_refused(folder: Path) -> None:
    facts = folder / "facts.csv"
    facts.write_text(facts.read_text("utf-8") + "price,USD/t,P1,500,S1,\n", "utf-8")
    dated(folder, "vintages", "fact,earlier", "F2,P1")
    with pytest.raises(InputError, match=r"vintages.csv:2:earlier K0216 F2 is in Mt/yr, P1 in USD/t"):
        open_model(folder)


def test_a_series_is_known_when_each_of_its_periods_has_ended(folder: Path) -> None:
    dated(
        folder, "sources", "source,title,date,lag", "S1,monthly,2026-08,1", "S2,s,2025-03-10,", "S3,r,2025-09-01,"
    )
    facts = (folder / "facts.csv").read_text("utf-8").splitlines()
    facts[0] += ",period"
    facts[1:] = [row + (",2025-01" if ",F1," in row else ",") for row in facts[1:]]
    (folder / "facts.csv").write_text("\n".join(facts) + "\n", "utf-8")
    assert open_model(folder, as_of=date(2025, 3, 10)).as_of == date(2025, 3, 10)
    with pytest.raises(InputError, match="D1 was not published before 2025-03-10"):
        open_model(folder, as_of=date(2025, 3, 1))


def year_known_later(folder: Path, year: int, code: str) -> None:
    """Let the recorded field output of ``year`` be a fact of source S2, published on 10 March 2025."""
    facts = folder / "facts.csv"
    facts.write_text(facts.read_text("utf-8") + f"oil_production,Mt/yr,{code},53,S2,\n", "utf-8")
    flows = (folder / "baseline_flows.csv").read_text("utf-8").splitlines()
    fields = [row.replace(",53,", f",{code},") if f"FIELD,KAZ,{year}" in row else row for row in flows]
    assert fields != flows
    (folder / "baseline_flows.csv").write_text("\n".join(fields) + "\n", "utf-8")


def test_the_base_year_is_the_newest_of_which_all_was_known(folder: Path) -> None:
    carries = folder / "carries.csv"
    carries.write_text(carries.read_text("utf-8").replace(",D1", ",F1", 1), "utf-8")
    year_known_later(folder, 2025, "F9")
    now, then = open_model(folder, as_of=date(2025, 3, 10)), open_model(folder, as_of=date(2025, 3, 9))
    assert (now.settings.model.base_year, then.settings.model.base_year) == (2025, 2024)
    assert now.table("supplies")["amount"][0] != then.table("supplies")["amount"][0] == 49
    assert [(one.table, one.fact, one.since) for one in then.left_out] == [("baseline_flows", "F9", "2025-03-10")]
    assert "2025" in set(then.table("baseline_flows")["period"])
    setup = prepare(then)
    assert setup.baseline.year == 2024
    assert setup.calibration is not None


def test_an_option_not_yet_known_goes_with_its_gains_and_the_rest_stays(folder: Path) -> None:
    carries = folder / "carries.csv"
    carries.write_text(carries.read_text("utf-8").replace(",D1", ",F1", 1), "utf-8")
    options = (folder / "options.csv").read_text("utf-8").splitlines()
    cost = options[0].split(",").index("annual_cost")
    cells = options[1].split(",")
    name, cells[cost] = cells[options[0].split(",").index("option")], "C9"
    (folder / "options.csv").write_text("\n".join([options[0], ",".join(cells), *options[2:]]) + "\n", "utf-8")
    facts = folder / "facts.csv"
    facts.write_text(facts.read_text("utf-8") + "project_value,million USD/yr,C9,20,S2,\n", "utf-8")
    then, now = open_model(folder, as_of=date(2024, 6, 30)), open_model(folder)
    for table in ("options", "option_gains"):
        assert name in set(now.table(table)["option"])
        assert name not in set(then.table(table)["option"])
    assert prepare(then).network.gains.options == tuple(sorted(set(now.table("options")["option"]) - {name}))
