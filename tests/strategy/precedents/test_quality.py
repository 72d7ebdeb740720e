"""What is stored of the quality is what the rows give, and a new collection is added to it."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest

from kopir.strategy.precedents.compared import ALL
from kopir.strategy.precedents.judged import judge, learnt
from kopir.strategy.precedents.quality import (
    STORED,
    Quality,
    as_text,
    forward,
    read_quality,
    scored,
    stored_quality,
    worked_out,
)
from kopir.strategy.precedents.record import Record, bundled_record
from tests.strategy.precedents.test_judged import _planted


@pytest.mark.slow
def test_the_stored_seen_part_is_that_of_the_rows() -> None:
    text = files("kopir.strategy.precedents").joinpath("record", STORED).read_text(encoding="utf-8")
    command = "write what `python -m kopir.strategy.precedents.quality` prints to the file"
    fitted, reach = learnt(bundled_record())
    table = judge(bundled_record(), "seen", (fitted, reach)).table
    seen = scored(table, reach.level, "seen", "", reach.disruptions)
    assert text == as_text(replace(stored_quality(), seen=seen)), command
    assert read_quality(text) == stored_quality()


@pytest.mark.slow
def test_the_stored_replay_is_that_of_the_rows() -> None:
    assert worked_out(stored_quality()) == stored_quality()


def test_a_collection_is_told_by_earlier_ones_alone() -> None:
    record = _planted(unseen=0.4)
    halves = {
        code: replace(one, collection="first" if at < 4 else "second", opened=one.start)
        for at, (code, one) in enumerate(record.precedents.items())
    }
    first, second, whole = forward(replace(record, precedents=halves))
    assert (first.collection, first.fitted_on, first.disruptions) == ("first", 2, 2)
    assert (second.collection, second.fitted_on, second.disruptions) == ("second", 6, 2)
    assert (whole.collection, whole.disruptions) == (ALL, 4)
    assert forward(Record({}, {}, {})) == ()


def test_every_collection_was_scored_by_what_was_fitted_on_others() -> None:
    found = stored_quality()
    assert [one.collection for one in found.unseen][:3] == ["first", "second", "third"]
    assert all(one.fitted_on > 0 for one in found.unseen)
    assert found.seen.fitted_on == found.seen.disruptions


def test_a_judged_part_is_scored() -> None:
    judged = judge(_planted(unseen=0.4), "unseen")
    found = scored(judged.table, judged.spread.level, "planted", "2030-01-01", 4)
    assert (found.disruptions, found.responses, found.signs) == (4, 4, 1.0)
    assert found.ratio == pytest.approx(found.error / min(found.pro_rata, found.no_change or 1.0), abs=0.01)
    assert read_quality(as_text(Quality(found, (found,), ()))) == Quality(found, (found,), ())


def test_nothing_unseen_is_no_collection() -> None:
    with pytest.raises(ValueError, match="fourth"):
        scored(judge(Record({}, {}, {}), "unseen").table, 0.8, "fourth", "2030-01-01", 0)
