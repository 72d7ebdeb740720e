"""Losses by product group, on figures that can be checked by hand and on published ones."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.folder.opening import open_model
from kopir.model.grounds.provenance import trace
from kopir.project import open_project
from kopir.strategy.trade.imports import ImportsResult, imports, imports_function
from kopir.strategy.trade.sectors import Sector
from tests.folders import Row, states, write_model

BASIS = {"basis": "miniature"}
PACE = {"pace_short": "0.5 [0.25..0.75]", "pace_medium": 0.75, "cap": 2}


def sector(code: str, sigma: object = "", **cells: object) -> Row:
    blank = dict.fromkeys(("form", "hs", "pace_short", "pace_medium", "cost_share", "cap"), "")
    return {"sector": code, "sigma_long": sigma} | blank | cells | BASIS


def bought(sector: str, partner: str, value: object, year: object = 2024, flow: str = "import") -> Row:
    return {"year": year, "flow": flow, "partner": partner, "sector": sector, "value": value} | BASIS


def trade_model(path: Path, sectors: list[Row], trade: list[Row], *partners: str, union: str = "") -> Path:
    jurisdictions = [row | {"members": ""} for row in states(*partners)]
    if union:
        jurisdictions.append({"jurisdiction": "UNION", "kind": "union", "members": union})
    tables = {"jurisdictions": jurisdictions, "sectors": sectors} | ({"trade": trade} if trade else {})
    return write_model(path, tables, players=partners or ("RUS",))


def literal(name: str, value: float) -> Quantity:
    return Quantity(CellRef("miniature", 2, name), value, value, value, "1", "assumed", None, "miniature")


def opened(path: Path, sectors: list[Row], trade: list[Row], *partners: str, union: str = "") -> Model:
    return open_model(trade_model(path, sectors, trade, *(partners or ("RUS",)), union=union))


def one(result: ImportsResult, **key: object) -> dict[str, float]:
    (row,) = result.table.filter(**key).iter_rows(named=True)
    return row


def test_variety_loss_by_horizon(tmp_path: Path) -> None:
    """Half of 100 withheld, sigma 3: 100 (2^(1/2) - 1) in the long run, 100 (2^(1/1) - 1) at half the pace."""
    model = opened(tmp_path, [sector("all", 3, **PACE)], [bought("all", "", 100), bought("all", "RUS", 50)], "RUS")
    row = one(imports(model), partner="RUS")
    assert row["share"] == 0.5
    assert row["long_musd"] == pytest.approx(100 * (math.sqrt(2) - 1))
    assert row["short_musd"] == pytest.approx(100)
    assert row["medium_musd"] == pytest.approx(100 * (2 ** (1 / 1.5) - 1))
    assert row["short_musd_low"] == pytest.approx(100 * (2 ** (1 / 1.5) - 1))
    assert row["short_musd_high"] == pytest.approx(200), "the cap of twice the spending binds: 2^(1/0.5) - 1 = 3"
    assert row["long_musd_low"] == row["long_musd"] == row["long_musd_high"]


def test_severity_is_the_share_withheld(tmp_path: Path) -> None:
    model = opened(tmp_path, [sector("all", 3)], [bought("all", "", 100), bought("all", "RUS", 50)])
    assert one(imports(model, severity=0.5))["long_musd"] == pytest.approx(100 * (0.75**-0.5 - 1))
    assert one(imports(model, severity=0))["long_musd"] == 0


def test_a_refusal_sums_over_its_months(tmp_path: Path) -> None:
    """Months 1-12 at the short rate of 100 a year, 13-36 at the medium one, later at the long one."""
    model = opened(tmp_path, [sector("all", 3, **PACE)], [bought("all", "", 100), bought("all", "RUS", 50)])
    found = imports(model, months=(3, 24, 120))
    row = one(found)
    assert found.costs["musd"].to_list() == pytest.approx(
        [25, 100 + row["medium_musd"], 100 + 2 * row["medium_musd"] + 7 * row["long_musd"]]
    )
    least = [row["short_musd_low"] / 4, row["short_musd_low"] + row["medium_musd_low"]]
    assert found.costs["musd_low"].to_list()[:2] == pytest.approx(least)


def test_published_input_loss(tmp_path: Path) -> None:
    """Bachmann et al. (2022): an input of 4 per cent of cost, sigma 0.04, 10 per cent less: 1.57 per cent."""
    row = sector("energy", 0.04, form="quantity", cost_share=0.04)
    model = opened(tmp_path, [row], [bought("energy", "", 4), bought("energy", "RUS", 0.4)])
    assert one(imports(model, by_sector=True))["long_musd"] == pytest.approx(1.57, abs=0.005)


@pytest.mark.parametrize(("elasticity", "published"), [(-5, 1.44), (-10, 0.72)])
def test_published_loss_of_all_trade(tmp_path: Path, elasticity: int, published: float) -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012): foreign goods are 7 per cent of spending, all withheld."""
    trade = [bought("all", "", 100), bought("all", "RUS", 7)]
    loss = one(imports(opened(tmp_path, [sector("all", 1 - elasticity)], trade)))["long_musd"]
    assert 100 * loss / (100 + loss) == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(("sigma", "expected"), [(1e-9, 50.0), (1, 100 * (1 - 0.5**0.2)), (1e9, 100 * (1 - 0.9))])
def test_limits_of_the_quantity_form(tmp_path: Path, sigma: float, expected: float) -> None:
    """Half of an input with a fifth of cost: sigma 0 loses half, 1 is Cobb-Douglas, infinity loses its share."""
    row = sector("energy", sigma, form="quantity", cost_share=0.2)
    model = opened(tmp_path, [row], [bought("energy", "", 20), bought("energy", "RUS", 10)])
    assert one(imports(model, by_sector=True))["long_musd"] == pytest.approx(expected, rel=1e-6)


def test_small_losses_are_first_order(tmp_path: Path) -> None:
    """Hulten (1978) in the quantity form; bought / (sigma - 1) in the variety form."""
    rows = [sector("energy", 0.5, form="quantity", cost_share=0.2), sector("textiles", 4)]
    trade = [
        bought(code, name, value) for code in ("energy", "textiles") for name, value in (("", 1e6), ("RUS", 1))
    ]
    found = imports(opened(tmp_path, rows, trade), by_sector=True)
    assert one(found, sector="energy")["long_musd"] == pytest.approx(1, rel=1e-5)
    assert one(found, sector="textiles")["long_musd"] == pytest.approx(1 / 3, rel=1e-5)


def test_limits_of_the_variety_form(tmp_path: Path) -> None:
    """Near sigma 1 only the value of doing without bounds the loss; perfect substitutes cost nothing."""
    rows = [sector("a", 1.0001, cap=3), sector("b", 1e9)]
    trade = [bought(code, name, value) for code in ("a", "b") for name, value in (("", 100), ("RUS", 50))]
    found = imports(opened(tmp_path, rows, trade), by_sector=True)
    assert one(found, sector="a")["long_musd"] == 300
    assert one(found, sector="b")["long_musd"] == pytest.approx(0, abs=1e-5)


@given(st.floats(0.001, 0.999), st.floats(1.05, 30))
def test_the_floor_is_below_the_loss_at_every_share(share, sigma):
    cells = {"sigma_long": literal("sigma_long", sigma)}
    known, unknown = (
        Sector("a", "variety", "2024", spending, (literal("bought", 100),), cells)
        for spending in (literal("spending", 100 / share), None)
    )
    assert unknown.loss("long") <= known.loss("long") * (1 + 1e-9)


def test_unknown_spending_leaves_a_floor(tmp_path: Path) -> None:
    row = one(imports(opened(tmp_path, [sector("all", 3)], [bought("all", "RUS", 100)])))
    assert (row["long_musd_low"], row["long_musd"], row["long_musd_high"]) == (50, None, None)


def test_unions_act_with_their_members_and_count_once(tmp_path: Path) -> None:
    trade = [bought("all", "", 100), bought("all", "DEU", 10), bought("all", "ITA", 15)]
    union = opened(tmp_path / "a", [sector("all", 3)], trade, "DEU", "ITA", union="DEU ITA")
    assert one(imports(union, parties=["UNION"]))["bought_musd"] == 25
    stated = opened(
        tmp_path / "b", [sector("all", 3)], [*trade, bought("all", "UNION", 40)], "DEU", "ITA", union="DEU ITA"
    )
    assert one(imports(stated, parties=["UNION"]))["bought_musd"] == 40
    function = imports_function(stated, "long")
    assert function is not None
    assert function.loss(frozenset({"UNION", "DEU"}), 1.0) == pytest.approx(100 * (0.6**-0.5 - 1))


def test_ranks_hold_where_a_shared_cell_moves_both(tmp_path: Path) -> None:
    """Intervals of two sectors overlap by the shared pace, yet the larger share costs more at every pace."""
    rows = [sector("all", "", **PACE), sector("a", 3), sector("b", 3), sector("c", "3 [2..6]")]
    trade = [bought(code, "", 100) for code in "abc"]
    trade += [bought("a", "RUS", 50), bought("b", "RUS", 40), bought("c", "RUS", 45)]
    found = imports(opened(tmp_path, rows, trade), by_sector=True)
    a, b = (one(found, sector=code) for code in "ab")
    assert b["short_musd_high"] > a["short_musd_low"], "the intervals overlap"
    pairs = found.undecided.filter(horizon="short").select("first_sector", "second_sector").rows()
    assert pairs == [("a", "c"), ("b", "c")]
    assert found.pairs == 9


def test_ranges_hold_every_draw(tmp_path: Path) -> None:
    rows = [sector("all", "4 [2..8]", **(PACE | {"cap": "1 [0.5..2]"}))]
    model = opened(tmp_path, rows, [bought("all", "", "100 [80..150]"), bought("all", "RUS", "50 [40..60]")])
    row = one(imports(model))
    rng = np.random.default_rng(1)
    for _ in range(500):
        sigma, pace, cap, whole, part = (
            rng.uniform(*ends) for ends in ((2, 8), (0.25, 0.75), (0.5, 2), (80, 150), (40, 60))
        )
        loss = min(whole * ((1 - part / whole) ** (-1 / (pace * (sigma - 1))) - 1), cap * whole)
        assert row["short_musd_low"] * (1 - 1e-9) <= loss <= row["short_musd_high"] * (1 + 1e-9)


def test_when_goods_cannot_be_replaced(tmp_path: Path) -> None:
    """A dollar withheld costs a dollar where sigma is below 1 + ln 2 / ln 1.5 = 2.71 (half withheld)."""
    model = opened(tmp_path, [sector("all", 3, **PACE)], [bought("all", "", 100), bought("all", "RUS", 50)])
    (row,) = imports(model).claims.filter(threshold=1.0).iter_rows(named=True)
    assert row["sigma_below"] == pytest.approx(1 + math.log(2) / math.log(1.5))
    assert row["cap_above"] == 0.5
    assert (row["short"], row["medium"], row["long"]) == ("true", "true", "false")
    assert (row["holds_to_month"], row["fails_from_month"]) == ("36", "37")
    (loose,) = imports(model).claims.filter(threshold=0.1).iter_rows(named=True)
    assert loose["long"] == "true"
    assert (loose["holds_to_month"], loose["fails_from_month"]) == ("always", None)


def test_a_low_value_of_doing_without_refutes_the_claim(tmp_path: Path) -> None:
    rows = [sector("all", 1.2, cap=0.3)]
    model = opened(tmp_path, rows, [bought("all", "", 100), bought("all", "RUS", 50)])
    (row,) = imports(model).claims.filter(threshold=1.0).iter_rows(named=True)
    assert row["long"] == "false"


def test_gaps_stay_gaps(tmp_path: Path) -> None:
    rows = [sector("all", 3), sector("a"), sector("b", 4)]
    trade = [bought("a", "", 10), bought("a", "RUS", 5), bought("a", "", 8, 2021), bought("a", "RUS", 4, 2021)]
    found = imports(opened(tmp_path, rows, trade), by_sector=True)
    assert one(found, sector="a")["long_musd"] is None
    assert found.gaps.rows() == [
        ("RUS", "a", "no elasticity: described without a loss"),
        ("RUS", "a", "no figures of 2022, 2023: the gap stays open"),
        ("RUS", "b", "no figures: bring a bilateral trade file"),
    ]


def test_sectors_stand_for_the_whole_where_they_cover_it(tmp_path: Path) -> None:
    rows = [sector("all", 3), sector("a", 2), sector("b", 5)]
    trade = [bought("all", "", 100), bought("all", "RUS", 30)]
    trade += [bought("a", "", 50), bought("a", "RUS", 20), bought("b", "", 45), bought("b", "RUS", 10)]
    function = imports_function(opened(tmp_path / "a", rows, trade), "long")
    assert function is not None
    by_sector = 50 * (0.6**-1 - 1) + 45 * ((35 / 45) ** -0.25 - 1)
    assert function.loss(frozenset({"RUS"}), 1.0) == pytest.approx(by_sector)
    partly = imports_function(opened(tmp_path / "b", rows, trade[:4]), "long")
    assert partly is not None
    assert partly.loss(frozenset({"RUS"}), 1.0) == pytest.approx(100 * (0.7**-0.5 - 1))
    assert not partly.touched_by(frozenset({"CHN"}))


def test_every_number_leads_to_its_cells(tmp_path: Path) -> None:
    rows = [sector("all", 3, **PACE), sector("a", 4), sector("b", 5)]
    trade = [bought(code, name, value) for code in ("all", "a") for name, value in (("", 100), ("RUS", 50))]
    path = trade_model(tmp_path, rows, [*trade, bought("b", "RUS", 7)], "RUS")
    project = open_project(path)
    for by_sector in (False, True):
        answer = project.imports(by_sector=by_sector)
        for row in answer.table.iter_rows(named=True):
            stem = f"leverage:imports:{row['partner']}:{row['sector']}"
            for column in set(row) - {"partner", "sector", "year", "grade"}:
                if row[column] is not None:
                    assert answer.cells[f"{stem}:{column}"]
        for row in answer.result.costs.iter_rows(named=True):
            name = f"leverage:imports:{row['partner']}:{row['sector']}:after_{row['months']}"
            step = project.why(name)
            assert (step.value, step.low, step.high) == (row["musd"], row["musd_low"], row["musd_high"])
            assert {cell.grade for _, cell in step.walk() if cell.kind == "cell"} == {"assumed"}
    assert project.why("leverage:imports:RUS:a:short").value == pytest.approx(100 * (2 ** (1 / 1.5) - 1))


@pytest.mark.parametrize(
    ("sectors", "trade", "expected"),
    [
        ([sector("all", 1)], [], "sectors.csv:2:sigma_long K0504 the variety form needs an elasticity above 1"),
        ([sector("all", 0.5)], [], "write one above 1 with its interval, or form quantity"),
        ([sector("all", "3 [0.9..4]")], [], "value: '0.9'"),
        (
            [sector("e", 0, form="quantity", cost_share=0.1)],
            [],
            "K0504 the quantity form needs an elasticity above 0",
        ),
        ([sector("e", 0.5, form="quantity")], [], "sectors.csv:2:cost_share K0203"),
        ([sector("all", 3, pace_short=0)], [], "sectors.csv:2:pace_short K0305"),
        ([sector("all", 3, pace_short=1.2)], [], "sectors.csv:2:pace_short K0305"),
        ([sector("all", 3, pace_short=0.5, pace_medium=0.4)], [], "sectors.csv:2:pace_medium K0346 below the 0.5"),
        ([sector("all", 3, cap=-1)], [], "sectors.csv:2:cap K0304"),
        ([sector("a", 3, hs="27"), sector("b", 3, hs="27")], [], "sectors.csv:3:hs K0342 products that a holds"),
        ([sector("a", 3, hs="2a")], [], "sectors.csv:2:hs K0341"),
        ([], [bought("al", "", 5)], "trade.csv:2:sector K0207 unknown sector 'al'"),
        ([sector("all", 3)], [bought("all", "RUSS", 5)], "trade.csv:2:partner K0207 unknown jurisdiction 'RUSS'"),
        ([sector("all", 3)], [bought("all", "KAZ", 5)], "trade.csv:2:partner K0343"),
        ([sector("all", 3)], [bought("all", "RUS", -5)], "trade.csv:2:value K0304"),
        ([sector("all", 3)], [bought("all", "RUS", 5, "2024-H1")], "trade.csv:2:year K0210 not a calendar year"),
        ([sector("all", 3)], [bought("all", "RUS", 5), bought("all", "", 4)], "trade.csv:3:value K0344 partners"),
        (
            [sector("all", 3), sector("a", 3)],
            [bought("all", "", 5), bought("a", "", 6)],
            "trade.csv:2:value K0344 sectors come to 6 in 2024",
        ),
        ([sector("all", 3)], [bought("all", "RUS", 5), bought("all", "RUS", 6)], "trade.csv:3:year K0204"),
    ],
)
def test_bad_tables_are_named(tmp_path: Path, sectors: list[Row], trade: list[Row], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(tmp_path, sectors or [sector("all", 3)], trade)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"parties": ["XXX"]}, "K0501"), ({"severity": 1.5}, "K0503"), ({"months": [0]}, "K0505")],
)
def test_bad_questions_are_named(tmp_path: Path, asked: dict[str, object], code: str) -> None:
    model = opened(tmp_path, [sector("all", 3)], [bought("all", "RUS", 5)])
    with pytest.raises(InputError) as caught:
        imports(model, **asked)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_model_without_trade_says_what_to_bring(tmp_path: Path) -> None:
    model = opened(tmp_path, [sector("all", 3)], [])
    assert imports_function(model, "short") is None
    with pytest.raises(InputError, match="K0345 the model has no figures of imports"):
        imports(model)


@pytest.mark.slow
def test_imports_of_the_bundled_model() -> None:
    """Shares are those of its facts, nothing without spending has a loss, every number leads to a ground."""
    project = open_project("kazakhstan")
    whole = project.imports().table
    assert one(project.imports().result, partner="RUS")["share"] == pytest.approx(0.30)
    assert one(project.imports().result, partner="EU")["bought_musd"] == pytest.approx(10_700)
    assert (
        whole.filter(pl.col("spending_musd").is_null())["short_musd"].null_count()
        == whole.filter(pl.col("spending_musd").is_null()).height
    )
    answer = project.imports(by_sector=True)
    assert one(answer.result, partner="RUS", sector="coal")["long_musd"] is None
    assert one(answer.result, partner="RUS", sector="textiles")["bought_musd"] == pytest.approx(602.9 * 1.5)
    ground = {"assumed": "cell", "sourced": "source", "derived": "fact"}
    for name in answer.cells:
        if ":RUS:" in name:
            steps = [step for _, step in trace(project.model, name, answer.numbers).walk()]
            cells = [step for step in steps if step.kind == "cell"]
            assert cells
            assert {ground[cell.grade] for cell in cells} <= {step.kind for step in steps}
    table = answer.table.filter(partner="RUS").drop("partner", "year", "grade")
    for row in table.iter_rows(named=True):
        numbers = {column for column, value in row.items() if column != "sector" and value is not None}
        assert all(f"leverage:imports:RUS:{row['sector']}:{column}" in answer.cells for column in numbers)
