"""Parameters fitted on recorded events: by hand on a terminal, and those of the bundled model."""

from __future__ import annotations

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.strategy.course.fitting import fit_parameters
from tests.strategy.course.test_hindcast import SCENARIO, seen
from tests.strategy.terminal import terminal_model

RATE = {"fact": "A1", "indicator": "capacity", "modality": "assumption", "value": 18.25e6, "unit": "t/yr"}
ONE_BERTH = SCENARIO[: SCENARIO.rindex("[[shock]]")]


def model_with(path, *, used="A1", split="fit", observed=100 * (1 - 0.16 / 3.1), scenario=True):
    recorded = {"FIELD": ("supply", 36.5), "BERTH2": ("link", 36.5), "RAIL": ("link", 0)}
    carries = [
        {"link": link, "commodity": "crude", "nameplate": size, "basis": "m"}
        for link, size in {"PIPE": "", "BERTH1": 40, "BERTH2": used, "RAIL": 3.65}.items()
    ]
    event = {"event": "E1", "start": "2025-03-01", "end": "2025-03-10", "what": "storm", "assets": "TERM"}
    model = terminal_model(
        path,
        carries=carries,
        facts=[RATE],
        baseline_flows=[
            {"asset_type": kind, "asset": asset, "commodity": "crude" if kind == "link" else ""}
            | {"owner": "KAZ", "period": 2025, "value": value, "kind": "observed", "scored": "no", "basis": "m"}
            for asset, (kind, value) in recorded.items()
            if asset == "FIELD"
        ],
        events=[{**event, "severity_low": 0.5, "severity_high": 0.5, "split": split, "note": ""}],
        observations=[seen("OUTPUT", "NATIONAL", observed)],
        fitted=[{"fact": "A1", "observations": "OUTPUT", "low": 14.6, "high": 25.55, "step": 3.65}],
    )
    folder = model.folder.path / "scenarios"
    folder.mkdir(exist_ok=True)
    if scenario:
        (folder / "E1.toml").write_text(ONE_BERTH, encoding="utf-8")
    return model


def test_the_value_that_predicts_what_was_seen(tmp_path):
    """One berth loads 0.05 a day: tanks take 0.3 in six days, then 0.04 a day stay in the ground for four."""
    found = fit_parameters(model_with(tmp_path))
    (row,) = found.table.iter_rows(named=True)
    assert (row["unit"], row["used"], row["fitted"]) == ("Mt/yr", pytest.approx(18.25), pytest.approx(18.25))
    assert found.trials["value"].to_list() == pytest.approx([14.6, 18.25, 21.9, 25.55])
    assert found.trials["squared"].to_list()[1] == pytest.approx(0, abs=1e-12)


def test_of_values_that_fit_as_well_the_least_is_taken(tmp_path):
    """Nothing was lost: with 25.55 Mt a year (0.07 a day) the tanks bridge ten days."""
    (row,) = fit_parameters(model_with(tmp_path, observed=100)).table.iter_rows(named=True)
    assert row["fitted"] == pytest.approx(25.55)
    assert row["high"] == pytest.approx(25.55)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"split": "score"}, "kept for scoring"),
        ({"used": 20}, "no cell"),
        ({"scenario": False}, "no scenario"),
    ],
)
def test_what_cannot_be_fitted_is_refused(tmp_path, change, says):
    with pytest.raises(InputError) as raised:
        fit_parameters(model_with(tmp_path, **change))
    (fault,) = raised.value.faults
    assert (fault.code, fault.file) == ("K0803", "fitted.csv")
    assert says in fault.why


@pytest.mark.slow
def test_the_bundled_model_uses_what_was_fitted():
    for row in fit_parameters(open_model("kazakhstan")).table.iter_rows(named=True):
        assert row["used"] == pytest.approx(row["fitted"])
