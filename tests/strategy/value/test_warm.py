"""Asked again, a project works out no more than the answer: what does not change is kept, and answers stay."""

import kopir
from kopir.model.contents import since
from tests.folders import routes_model

ROUTES = [
    {"id": "A", "capacity": 40, "netback": 400, "jurisdictions": ["RUS"]},
    {"id": "B", "capacity": 40, "netback": 300, "jurisdictions": ["CHN"]},
]


def test_answers_do_not_depend_on_what_was_asked_before(tmp_path):
    folder = routes_model(tmp_path, ROUTES, supply=60)
    first, other = kopir.open(folder), kopir.open(folder)
    other.flow(denied=["CHN"])
    other.flow()
    for denied in (["RUS"], ["CHN"], []):
        assert first.flow(denied=denied).as_record() == other.flow(denied=denied).as_record()


def test_the_undisturbed_flow_of_a_span_is_solved_once(tmp_path):
    project = kopir.open(routes_model(tmp_path, ROUTES, supply=60))
    first = project.setup.valuation("short")
    assert first.usual() is project.setup.valuation("short").usual()
    assert first.usual() is not project.setup.valuation("long").usual()
    assert project.setup.valuation("short").solves == 0


def test_what_changed_since_the_base_year_is_told_once_a_model(tmp_path, monkeypatch):
    project = kopir.open(routes_model(tmp_path, ROUTES, supply=60))
    project.flow()
    monkeypatch.setattr("kopir.project.changed_rows", None)
    monkeypatch.setattr("kopir.project.facts_since", None)
    assert project.flow(denied=["RUS"]).run.changed == since.changed_rows(project.model)
