"""The questions of the command line, asked of every bundled model: nothing knows one focal state."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from typer.testing import CliRunner

import kopir
from kopir.cli.application import application
from kopir.core.codes import registered_name
from kopir.flow.value import ValueFunction
from kopir.model.bundled import bundled_models
from kopir.project import Project
from kopir.strategy.value.setup import as_recorded

MODELS = bundled_models()


@cache
def project(name: str) -> Project:
    return kopir.open(name)


def say(*arguments: str):
    return CliRunner().invoke(application, list(arguments))


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_check_finds_it_sound(name: str):
    said = say("check", name, "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout)["run"]["status"] == "sound"


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_noise_on_every_cost_leaves_the_recorded_year_the_optimum(name: str):
    setup = project(name).setup
    assert setup.calibration is not None
    network, steps = as_recorded(setup.model, setup.network), setup.calibration.steps
    for seed in range(10):
        noise = np.random.default_rng(seed).uniform(-1e-4, 1e-4, len(steps.cost))
        function = ValueFunction(network, replace(steps, cost=steps.cost + noise))
        found = function.solve(function.situation(network.limits.capacity.usable)).total
        # Ten tonnes: closing rounded records moves the recorded flows by up to twice that.
        assert found == pytest.approx(setup.calibration.use, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_losses_fall_with_the_horizon_and_never_exceed_sensitivity(name: str):
    tables = [project(name).leverage(horizon=horizon).table for horizon in ("short", "medium", "long")]
    lost = np.array([table.sort("partner")["leverage_musd"].to_list() for table in tables])
    assert (lost[0] >= lost[1] - 1).all()
    assert (lost[1] >= lost[2] - 1).all()
    assert (tables[0]["leverage_musd"] <= tables[0]["sensitivity_musd"] + 1e-6).all()
    assert lost.max() > 100


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_coalitions_share_out_what_all_can_take(name: str):
    result = project(name).coalitions().result
    assert result.shares["shapley_musd"].sum() > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_a_figure_leads_back_to_rows_facts_and_sources(name: str):
    worst = project(name).leverage().table.sort("leverage_musd")["partner"][-1]
    kinds = {step.kind for _, step in project(name).why(f"leverage:{worst}:leverage_musd").walk()}
    assert {"cell", "fact", "source"} <= kinds


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_brief_speaks_of_its_own_focal_state_and_draws_land_in_every_language(name: str, tmp_path):
    said = say("brief", name, "--out", str(tmp_path), "--lang", "tr", "--quiet")
    assert said.exit_code == 0
    text = (tmp_path / "brief.md").read_text("utf-8")
    focal = project(name).model.focal_state
    assert registered_name(focal, "tr") in text.splitlines()[0]
    others = {project(other).model.focal_state for other in MODELS} - {focal}
    assert not any(registered_name(other, "tr") in text.splitlines()[0] for other in others)
    assert "Natural Earth" in (tmp_path / "brief.html").read_text("utf-8")
