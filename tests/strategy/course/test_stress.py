"""Scenarios followed step by step: by hand, against identities, and at their limits."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.flow.formulation import StockWorth
from kopir.flow.value import ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.scenario import Decision, Refusal, Scenario, Shock, Window, make_steps
from kopir.strategy.course.course import follow
from kopir.strategy.course.hindcast import prepare_year
from kopir.strategy.course.stress import stress
from kopir.strategy.value.setup import prepare
from tests.folders import routes_model, states, write_model
from tests.miniatures import miniature
from tests.strategy.terminal import B, terminal

START = date(2025, 3, 1)
BERTHS = (("link", "BERTH1"), ("link", "BERTH2"))


def window(first: int, last: int | None = None, repair: int = 0) -> Window:
    """Days counted from 1 on the first of March."""
    end = None if last is None else START + timedelta(days=last - 1)
    return Window(START + timedelta(days=first - 1), end, repair)


def scenario(*shocks: Shock, days: int = 20, blocks=None, **more) -> Scenario:
    return Scenario("test", make_steps(START, blocks or [("day", days)]), tuple(shocks), **more)


def both_out(first: int, last: int, left: float = 0.0) -> list[Shock]:
    return [Shock(berth, left, window(first, last)) for berth in BERTHS]


def test_a_terminal_lost_for_ten_days_by_hand(tmp_path):
    """Tanks take 0.1 a day for three days; then rail takes 0.01 and 0.09 stays in the ground, for seven days.

    Afterwards the berths load 0.1 and what was stored. Loss: 0.63 Mt not sold at a margin of 350, and 0.07 Mt
    sold by rail for 100 less.
    """
    found = stress(terminal(tmp_path), scenario(*both_out(1, 10)))
    assert found.full_on == date(2025, 3, 3)
    assert found.back_on == date(2025, 3, 11)
    assert found.volume("shut_in") == pytest.approx(0.63)
    assert found.volume("moved") == pytest.approx(0.07)
    assert found.volume("stock") == pytest.approx(0, abs=1e-9)
    assert found.loss_musd == pytest.approx(0.63 * 350 + 0.07 * 100)
    assert found.table["stock_mt"].to_list()[:4] == pytest.approx([0.3, 0.4, 0.5, 0.5])
    assert found.control.rows() == [("CHN", pytest.approx(0.07)), ("RUS", pytest.approx(0, abs=1e-9))]
    bound = dict(found.binding.select("asset", "first").iter_rows())
    assert bound["BERTH1"] == date(2025, 3, 1)
    assert bound["TANK"] == date(2025, 3, 3)
    assert bound["RAIL"] == date(2025, 3, 4)


def test_foresight_knows_that_the_repair_comes(tmp_path):
    """Known in advance, rail runs through all ten days: three days of it more than when nobody knows."""
    setup = terminal(tmp_path)
    course = scenario(*both_out(1, 10))
    known = stress(setup, course, foresight=True)
    assert known.volume("shut_in") == pytest.approx(1.0 - 0.3 - 0.1)
    assert known.loss_musd == pytest.approx(0.6 * 350 + 0.1 * 100)
    assert known.loss_musd < stress(setup, course).loss_musd


def test_nothing_happens_without_a_shock(tmp_path):
    found = stress(terminal(tmp_path), scenario(days=30))
    assert found.loss_musd == pytest.approx(0, abs=1e-9)
    assert (found.full_on, found.back_on, found.begun) == (None, None, None)
    assert found.table["stock_mt"].to_list() == pytest.approx([0.2] * 30)
    assert found.routes.is_empty()


def test_a_year_of_months_gives_the_recorded_flows(setup):
    """The days of a calendar year add up to one year, and the calibrated optimum is the recorded flow."""
    course = follow(setup, Scenario("year", make_steps(date(2025, 1, 1), [("month", 12)])))
    assert course.lengths.sum() == pytest.approx(1)
    assert course.total == pytest.approx(setup.calibration.use, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("step", [[("month", 12)], [("month", 6), ("week", 13), ("day", 93)]])
def test_the_months_of_2023_add_up_to_its_annual_facts(step):
    """Every recorded flow of 2023, month by month; whoever says so is found in the facts of the row."""
    setup = prepare_year(open_model("kazakhstan"), 2023)
    course = follow(setup, Scenario("2023", make_steps(date(2023, 1, 1), step)))
    recorded = np.isfinite(setup.baseline.use)
    assert course.use.shape[0] == sum(count for _, count in step)
    assert course.total[recorded] == pytest.approx(setup.baseline.use[recorded], rel=2e-3, abs=1e-6)
    passed = {asset: _carried(setup, course, asset) for asset in ("CPC_RUS_EAST", "BTC", "SAMARA_ADAMOVA")}
    facts = {"CPC_RUS_EAST": "F0670", "BTC": "F0033", "SAMARA_ADAMOVA": "F0126"}
    stated = {asset: setup.model.facts[fact].value / 1e6 for asset, fact in facts.items()}
    assert passed == pytest.approx(stated, rel=2e-3)


def _carried(setup, course, asset):
    network = setup.network
    chosen = (network.activities.asset == network.asset_index["link", asset]) & network.owned_by("KAZ")
    return course.total[chosen].sum()


def test_shocks_and_options_that_come_to_nothing_leave_the_baseline(setup):
    """A scenario that says things without any effect is the scenario of no shock."""
    steps = make_steps(date(2025, 1, 1), [("month", 12)])
    whole = [Shock(asset, 1.0, Window(date(2025, 3, 1))) for asset in setup.network.assets if asset[0] == "link"]
    nobody = Refusal(frozenset({"RUS"}), 0.0, Window(date(2025, 3, 1)))
    found = stress(setup, Scenario("nothing", steps, tuple(whole), (nobody,)))
    assert (found.loss_musd, found.volume("moved"), found.volume("shut_in")) == pytest.approx((0, 0, 0), abs=1e-9)
    assert found.routes.is_empty()


def test_two_halves_of_an_outage_are_the_whole(tmp_path):
    """Half of each of two like berths is one berth; ten days are five and five."""
    setup = terminal(tmp_path, carries=berths_of(20))
    one = stress(setup, scenario(Shock(BERTHS[0], 0.0, window(1, 10))))
    halves = stress(setup, scenario(*both_out(1, 10, left=0.5)))
    parted = stress(setup, scenario(Shock(BERTHS[0], 0.0, window(1, 5)), Shock(BERTHS[0], 0.0, window(6, 10))))
    assert one.loss_musd > 1
    assert halves.loss_musd == pytest.approx(one.loss_musd)
    assert parted.loss_musd == pytest.approx(one.loss_musd)
    assert halves.table["stock_mt"].to_list() == pytest.approx(one.table["stock_mt"].to_list())


def berths_of(nameplate: float) -> list[dict[str, object]]:
    names = {"PIPE": "", "BERTH1": nameplate, "BERTH2": nameplate, "RAIL": 3.65}
    return [{"link": link, "commodity": "crude", "nameplate": size, "basis": "m"} for link, size in names.items()]


NO_TANK = {"storage": "TANK", "node": "TERM", "commodity": "crude", "owner": "KAZ", "capacity": 0, "initial": 0}


@pytest.mark.parametrize("blocks", [[("week", 8)], [("day", 14), ("week", 6)], [("week", 2), ("day", 42)]])
def test_steps_of_any_length_give_the_same_totals(tmp_path, blocks):
    """Means of capacity add up, so weeks see what days see as long as shocks begin and end with them."""
    setup = terminal(tmp_path, ramp=2, lag=0.5, storage=[NO_TANK | B])
    shocks = both_out(8, 42)
    days = stress(setup, scenario(*shocks, days=56))
    other = stress(setup, scenario(*shocks, blocks=blocks))
    assert days.volume("shut_in") > 0.1
    assert other.volume("shut_in") == pytest.approx(days.volume("shut_in"), rel=1e-9)
    assert other.volume("moved") == pytest.approx(days.volume("moved"), rel=1e-9)
    assert other.loss_musd == pytest.approx(days.loss_musd, rel=1e-9)


def test_finer_steps_converge_while_tanks_fill(tmp_path):
    """A coarse step lets rail run beside the filling tank: only that one step differs, and less so when finer.

    Tanks fill in three days. In days rail waits for these three; in a week it runs all seven.
    """
    setup = terminal(tmp_path)
    shocks = both_out(8, 42)
    weeks = stress(setup, scenario(*shocks, blocks=[("week", 8)])).volume("shut_in")
    days = stress(setup, scenario(*shocks, days=56)).volume("shut_in")
    mixed = stress(setup, scenario(*shocks, blocks=[("week", 1), ("day", 7), ("week", 6)])).volume("shut_in")
    assert days - weeks == pytest.approx(3 * 0.01)
    assert mixed == pytest.approx(days, rel=1e-9)


def test_the_railway_opens_after_its_lag_at_its_ramp(tmp_path):
    setup = terminal(tmp_path, ramp=3.65, lag=1)
    moved = stress(setup, scenario(*both_out(6, 200), days=150)).table["moved_mt"].to_numpy()
    assert moved[9:35] == pytest.approx(0.01)  # tanks are full on the eighth day
    begun, month = 5, 30.4375
    day = 100
    grown = 3.65 + 3.65 * ((day + 0.5 - begun) / month - 1)
    assert moved[day] == pytest.approx(grown / 365)


def test_repair_brings_an_asset_back_in_equal_parts():
    healing = window(1, 10, repair=3)
    strengths = [healing.strength(START + timedelta(days=day - 1)) for day in range(10, 15)]
    assert strengths == pytest.approx([1, 0.75, 0.5, 0.25, 0])


def test_a_refusal_of_a_calendar_year_is_its_leverage(tmp_path):
    """Route A earns 50 at 400 and B 10 at 300; without A, B carries 20: 17 000 lost, as `kopir leverage` says."""
    routes = [
        {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": ("RUS",)},
        {"id": "B", "capacity": 20, "netback": 300, "jurisdictions": ("CHN",)},
    ]
    setup = prepare(open_model(routes_model(tmp_path / "two", routes, supply=60)))
    refused = Refusal(frozenset({"RUS"}), 1.0, Window(date(2025, 1, 1)))
    year = Scenario("year", make_steps(date(2025, 1, 1), [("month", 12)]), refusals=(refused,))
    assert stress(setup, year).loss_musd == pytest.approx(17_000)
    assert stress(setup, year, foresight=True).loss_musd == pytest.approx(17_000)


def test_an_option_counts_from_its_lead_time(tmp_path):
    setup = terminal(tmp_path)
    decided = (Decision("MORE_RAIL", START),)
    moved = stress(setup, scenario(*both_out(1, 60), days=60, decisions=decided)).table["moved_mt"].to_numpy()
    assert moved[20] == pytest.approx(0.01)
    assert moved[40] == pytest.approx(0.02)


def test_an_option_that_is_not_in_the_network_is_refused(tmp_path):
    decided = (Decision("BRIDGE", START),)
    with pytest.raises(InputError) as raised:
        stress(terminal(tmp_path), scenario(*both_out(1, 5), decisions=decided))
    (fault,) = raised.value.faults
    assert (fault.code, fault.value) == ("K0505", "BRIDGE")
    assert "MORE_RAIL" in fault.mend


def test_a_shock_can_leave_a_share_of_the_usual_flow(tmp_path):
    """0.06 of 0.1 Mt a day get through the pipe, although it has no capacity of its own."""
    found = stress(terminal(tmp_path), scenario(Shock(("link", "PIPE"), 0.6, window(1, 5), of="flow"), days=5))
    assert found.volume("shut_in") == pytest.approx(5 * 0.03)
    assert found.volume("moved") == pytest.approx(5 * 0.01)


def test_a_closed_store_keeps_its_goods_until_it_opens(tmp_path):
    setup = terminal(tmp_path)
    closed = Shock(("storage", "TANK"), 0.0, window(1, 15))
    found = stress(setup, scenario(closed, *both_out(3, 6)))
    assert found.table["stock_mt"].to_list() == pytest.approx([0.2] * 20)
    assert found.volume("shut_in") == pytest.approx(4 * 0.09)
    with pytest.raises(InputError, match="foresight does not follow"):
        follow(setup, scenario(closed), foresight=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lefts=st.tuples(*[st.floats(0, 1)] * 4),
    first=st.integers(1, 20),
    length=st.integers(1, 30),
    repair=st.integers(0, 10),
    step=st.sampled_from(["day", "week", "month"]),
    foresight=st.booleans(),
)
@pytest.mark.slow
def test_nothing_appears_or_vanishes(tmp_path_factory, lefts, first, length, repair, step, foresight):
    setup = _once(tmp_path_factory)
    assets = (*BERTHS, ("link", "PIPE"), ("link", "RAIL"))
    shocks = [
        Shock(asset, left, window(first, first + length - 1, repair))
        for asset, left in zip(assets, lefts, strict=True)
    ]
    blocks = [(step, {"day": 40, "week": 6, "month": 2}[step])]
    course = follow(setup, scenario(*shocks, blocks=blocks), foresight=foresight)
    stores = setup.network.stores
    stock = np.vstack([stores.initial, course.stock])
    assert (course.stock >= -1e-9).all()
    assert (course.stock <= stores.capacity + 1e-9).all()
    for use, change in zip(course.use, np.diff(stock, axis=0), strict=True):
        left = setup.network.incidence @ use
        np.subtract.at(left, stores.row, change)
        assert np.abs(left).max() < 1e-9


_SETUPS: dict[str, object] = {}


def _once(factory):
    if "terminal" not in _SETUPS:
        _SETUPS["terminal"] = terminal(factory.mktemp("model"), ramp=5, lag=0.3, restart=6)
    return _SETUPS["terminal"]


@pytest.mark.parametrize("stock", ["0", "2.5"])
@pytest.mark.parametrize("rolling", [False, True])
def test_adaptation_over_time(tmp_path, stock, rolling):
    """Miniature M11: alternatives that come in over a year, and a stock that bridges the first quarter."""
    given_case = miniature("M11")
    case = given_case["input"]
    network = build_network(open_model(adaptation_model(tmp_path / "m11", case, float(stock))))
    free = StockWorth(np.zeros(len(network.stores.row)), np.zeros(len(network.stores.row)))
    quarter = 1 / case["quarters"]
    capacities = [np.array([each / quarter]) for each in case["alternative_capacity"]]
    if rolling:
        function = ValueFunction(network, lengths=np.array([quarter]), worth=free)
        held, value = network.stores.initial, 0.0
        for capacity in capacities:
            flow = function.solve(function.situation(capacity, stock=held))
            held, value = flow.stock[0], value + flow.value
    else:
        function = ValueFunction(network, lengths=np.full(case["quarters"], quarter), worth=free)
        value = function.solve([function.situation(capacity) for capacity in capacities]).value
    assert -value == pytest.approx(given_case["expected"]["loss"][f"stock={stock}"], abs=1e-9)


def adaptation_model(path, case, stock):
    """A need without its old source, an alternative behind one link, and a stock."""
    yearly = case["demand_per_quarter"] * case["quarters"]
    goods = {"commodity": "goods", "owner": "KAZ", "basis": "miniature"}
    tables = {
        "jurisdictions": states("ALT"),
        "functions": [{"function": "imports", "kind": "network"}],
        "commodities": [{"commodity": "goods", "unit": "Mt"}],
        "nodes": [{"node": node, "kind": "market", "territory": "KAZ"} for node in ("ABROAD", "CITY")],
        "supplies": [{"supply": "ALT", "node": "ABROAD", "amount": 100, **goods}],
        "links": [{"link": "WAY", "from_node": "ABROAD", "to_node": "CITY", "mode": "rail"}],
        "carries": [
            {"link": "WAY", "commodity": "goods", "nameplate": 10, "basis": "miniature"}
            | {"cost": case["alternative_extra_cost"]}
        ],
        "markets": [
            {"market": "NEED", "node": "CITY", "price": 0, "depth": yearly, "kind": "import", **goods}
            | {"unmet_penalty": case["shortage_penalty"]}
        ],
        "storage": [{"storage": "STOCK", "node": "CITY", "capacity": 10, "initial": stock, **goods}],
        "denial": [],
    }
    return write_model(path, {name: rows for name, rows in tables.items() if rows}, players=("ALT",))
