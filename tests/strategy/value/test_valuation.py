from __future__ import annotations

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import Denial, read_clauses
from kopir.strategy.value.valuation import Months, Valuation
from tests.folders import routes_model, veto

RU = Denial(frozenset({"RU"}))


def valuation(tmp_path, span="long", **extra):
    """One pipe of 20 Mt that is half closed already, and one of 5 Mt that fetches less."""
    path = routes_model(
        tmp_path / "model",
        [
            {"id": "R", "jurisdictions": ["RU"], "capacity": 20, "netback": 100},
            {"id": "T", "jurisdictions": ["AZ"], "capacity": 5, "netback": 60},
        ],
        supply=30,
        extra={
            "denial": [
                veto("link", "R", "CN", effectiveness=0.5) | {"in_force": "yes"},
                veto("link", "R", "RU", effectiveness=0.4),
                veto("link", "T", "AZ"),
            ],
            "jurisdictions": [{"jurisdiction": name, "kind": "state"} for name in ("KAZ", "RU", "AZ", "CN")],
            **extra,
        },
    )
    model = open_model(path)
    return Valuation(build_network(model), read_clauses(model), span=span, horizons=model.settings.horizons)


def test_flows_held_are_not_closed_twice_by_clauses_in_force(tmp_path):
    asked = valuation(tmp_path)
    undisturbed = asked.flow()
    assert undisturbed.value == pytest.approx(10 * 100 + 5 * 60)
    assert asked.flow(held=undisturbed.total).value == pytest.approx(undisturbed.value)
    assert asked.flow(RU, held=undisturbed.total).value == pytest.approx(6 * 100 + 5 * 60)


def test_the_same_question_is_solved_once(tmp_path):
    asked = valuation(tmp_path)
    first, solves = asked.value(RU), asked.solves
    assert asked.value(RU) == first
    assert asked.solves == solves


def test_capacity_of_the_months_asked_about(tmp_path):
    basis = {"basis": "made up"}
    carries = [
        {"link": "R", "commodity": "crude", "nameplate": 20, "firm": 10, "ramp": 1, "lag": 2} | basis,
        {"link": "T", "commodity": "crude", "nameplate": 0} | basis,
    ]
    values = [
        valuation(tmp_path / str(number), span, carries=carries, denial=[veto("link", "R", "RU")]).value()
        for number, span in enumerate((Months(1, 2), "short", "medium", "long"))
    ]
    assert values == pytest.approx([1000, 100 * 175 / 12, 2000, 2000])


def test_unknown_options_are_named(tmp_path):
    with pytest.raises(InputError, match="K0505"):
        valuation(tmp_path).value(plan=["dam"])
