"""A scenario that is written as a file and read back is the same."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

import kopir
from kopir.model.network.scenario import Refusal, Shock, Window, parse_scenario
from kopir.model.network.scenario_text import scenario_text
from tests.folders import routes_model

shares = st.floats(0, 1, allow_nan=False)
START = date(2026, 1, 1)


@st.composite
def windows(draw, days):
    first = draw(st.integers(0, days - 1))
    last = draw(st.none() | st.integers(first, days + 50))
    return Window(
        START + timedelta(first), None if last is None else START + timedelta(last), draw(st.integers(0, 9))
    )


def test_what_is_written_is_read_back(tmp_path):
    routes = [{"id": "NORTH", "capacity": 8, "netback": 300, "jurisdictions": ["RUS"]}]
    model = kopir.open(routes_model(tmp_path / "model", routes, supply=10)).model

    @given(st.data(), st.text(min_size=1, max_size=30), st.integers(1, 400), st.sampled_from(["dated", "base"]))
    def written(data, title, days, prices):
        shock = Shock(
            ("link", "NORTH"), data.draw(shares), data.draw(windows(days)), data.draw(st.sampled_from(["flow"]))
        )
        refusal = Refusal(frozenset(["RUS"]), data.draw(shares), data.draw(windows(days)))
        text = scenario_text(title, START, days, shocks=[shock], refusals=[refusal], prices=prices, note=title)
        found = parse_scenario(text, model, file="x.toml")
        assert (found.shocks, found.refusals, found.prices) == ((shock,), (refusal,), prices)
        assert found.steps[0].first == START
        assert len(found.steps) == days
        assert all(step.days == 1 for step in found.steps)

    written()


def test_what_goes_without_saying_is_not_written():
    text = scenario_text("Storm", START, 3, shocks=[Shock(("link", "A"), 0.0, Window(START, START))])
    assert text == (
        '[scenario]\ntitle = "Storm"\nstart = 2026-01-01\nsteps = 3\n\n'
        '[[shock]]\nasset_type = "link"\nasset = "A"\nleft = 0.0\nfrom = 2026-01-01\nto = 2026-01-01\n'
    )
