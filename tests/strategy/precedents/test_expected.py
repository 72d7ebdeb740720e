"""A disruption that is only described: by hand, its range, and what is said where something is missing."""

from __future__ import annotations

import pytest

from kopir.core.errors import InputError
from kopir.strategy.precedents.expected import Described, expected
from kopir.strategy.precedents.fitted import fit
from kopir.strategy.precedents.record import bundled_record

QUEUE = Described("queue", "closed", (0.5, 1.0), days=10, within=10, before=0.0, arrivals=20.0)


def test_a_queue_is_arrivals_times_days_times_what_waits():
    record = bundled_record()
    found, held = expected(record, QUEUE), fit(record).parameters["held"]
    assert found.value == pytest.approx(20 * 10 * 0.75 * held)
    assert found.low <= 20 * 10 * 0.5 * held <= 20 * 10 * held <= found.high
    assert found.pro_rata == pytest.approx(150)
    assert found.mechanism == "queues"
    assert set(found.nearest["part"]) <= {"seen", "unseen"}
    assert found.error_seen is not None


def test_the_nearest_precedents_are_of_the_same_cause_first():
    found = expected(bundled_record(), Described("hit", "danger", (0.7, 0.9), days=60, within=60, before=10.0))
    causes = [bundled_record().precedents[code].cause for code in found.nearest["precedent"]]
    assert causes[0] == "danger"


@pytest.mark.parametrize(
    ("change", "why"),
    [({"arrivals": None}, "arrivals"), ({"severity": (0.9, 0.2)}, "severity"), ({"days": 0}, "days")],
)
def test_what_is_missing_or_out_of_reach_is_named(change, why):
    from dataclasses import replace

    with pytest.raises(InputError) as error:
        expected(bundled_record(), replace(QUEUE, **change))
    assert why in str(error.value.faults[0])
