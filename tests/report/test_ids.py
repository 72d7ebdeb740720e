"""An id that cannot be one is refused by its words, before anything is solved."""

from __future__ import annotations

import pytest

import kopir
from kopir.core.errors import InputError
from kopir.project import Project
from kopir.report.ids import COLUMNS, unknown_column


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("leverage:NOR:leverage_mus", "did you mean leverage_musd"),
        ("nothing:NOR:value", "ids begin with one of"),
        ("moves:BERTH:cost", "annual_cost_musd"),
        ("skill:observd", "did you mean observed"),
    ],
)
def test_a_wrong_word_is_named_with_those_there_are(name: str, said: str) -> None:
    fault = unknown_column(name)
    assert fault is not None
    assert fault.code == "K0701"
    assert said in fault.mend


@pytest.mark.parametrize("name", ["leverage:NOR:leverage_musd", "leverage:NOR", "curves:NOR:1:36:loss_musd"])
def test_what_can_be_an_id_is_left_to_the_model(name: str) -> None:
    assert unknown_column(name) is None


@pytest.mark.slow
def test_a_wrong_column_or_partner_is_refused_without_a_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> object:
        raise AssertionError("a brief was made")

    monkeypatch.setattr(Project, "brief", never)
    project = kopir.open("azerbaijan")
    for name in ("leverage:RUS:colour", "leverage:ATLANTIS:leverage_musd", "colour:RUS:value"):
        with pytest.raises(InputError):
            project.why(name)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["kazakhstan", "azerbaijan", "uzbekistan"])
def test_the_ids_of_a_brief_are_all_known(model: str) -> None:
    for number in kopir.open(model).brief().numbers():
        if number.id.partition(":")[0] in COLUMNS:
            assert unknown_column(number.id) is None
