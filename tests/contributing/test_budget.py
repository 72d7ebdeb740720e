"""Quick tests stay quick: what they do is counted."""

import pytest

from kopir.core.folders import folder
from kopir.core.folders.schema import table_schemas
from tests.budget import MOST


@pytest.fixture
def budget(request):
    return request.config.pluginmanager.get_plugin("budget")


def test_collecting_tests_solves_and_starts_nothing(budget):
    """What every process does before its first test is paid as often as there are processes."""
    assert budget.collecting["programmes solved"] == 0
    assert budget.collecting["processes started"] == 0
    assert budget.collecting["tables read"] <= 60


def test_what_a_test_does_is_counted(budget):
    schema = table_schemas()["nodes"]
    before = budget.done["tables read"]
    folder.parse_table(",".join(schema.names), schema)
    assert budget.done["tables read"] == before + 1
    assert MOST["tables read"] >= before


def test_a_test_that_does_too_much_is_told(budget, request, monkeypatch):
    monkeypatch.setattr(budget, "quick", True)
    run = budget.pytest_runtest_call(request.node)
    next(run)
    budget.done["tables read"] = MOST["tables read"] + 1
    with pytest.raises(pytest.fail.Exception, match="tables read"):
        run.send(None)
    budget.done.clear()
