"""A planted record: the parameter that made it is found, each disruption counts once, nothing unseen is fitted."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from kopir.core.errors import InputError
from kopir.core.periods import Period
from kopir.strategy.precedents.compared import ALL, weighted_median
from kopir.strategy.precedents.fitted import GRIDS, NAIVE_VOICE, RATE, fit
from kopir.strategy.precedents.judged import judge
from kopir.strategy.precedents.mechanisms import NAIVE, central
from kopir.strategy.precedents.record import Record, bundled_record, joined, read_record
from tests.strategy.precedents.test_mechanisms import FLOW, STRIKE

SEED = "kopir precedents 2026-11-27"
FIRST = 54
"""Disruptions of the first collection, which head the table."""
LOOKED_AT = {"REDSEA_2023", "NORTHERN_2022"}
TRUE = {**NAIVE, "felt": 0.8}


def _planted(felt: float = 0.8, unseen: float = 0.8, count: int = 8) -> Record:
    precedents, responses = {}, {}
    for number in range(count):
        begun = STRIKE.start + timedelta(days=number % 8)
        code, split = f"W{number}", "fit" if number % 2 else "score"
        one = replace(STRIKE, code=code, start=begun, start_by=begun, split=split)
        true = {**NAIVE, "felt": felt if split == "fit" else unseen}
        precedents[code] = one
        responses[code] = (replace(FLOW, code=f"{code}_1", after=central(one, FLOW, true)),)
    return Record(precedents, responses, {})


def test_the_parameter_that_made_the_record_is_found() -> None:
    found = fit(_planted(count=120))
    assert found.parameters["felt"] == pytest.approx(0.8, abs=0.03)
    assert found.low["felt"] <= 0.8 <= found.high["felt"]
    assert found.events["felt"] == 60
    untouched = {name: value for name, value in found.parameters.items() if name != "felt"}
    assert untouched == {name: value for name, value in NAIVE.items() if name != "felt"}


def test_few_disruptions_leave_a_parameter_near_where_it_is_drawn_to() -> None:
    gap = [abs(fit(_planted(count=count)).parameters["felt"] - 0.8) for count in (2, 8, 120)]
    assert gap == sorted(gap, reverse=True)
    assert 0.8 < fit(_planted(count=2)).parameters["felt"] <= 1.0


def test_a_parameter_is_the_weighted_mean_of_its_grid() -> None:
    """One disruption that loses 0.3 naively and 0.24 in truth: errors of 0.3 |v - 0.8| / 0.76 by hand."""
    grid = np.array(GRIDS["felt"])
    errors = 0.3 * np.abs(grid - 0.8) / 0.76
    weights = np.exp(-RATE * (errors + NAIVE_VOICE * (1 - grid)))
    by_hand = float(weights @ grid / weights.sum())
    assert fit(_planted(count=2)).parameters["felt"] == pytest.approx(by_hand, abs=0.011)


def test_what_is_kept_from_fitting_does_not_move_the_parameters() -> None:
    assert fit(_planted()).parameters == fit(_planted(unseen=0.1)).parameters


def test_seen_and_unseen_are_told_apart() -> None:
    record = _planted(unseen=0.4)
    seen, unseen = judge(record, "seen"), judge(record, "unseen")
    assert set(seen.table["precedent"]) == {"W1", "W3", "W5", "W7"}
    assert set(unseen.table["precedent"]) == {"W0", "W2", "W4", "W6"}
    error = unseen.mechanisms.filter(mechanism=ALL)["error"].item()
    assert seen.mechanisms.filter(mechanism=ALL)["error"].item() < error
    assert unseen.goal[1:] == (False, True)


def test_one_disruption_has_one_voice() -> None:
    assert weighted_median([0.1, 0.1, 0.1, 0.9, 0.8], [1 / 3, 1 / 3, 1 / 3, 1, 1]) == 0.8
    assert weighted_median([None, 0.3], [1, 1]) == 0.3
    assert weighted_median([None], [1]) is None


def test_a_direction_is_wrong_where_nothing_was_foreseen() -> None:
    record = _planted()
    after = replace(FLOW, code="W1_2", after=60.0, after_period=Period(date(2030, 7, 1), date(2030, 7, 31)))
    record = replace(record, responses={**record.responses, "W1": (*record.responses["W1"], after)})
    rows = {row["response"]: row for row in judge(record, "seen").table.iter_rows(named=True)}
    assert rows["W1_2"]["mechanism"] == "after reopening"
    assert (rows["W1_1"]["sign"], rows["W1_2"]["sign"]) == (True, False)
    assert rows["W1_1"]["weight"] == rows["W1_2"]["weight"] == 0.5


def test_the_first_collection_is_split_by_its_seed() -> None:
    for code, one in list(bundled_record().precedents.items())[:FIRST]:
        drawn = int(hashlib.sha256(f"{SEED}:{code}".encode()).hexdigest()[:8], 16) / 2**32
        assert one.split == ("fit" if drawn < 0.45 or code in LOOKED_AT else "score"), code


@pytest.mark.slow
def test_what_was_collected_after_is_all_kept_from_fitting() -> None:
    later = list(bundled_record().precedents.values())[FIRST:]
    assert {one.split for one in later} == {"score"}
    responses = [each for one in later for each in bundled_record().responses[one.code]]
    alone = [each.code for each in responses if len(each.sources) < 2]
    assert alone == ["CHANNEL_TUNNEL_1996_1", "BUENAVENTURA_2017_1"]


def test_every_row_of_the_bundled_record_names_where_it_was_read() -> None:
    record = bundled_record()
    named = {one for row in record.precedents.values() for one in row.sources}
    named |= {one for rows in record.responses.values() for row in rows for one in row.sources}
    assert named == set(record.addresses)
    assert all(one.startswith("http") for one in record.addresses.values())
    assert sum(len(one.sources) > 1 for one in record.precedents.values()) >= 50


def test_rows_of_a_model_folder_stand_beside_the_bundled_ones() -> None:
    both = joined(bundled_record(), _planted())
    assert "W1" in both.precedents
    assert len(both.precedents) == len(bundled_record().precedents) + 8


HEAD = {
    "precedents": "precedent,start,start_by,end,what,cause,severity_low,severity_high,split\n",
    "responses": "response,precedent,indicator,part,before,after,unit,before_period,after_period,share\n",
    "sources": "source,title,url\n",
}


@pytest.mark.parametrize(
    ("table", "row", "code", "column"),
    [
        ("precedents", "X,2030-02-01,2030-01-01,,port,closed,0.1,0.2,fit\n", "K0801", "start"),
        ("precedents", "X,2030-02-01,,,port,closed,0.3,0.2,fit\n", "K0302", "severity_low"),
        ("precedents", "X,2030-02-01,,,port,closed,0.3,,fit\n", "K0302", "severity_low"),
        ("responses", "X_1,X,cargo,hit,1,2,kt,2030,2031,\n", "K0207", "precedent"),
        ("responses", "X_1,X,cargo,hit,1,2,kt,2030,2031,1.2\n", "K0305", "share"),
    ],
)
def test_a_faulty_row_is_named(table: str, row: str, code: str, column: str) -> None:
    texts = {name: head + (row if name == table else "") for name, head in HEAD.items()}
    with pytest.raises(InputError) as error:
        read_record(texts)
    assert (code, column) in {(fault.code, fault.column) for fault in error.value.faults}
