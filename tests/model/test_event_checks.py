"""Recorded events, fits and restarts that mean nothing are refused with the mend."""

from __future__ import annotations

import pytest

from kopir.core.errors import InputError
from tests.strategy.terminal import terminal_model

EVENT = {"event": "E1", "start": "2025-03-01", "end": "2025-03-09", "what": "storm", "assets": "TERM"}
FIT = {"fact": "A1", "observations": "", "low": 10, "high": 20, "step": 5}
FACT = {"fact": "A1", "indicator": "capacity", "modality": "assumption", "value": 15, "unit": "Mt/yr"}


@pytest.mark.parametrize(
    ("event", "code", "column", "says"),
    [
        ({"start": ""}, "K0203", "start", "fill it in"),
        ({"start": "soon"}, "K0209", "start", "YYYY-MM-DD"),
        ({"end": "2025-02-01"}, "K0801", "end", "exchange"),
        ({"severity_low": 0.7, "severity_high": 0.2}, "K0302", "severity_low", "0.2 to 0.7"),
        ({"severity_high": 1.2}, "K0305", "severity_high", "between 0 and 1"),
    ],
)
def test_an_event_that_cannot_be(tmp_path, event, code, column, says):
    with pytest.raises(InputError) as raised:
        terminal_model(tmp_path, events=[EVENT | event])
    (fault,) = raised.value.faults
    assert (fault.code, fault.file, fault.line, fault.column) == (code, "events.csv", 2, column)
    assert says in fault.mend


@pytest.mark.parametrize(
    ("fit", "code", "column"),
    [({"low": 30}, "K0302", "low"), ({"step": 0}, "K0803", "step"), ({"step": 11}, "K0803", "step")],
)
def test_a_fit_that_tries_nothing(tmp_path, fit, code, column):
    observation = {
        "observation": "O1",
        "event": "E1",
        "indicator": "output",
        "after": 1,
        "unit": "1",
        "role": "scored",
    }
    row = FIT | {"observations": "O1"} | fit
    with pytest.raises(InputError) as raised:
        terminal_model(tmp_path, events=[EVENT], observations=[observation], facts=[FACT], fitted=[row])
    assert [(fault.code, fault.file, fault.column) for fault in raised.value.faults] == [
        (code, "fitted.csv", column)
    ]


def test_a_negative_restart(tmp_path):
    with pytest.raises(InputError) as raised:
        terminal_model(tmp_path, restart=-3)
    assert [(fault.code, fault.column) for fault in raised.value.faults] == [("K0304", "restart")]
