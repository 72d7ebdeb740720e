"""Years drawn at random: a miniature by hand, CVaR against sorting, and runs that are stopped, split or fail."""

import errno
import importlib
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kopir
from kopir.core import cluster
from kopir.core.errors import InputError
from kopir.model.bundled import bundled_path
from kopir.strategy.outages import stored, worlds
from kopir.strategy.outages.chances import Chances, Year, chances, years_drawn
from kopir.strategy.outages.sampled import sampled_losses
from kopir.strategy.outages.tail import cvar_of, in_tail, mean_of, value_at_risk
from kopir.strategy.value.record import Record
from tests.folders import routes_model

ROUTES = [
    {"id": "A", "capacity": 40, "netback": 400, "jurisdictions": ["RUS"]},
    {"id": "B", "capacity": 40, "netback": 300, "jurisdictions": ["CHN"]},
]
EVENTS = [
    {"event": "E1", "start": "2020-01-01", "end": "2020-02-05", "what": "A is out", "assets": "A"}
    | {"severity_low": 1, "severity_high": 1},
    {"event": "E2", "start": "2029-12-31", "end": "2029-12-31", "what": "elsewhere", "assets": ""}
    | {"severity_low": 1, "severity_high": 1},
]


@pytest.fixture
def project(tmp_path):
    return kopir.open(routes_model(tmp_path / "model", ROUTES, supply=60, extra={"events": EVENTS}))


def test_by_hand_a_route_that_is_out_once_in_ten_years(project):
    """Without A a year loses 10,000 (40 at 300, not 40 at 400 and 20 at 300); 36 days, once in 10 years."""
    result = project.sampled_losses(8000).result
    mean = result.table.row(0, named=True)
    years = 3653 / 365.25
    truth = 10_000 * 36 / 365.25 / years
    assert mean["low_musd"] < truth < mean["high_musd"]
    hit = np.flatnonzero(result.years.loss)
    once = result.years.loss[hit] / (10_000 * 36 / 365.25)
    assert once.max() > 1.5  # some years have two
    assert np.isclose(once, 1).mean() > 0.7
    assert result.left_out == ("E2",)
    assert result.events["rate"].to_list() == pytest.approx([1 / years])
    assert result.events["mean_musd"].sum() == pytest.approx(mean["loss_musd"])
    assert result.events["cvar_musd"].sum() == pytest.approx(result.table["loss_musd"][1])
    assert result.quiet == pytest.approx((result.years.loss == 0).mean())


@pytest.mark.slow
def test_the_batch_has_the_same_years(project):
    years = project.losses(samples=300).table
    told = project.sampled_losses(300).result
    assert years["loss_musd"].to_list() == told.years.loss.tolist()
    assert years.columns == ["sample", "world", "loss_musd", "days", "events", "parts_musd", "certified"]
    assert project.losses(samples=300).run.options["samples"] == 300
    with pytest.raises(InputError, match="either --samples or --lose"):
        project.losses([["A"]], samples=300)
    with pytest.raises(InputError, match="ask for 2 to"):
        project.losses(samples=1)


def test_outages_at_one_time_lose_together_and_share_the_loss(project):
    found = chances(project.setup)
    two = replace(found, events=("E1", "F"), closes=np.array([[0, 1, 0, 0, 0], [0, 0, 1, 0, 0]]))
    two = replace(two, low=np.ones(2), high=np.ones(2), years=np.array([0.5, 0.5]))
    year = Year(np.array([0, 1]), np.zeros(2), np.array([0.75, 0.0]))
    assert [(long, on.tolist()) for long, on in year.stretches(two)] == [(0.25, [0, 1]), (0.25, [1]), (0.25, [0])]


@given(st.lists(st.tuples(st.floats(0, 0.999), st.floats(0.001, 1)), min_size=1, max_size=6))
def test_every_outage_lasts_as_long_as_it_is_said_to(outages):
    start, length = np.array(outages).T
    record = Record((), 1.0, ())
    many = len(outages)
    nothing = np.zeros(many)
    found = Chances(record, ("E",) * many, np.zeros((many, 1), dtype=np.int64), nothing, nothing, length)
    lasted = np.zeros(many)
    for long, on in Year(np.arange(many), nothing, start).stretches(found):
        lasted[on] += long
    assert lasted == pytest.approx(length, abs=1e-9)


def test_rates_have_the_mean_of_the_record(project):
    found = chances(project.setup)
    rng = np.random.default_rng(0)
    counts = [len(year.event) for _ in range(4000) for year in years_drawn(found, rng, 1)]
    assert np.mean(counts) == pytest.approx(found.record.rate, rel=0.15)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60), st.sampled_from([0.0, 0.5, 0.9, 0.95]))
def test_cvar_is_the_mean_of_the_worst(losses, level):
    drawn = np.array(losses, dtype=float)
    world = np.arange(len(drawn))
    etas = [eta + np.maximum(drawn - eta, 0).mean() / (1 - level) for eta in drawn]
    found = cvar_of(drawn, world, level)
    assert found.value == pytest.approx(min(etas))
    assert in_tail(drawn, level).sum() == pytest.approx(1)
    assert in_tail(drawn, level) @ drawn == pytest.approx(found.value)
    assert value_at_risk(drawn, level) in drawn


def test_standard_errors_are_those_of_worlds():
    rng = np.random.default_rng(1)
    world = np.repeat(np.arange(200), 50)
    drawn = rng.normal(size=200)[world] + 0.01 * rng.normal(size=len(world))
    found = mean_of(drawn, world)
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(1 / np.sqrt(200), rel=0.15)


def _bytes(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_with_the_same_bytes(project, tmp_path):
    whole, part = tmp_path / "whole", tmp_path / "part"
    first = project.sampled_losses(300, store=whole).result
    project.sampled_losses(300, store=part)
    for number in (3, 50, 99):
        (part / f"stress-{number:06}.parquet").unlink()
    again = project.sampled_losses(300, store=part).result
    assert _bytes(whole) == _bytes(part)
    assert first.table.equals(again.table)
    table = pl.read_parquet(whole / "stress-*.parquet")
    assert table["sample"].to_list() == list(range(300))
    assert table["loss_musd"].to_list() == first.years.loss.tolist()
    with pytest.raises(InputError, match="another question"):
        project.sampled_losses(301, store=whole)


@pytest.mark.slow
def test_a_full_disk_loses_nothing(project, tmp_path, monkeypatch):
    whole, part = tmp_path / "whole", tmp_path / "part"
    project.sampled_losses(200, store=whole)
    write = stored.write_whole

    def full(path, data):
        if "000042" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data)

    monkeypatch.setattr(stored, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        project.sampled_losses(200, store=part)
    assert len(list(part.iterdir())) == 43  # 42 worlds and what they are about
    monkeypatch.setattr(stored, "write_whole", write)
    project.sampled_losses(200, store=part)
    assert _bytes(whole) == _bytes(part)


def test_a_broken_file_is_named_and_not_counted(project, tmp_path):
    folder = tmp_path / "kept"
    project.sampled_losses(100, store=folder)
    (folder / "stress-000007.parquet").write_bytes(b"nothing")
    with pytest.raises(InputError, match="delete the file"):
        project.sampled_losses(100, store=folder)


@pytest.mark.slow
def test_the_seed_says_what_is_drawn(project):
    first, again = (project.sampled_losses(100).result.years.loss for _ in range(2))
    other = replace(project, seed=project.seed + 1).sampled_losses(100).result.years.loss
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_dask_is_asked_for_where_it_is_missing(project, monkeypatch):
    def nothing(name):
        raise ImportError(name)

    monkeypatch.setattr(cluster, "importlib", type("Missing", (), {"import_module": staticmethod(nothing)}))
    with pytest.raises(InputError, match=r"kopir\[cluster\]"):
        project.sampled_losses(100, workers=2)
    assert importlib.util.find_spec("numpy")


@pytest.mark.parametrize(("samples", "workers"), [(1, 1), (10**9, 1), (100, 0)])
def test_numbers_out_of_range(project, samples, workers):
    with pytest.raises(InputError):
        project.sampled_losses(samples, workers=workers)


def test_a_record_without_outages(tmp_path):
    with pytest.raises(InputError, match="no recorded event"):
        kopir.open(routes_model(tmp_path, ROUTES, supply=60)).sampled_losses(100)


@pytest.mark.slow
@pytest.mark.skipif(bundled_path("kazakhstan") is None, reason="no model is bundled")
def test_the_compiled_road_has_the_losses_of_the_other(monkeypatch):
    setup = kopir.open("kazakhstan").setup
    slow = sampled_losses(setup, 100, seed=1)
    monkeypatch.setattr(worlds, "MANY", 1)
    quick = sampled_losses(setup, 100, seed=1)
    assert quick.years.loss == pytest.approx(slow.years.loss, rel=1e-7, abs=1e-6)
    assert set(quick.certified) <= {"simplex", "nothing happens"}
    assert set(slow.certified) <= {"solved", "nothing happens"}
