"""Walking from a number to its sources."""

import pytest

from kopir.core.errors import InputError
from kopir.model.contents.quantities import CellRef
from kopir.model.folder.opening import open_model
from kopir.model.grounds.cited import CitedNumber
from kopir.model.grounds.inventory import take_inventory
from kopir.model.grounds.provenance import MAX_DEPTH, asset_cells, row_id, trace
from tests.folders import routes_model


def fact(code, value, *, formula="", sources="", **others):
    return {"fact": code, "indicator": "capacity", "modality": "estimate", "value": value, "unit": "Mt/yr"} | {
        "formula": formula,
        "sources": sources,
        "note": "",
        **others,
    }


def opened(path, facts, capacity="F1"):
    route = {"id": "A", "capacity": capacity, "netback": 100, "jurisdictions": ["RUS"]}
    extra = {"facts": facts, "sources": [{"source": "S1", "title": "A yearbook", "date": "2025", "url": ""}]}
    return open_model(routes_model(path / "model", [route], supply=5, extra=extra))


@pytest.fixture
def model(tmp_path):
    """Capacity of A is F3 = F1 + F2 with F2 = 2 * F1; F1 is of source S1."""
    facts = [
        fact("F1", 2, sources="S1"),
        fact("F2", 4, formula="2 * F1"),
        fact("F3", 6, formula="F1 + F2"),
    ]
    return opened(tmp_path, facts, "F3 [5..7]")


def ids(found):
    return [(depth, step.id) for depth, step in found.walk()]


def test_a_cell_leads_to_facts_formulas_and_sources(model):
    found = trace(model, "carries:2:nameplate")
    assert ids(found) == [
        (0, "carries:2:nameplate"),
        (1, "F3"),
        (2, "F1"),
        (3, "S1"),
        (2, "F2"),
        (3, "F1"),
    ]
    assert (found.value, found.low, found.high, found.unit, found.grade) == (6, 5, 7, "Mt/yr", "derived")
    assert found.because[0].because[1].because[0].left_out == "shown above"


def test_a_literal_leads_to_its_basis(model):
    found = trace(model, "supplies:2:amount")
    assert (found.value, found.grade, found.because) == (5, "assumed", ())
    assert found.text == "amount of supplies:FIELD: miniature"


def test_a_default_is_neither_sourced_nor_assumed(model):
    found = trace(model, "carries:2:cost")
    assert (found.value, found.grade) == (0, "")
    assert found.text.endswith("blank, the default of the column")


@pytest.mark.parametrize("name", ["carries:A,crude", "carries:A", "carries:2"])
def test_a_row_by_key_part_of_a_key_or_line(model, name):
    found = trace(model, name)
    assert (found.id, found.kind) == ("carries:A,crude", "row")
    assert [step.id for step in found.because] == ["carries:2:nameplate"]


def test_a_bare_code_finds_every_row_of_that_key(model):
    assert [step.id for step in trace(model, "A").because] == ["carries:A,crude", "links:A"]


def test_a_source_says_what_it_is(model):
    assert trace(model, "S1").text == "A yearbook, 2025"


def test_a_result_leads_to_its_cells_by_table(model):
    refs = (CellRef("supplies", 2, "amount"), CellRef("carries", 2, "nameplate"))
    found = trace(model, "answer:42", {"answer:42": CitedNumber(refs, 42.0, 40.0, 44.0, "Mt")})
    assert [(step.id, len(step.because)) for step in found.because] == [("carries", 1), ("supplies", 1)]
    assert (found.value, found.low, found.high, found.unit) == (42, 40, 44, "Mt")
    assert found.as_record()["because"][1]["because"][0]["value"] == 5


@pytest.mark.parametrize(
    "name", ["", "Z", "carries:", "carries:Z", "carries:2:colour", "carries:0", "A:B", "F1:2"]
)
def test_nothing_has_an_unknown_id(model, name):
    with pytest.raises(InputError) as caught:
        trace(model, name)
    assert [one.code for one in caught.value.faults] == ["K0701"]


def test_a_near_miss_is_suggested(model):
    with pytest.raises(InputError, match='did you mean "carries:A,crude"'):
        trace(model, "carries:A,crud")


def test_rows_without_key_are_named_by_line_and_blank_key_ends_left_out(model):
    assert row_id(model.folder.tables["carries"], 2) == "carries:A,crude"
    assert row_id(model.folder.tables["denial"], 2) == "denial:link,A,RUS"


def test_cells_of_an_asset_are_those_of_its_rows_and_of_rows_about_it(model):
    assert asset_cells(model, ("link", "A")) == (CellRef("carries", 2, "nameplate"),)
    assert {ref.column for ref in asset_cells(model, ("market", "M_A"))} == {"depth", "price"}
    assert asset_cells(model, ("market", "A")) == ()


def test_formulas_over_formulas_do_not_blow_up(tmp_path):
    """F(n) = F(n-1) + F(n-2): a tree with every branch has more steps than memory holds."""
    facts, values = [fact("F0", 1.0, sources="S1"), fact("F1", 1.0, sources="S1")], [1.0, 1.0]
    for number in range(2, 40):
        values.append(values[-1] + values[-2])
        facts.append(fact(f"F{number}", values[-1], formula=f"F{number - 1} + F{number - 2}"))
    found = trace(opened(tmp_path, facts), "F39")
    assert len(list(found.walk())) < 200


def test_long_chains_are_cut_and_say_so(tmp_path):
    facts = [fact("F0", 1.0), *(fact(f"F{number}", 1.0, formula=f"F{number - 1}") for number in range(1, 100))]
    steps = list(trace(opened(tmp_path, facts), "F99").walk())
    depth, last = steps[-1]
    assert (depth, last.left_out) == (MAX_DEPTH, "too deep")


def test_the_inventory_counts_what_the_folder_states(model):
    held = take_inventory(model)
    assert held.cells == {"sourced": 0, "derived": 1, "assumed": 3}
    assert held.shares == {"sourced": 0.0, "derived": 0.25, "assumed": 0.75}
    assert held.rows["facts"] == 3
    assert "baseline_flows" not in held.rows
    assert held.assumption_table["cell"].to_list() == ["markets:2:depth", "markets:2:price", "supplies:2:amount"]
