"""Corridors of a small market by hand, what conditions do to them, and the bundled ones."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.project import open_project
from kopir.strategy.corridors.corridor_market import Conditions
from kopir.strategy.corridors.corridor_record import corridor_record
from kopir.strategy.corridors.corridors import corridors
from tests.strategy.corridor_model import B, corridor_model, tables, write_corridors

NOW = Conditions("2024")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return corridor_model(tmp_path_factory.mktemp("corridors"))


def row(frame, **named):
    (found,) = frame.filter(**named).iter_rows(named=True)
    return found


def test_price_time_and_generalised_cost_by_hand(model):
    found = corridors(model, NOW)
    rail = row(found.table, corridor="RAIL")
    # A day costs 100,000 (0.1 + 0.265) / 365 = 100; half spread: the root of 2^2 + 1^2, weighed by a half.
    assert (rail["price_usd"], rail["price_usd_low"], rail["price_usd_high"]) == (5000, 4500, 5500)
    assert (rail["time_day"], rail["time_day_low"], rail["time_day_high"]) == (16, 13, 19)
    assert rail["spread_day"] == pytest.approx(5**0.5)
    assert found.day_usd.value == pytest.approx(100)
    assert rail["generalised_usd"] == pytest.approx(5000 + 100 * (16 + 5**0.5 / 2))
    assert (rail["borders"], rail["transfers"], rail["jurisdictions"]) == (2, 1, "CHN RUS DEU")


def test_a_rate_over_several_stages_is_charged_once_and_a_transfer_adds_its_own(model):
    assert row(corridors(model, NOW).table, corridor="FERRY_WAY")["price_usd"] == 4000 + 100 + 3000


def test_part_of_a_way_has_time_but_no_price_where_a_rate_is_cut(model):
    part = row(corridors(model, NOW, origin="BORDER", destination="FAR_PORT").table, corridor="FERRY_WAY")
    assert part["time_day"] == 5 + 1 + 3
    assert part["price_usd"] is None
    assert part["generalised_usd"] is None
    assert part["volume_teu"] is None


def test_the_base_period_gives_its_record_and_shares_sum_to_one(model):
    found = corridors(model, NOW)
    assert row(found.table, corridor="RAIL")["volume_teu"] == pytest.approx(300, rel=1e-6)
    assert row(found.table, corridor="FERRY_WAY")["volume_teu"] == pytest.approx(50, rel=1e-6)
    assert found.table["share"].sum() == pytest.approx(1)
    assert found.loss_musd == 0


def test_a_closed_canal_moves_share_to_the_cape_and_to_the_land(model):
    found = corridors(model, Conditions("2024", closed=("CANAL",)))
    assert row(found.table, corridor="BY_CANAL")["volume_teu"] == 0
    for name in ("BY_CAPE", "RAIL", "FERRY_WAY"):
        after = row(found.table, corridor=name)
        assert after["volume_teu"] > after["usual_teu"]
    assert found.loss_musd > 0
    assert found.table["volume_teu"].sum() == pytest.approx(10_000)


@pytest.mark.slow
def test_a_refusal_fills_the_ferries_and_more_ships_lower_their_price(model):
    found = corridors(model, Conditions("2024", denied=("RUS",)))
    assert row(found.table, corridor="FERRY_WAY")["volume_teu"] == pytest.approx(70)
    limit = row(found.limits, limit="FLEET")
    assert limit["binds"]
    assert limit["room_teu"] == 70
    opened = corridors(model, Conditions("2024", denied=("RUS",), opened=("SHIPS",)))
    assert row(opened.limits, limit="FLEET")["capacity_teu"] == 130
    assert row(opened.limits, limit="FLEET")["price_usd"] < limit["price_usd"]
    assert opened.loss_musd < found.loss_musd


@pytest.mark.slow
def test_a_partial_refusal_leaves_that_share_of_the_usual_volume(model):
    found = corridors(model, Conditions("2024", denied=("RUS",), severity=0.3))
    assert row(found.table, corridor="RAIL")["volume_teu"] == pytest.approx(0.7 * 300, rel=1e-6)
    whole = corridors(model, Conditions("2024", denied=("RUS",)))
    assert 0 < found.loss_musd < whole.loss_musd


def test_boxes_stay_behind_where_every_way_is_closed_or_full(tmp_path):
    names = ("BORDER_WEST", "CANAL", "CAPE")
    found = corridors(corridor_model(tmp_path), Conditions("2024", closed=names))
    assert row(found.table, corridor="FERRY_WAY")["volume_teu"] == pytest.approx(70)
    assert found.unserved_teu == pytest.approx(10_000 - 70)
    assert found.loss_musd < 10_000 / 2 * 100_000 / 1e6  # nobody loses more than the goods


@pytest.mark.slow
def test_the_rate_at_which_a_route_draws_level_makes_both_cost_the_same(model):
    tie = row(corridors(model, NOW).ties, route="TITR", value=100_000.0)
    level = corridors(model, Conditions("2024", value=100_000.0, sea_rate=tie["sea_rate_even"]))
    costs = {one["corridor"]: one["generalised_usd"] for one in level.table.iter_rows(named=True)}
    assert costs["FERRY_WAY"] == pytest.approx(costs[tie["against"]])
    even = corridors(model, Conditions("2024", value=tie["value_even"]))
    costs = {one["corridor"]: one["generalised_usd"] for one in even.table.iter_rows(named=True)}
    assert costs["FERRY_WAY"] == pytest.approx(costs[tie["against"]])


def test_who_wins_is_not_told_where_freight_does_not_explain_the_record(model, tmp_path):
    found = corridors(model, NOW)
    assert set(found.ties["wins"]) == {"not told"}
    assert found.constants.filter(route="TITR")["constant_usd"].item() > 17_000  # its price is 7,100
    choice = [{**row, "scale": "0.02 [0.01..0.04]"} for row in tables()["route_choice"]]
    sharp = corridors(corridor_model(tmp_path, {"route_choice": choice}), NOW)
    assert "not told" not in set(sharp.ties["wins"])


@pytest.mark.slow
def test_paper_is_worth_its_days_and_paperless_moves_boxes_to_the_land(model):
    saved = row(corridors(model, NOW).paper, transfer="GAUGE")
    assert saved["saved_usd"] == pytest.approx(100)
    assert saved["feu"] == pytest.approx(175)
    assert saved["saved_year_musd"] == pytest.approx(175 * 100 / 1e6)
    paperless = corridors(model, Conditions("2024", paperless=True))
    assert row(paperless.table, corridor="RAIL")["volume_teu"] > 300
    assert paperless.loss_musd < 0


@pytest.mark.slow
def test_refusals_of_states_between_cost_what_their_closures_cost(model):
    states = corridors(model, NOW).states
    closed = corridors(model, Conditions("2024", denied=("RUS",)))
    assert row(states, jurisdiction="RUS")["loss_musd"] == pytest.approx(closed.loss_musd)
    assert row(states, jurisdiction="RUS")["loss_musd_low"] <= row(states, jurisdiction="RUS")["loss_musd"]
    assert row(states, jurisdiction="CHN")["loss_musd"] is None
    assert row(states, jurisdiction="KAZ")["usual_teu"] == pytest.approx(50)


@pytest.mark.parametrize(
    ("asked", "places", "code", "words"),
    [
        (NOW, {"origin": "EASTT"}, "K0901", "EAST"),
        (NOW, {"origin": "WEST", "destination": "EAST"}, "K0901", "no corridor leads"),
        (Conditions("2022"), {}, "K0902", "freight rate SEA has no amount for 2022"),
        (Conditions("last year"), {}, "K0505", "not a period"),
        (Conditions("2024", value=-1.0), {}, "K0505", "not positive"),
        (Conditions("2024", sea_rate=0.0), {}, "K0505", "not positive"),
        (Conditions("2024", opened=("SHIP",)), {}, "K0505", "SHIPS"),
        (Conditions("2024", closed=("CANALS",)), {}, "K0505", "CANAL"),
        (Conditions("2024", denied=("RUZ",)), {}, "K0501", "RUS"),
        (Conditions("2024", severity=2.0, denied=("RUS",)), {}, "K0503", "severity"),
    ],
)
def test_bad_questions_are_refused_with_the_mend(model, asked, places, code, words):
    with pytest.raises(InputError) as caught:
        corridors(model, asked, **places)
    assert caught.value.faults[0].code == code
    assert words in str(caught.value)


def test_a_model_that_does_not_say_how_shippers_value_time_is_refused(tmp_path):
    with pytest.raises(InputError, match="K0903"):
        open_project(write_corridors(tmp_path, {"route_choice": []})).corridors()


@pytest.mark.slow
def test_the_scale_that_made_the_records_is_found_again_and_predicts_them(tmp_path):
    # Volumes of 2025 are made by the model itself at scale 0.0002; the fit must return that scale.
    rates = [
        *tables()["freight_rates"],
        {"rate": "SEA", "period": "2025", "amount": 2500} | B,
        {"rate": "RAIL", "period": "2025", "amount": 5000} | B,
    ]
    made = corridors(corridor_model(tmp_path / "made", {"freight_rates": rates}), Conditions("2025"))
    volumes = {
        one["route"]: one["volume_teu"] for one in made.table.filter(route=["NORTHERN"][0]).iter_rows(named=True)
    }
    records = [
        *tables()["corridor_records"],
        {"route": "NORTHERN", "period": "2025", "volume": volumes["NORTHERN"], "split": "fit"} | B,
    ]
    found = corridor_record(
        corridor_model(tmp_path / "seen", {"freight_rates": rates, "corridor_records": records})
    )
    assert found.fitted_scale == pytest.approx(0.0002, rel=1e-6)
    assert row(found.table, period="2025")["error"] == pytest.approx(0, abs=1e-6)
    assert set(found.unpredicted["why"]) == {"no record of 2023"}


@pytest.mark.slow
def test_the_command_answers_in_text_json_and_csv(tmp_path):
    folder = str(write_corridors(tmp_path))
    run = CliRunner().invoke
    told = run(application, ["corridors", folder, "--deny", "RUS", "--paperless"])
    assert told.exit_code == 0, told.output
    assert "against the usual" in " ".join(told.stdout.split())
    record = json.loads(run(application, ["corridors", folder, "--json", "-q"]).stdout)
    assert {one["corridor"] for one in record["result"]["table"]} == {"RAIL", "FERRY_WAY", "BY_CANAL", "BY_CAPE"}
    assert run(application, ["corridors", folder, "--csv", "-q"]).stdout.startswith(
        "corridor,route,option,price_usd,"
    )
    assert "TITR" in run(application, ["corridors", folder, "--hindcast"]).stdout
    gap = run(application, ["corridors", folder, "--year", "2019"])
    assert gap.exit_code == 3
    assert "K0902" in gap.stderr


@pytest.mark.slow
def test_every_number_of_a_corridor_leads_back_to_cells(model):
    project = open_project(model.folder.path)
    assert [name for name, cells in project.corridors().cells.items() if not cells] == []
    why = project.why("corridor:FERRY_WAY:price_usd")
    assert why.value == 7100
    assert why.unit == "USD/FEU"
    assert {step.id for _, step in why.walk() if step.kind == "cell"} >= {
        "freight_rates:4:amount",
        "transfers:3:cost",
    }
    assert project.why("transit:RUS:loss_musd").unit == "million USD/yr"


@pytest.mark.slow
def test_bundled_corridors_match_their_base_year_and_beat_no_change():
    kazakhstan = open_model("kazakhstan")
    found = corridors(kazakhstan, NOW)
    for route, seen in (("NORTHERN", 380_430), ("TITR", 56_500)):
        assert found.table.filter(route=route)["volume_teu"].sum() == pytest.approx(seen, rel=0.05)
    assert row(found.table, corridor="MIDDLE_POTI")["price_usd"] == 5375 + 700 + 425 + 800 + 1800
    record = corridor_record(kazakhstan)
    assert record.fitted_scale == pytest.approx(record.scale, rel=0.01)
    assert record.median_error < 0.7 * record.median_no_change
    assert {one["split"] for one in record.table.filter(period="2025-H1").iter_rows(named=True)} == {"fit"}
