"""The ledger prints what sources say, in their numbers, and a trace prints the same."""

from __future__ import annotations

import pytest

from kopir.facts import deal_said
from kopir.facts.uses._said import Saying, rounded_down, said, saying_of_fact, sum_said
from kopir.model.folder.opening import open_model
from kopir.model.grounds.provenance import trace


def fact(value: str = "", note: str = "", **more: str) -> dict[str, str]:
    row = {"value": value, "low": "", "high": "", "unit": "USD", "quote": "", "note": note}
    return {**row, "indicator": "project_value", **more}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([fact("48e9"), fact("56.6e9")], "48 to 56.6 bn USD"),
        ([fact("15e9", "value: 15 bn USD; over 15")], "over 15 bn USD"),
        ([fact("17.2e9"), fact("17e9", "more than 17 bn USD")], "17.2 bn USD; over 17 bn USD"),
        ([fact(low="3e9", high="5e9"), fact("2.5e9")], "2.5 bn USD; 3 to 5 bn USD"),
        ([fact("295e6")], "295 mn USD"),
        ([fact("1.5e9", unit="EUR"), fact("2e9")], "1.5 bn EUR; 2 bn USD"),
        ([fact("8e9"), fact("8e9")], "8 bn USD"),
        ([fact("750", unit="count")], "750 count"),
        ([fact("4e9", "up to 4 bn USD")], "up to 4 bn USD"),
        ([], ""),
    ],
)
def test_what_is_said_is_printed_as_it_is_said(rows, words) -> None:
    assert said(one for row in rows if (one := saying_of_fact(row)) is not None) == words


def test_sums_lie_between_what_is_said_of_their_parts() -> None:
    six, eight, over = (Saying(one, one, how, "USD") for one, how in ((6e9, "eq"), (8e9, "eq"), (2e9, "gt")))
    assert sum_said([[six, eight], [six]]) == "12 to 14 bn USD"
    assert sum_said([[six], [over]]) == "over 8 bn USD"
    assert sum_said([[six], [Saying(2e9, 2e9, "upto", "USD")]]) == "6 to 8 bn USD"
    assert rounded_down(1_495_000_000, "USD") == "1.4 bn USD"


def test_a_literal_says_itself_beside_what_facts_say() -> None:
    facts = {"F1": fact("9e9")}
    assert deal_said("8000 [7000..8500]", ["F1"], facts) == "9 bn USD; 7 to 8.5 bn USD"
    assert deal_said("F1", [], facts) == "9 bn USD"
    assert deal_said(None, [], facts) == ""


def test_the_trace_of_a_bundled_deal_gives_what_the_ledger_prints() -> None:
    model = open_model("kazakhstan")
    for deal, printed in (("RUS_PROJECTS", "48 to 56.6 bn USD"), ("CHN_COUNCIL", "over 15 bn USD")):
        assert f"said to be {printed}," in trace(model, f"deals:{deal}").text
    assert "said to be" not in trace(model, "deals:TUR_COUNCIL").text
