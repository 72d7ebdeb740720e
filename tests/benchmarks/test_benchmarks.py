"""The benchmarks run and their contestants agree, on sizes of no interest; how fast is nobody's business here."""

import json
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import (
    build_and_solve,
    coalition_lattice,
    command_lines,
    dated_steps,
    denial_answer,
    denial_click,
    dense_means,
    every_outage,
    measure,
    peak_memory,
    sampled_years,
    sparse_outages,
    synthetic,
    warm_resolves,
    worst_sets,
)
from benchmarks.contestants import CONTESTANTS, REFERENCE, installed
from benchmarks.instances import PUBLISHED, generator, to_network

SIZES = [(30, 1, 0), (100, 3, 0), (60, 6, 4)]
PEERS = sorted(set(CONTESTANTS) - {REFERENCE, "kopir"})


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published generator is not beside the project")
@pytest.mark.parametrize(("links", "commodities", "seed"), [*SIZES, (1000, 5, 0)])
def test_our_generator_makes_the_published_networks(links, commodities, seed):
    own, theirs = (maker.network(links, commodities, seed) for maker in (synthetic, generator()))
    for field in own.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(own, field), getattr(theirs, field), err_msg=field)
    ours, published = synthetic.programme(own), generator().programme(theirs)
    assert abs(ours["A"] - published["A"]).max() == 0
    for part in ("c", "rl", "ru", "lb", "ub"):
        np.testing.assert_array_equal(ours[part], published[part])
    for outage, other in zip(synthetic.outages(own, 20), generator().draw(theirs, "outage", 20), strict=True):
        assert outage.keys() == other.keys()
        assert all(np.array_equal(outage[part], other[part]) for part in outage)


@pytest.mark.parametrize(("links", "commodities", "seed"), SIZES)
def test_kopir_and_raw_highspy_find_the_same_cost(links, commodities, seed):
    net = synthetic.network(links, commodities, seed)
    costs = [CONTESTANTS[name](problem) for name in (REFERENCE, "kopir") for problem in (net, to_network(net))]
    assert costs == pytest.approx([costs[0]] * 4, rel=1e-9)
    assert costs[0] > 0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("peer", PEERS)
def test_peers_find_the_same_cost(peer):
    if not installed([peer]):
        pytest.skip(f"{peer.split()[0]} is not installed (make bench installs it)")
    net = synthetic.network(30, 2)
    assert CONTESTANTS[peer](net) == pytest.approx(CONTESTANTS[REFERENCE](net), rel=1e-7)


@pytest.mark.parametrize("from_first_basis", [True, False])
def test_the_warm_loop_agrees_with_fresh_solves(from_first_basis):
    net = synthetic.network(60, 2)
    loop = warm_resolves.WarmLoop(net, from_first_basis=from_first_basis)
    for outage in synthetic.outages(net, 5):
        cut = net.capacity.copy()
        cut[outage["links"]] *= outage["factor"]
        broken = synthetic.Net(**{**vars(net), "capacity": cut})
        assert loop.value(outage) == pytest.approx(CONTESTANTS[REFERENCE](broken), rel=1e-9)


@pytest.mark.slow
def test_benchmarks_make_tables(monkeypatch):
    monkeypatch.setattr(measure, "LEAST", 0.0)
    (build,) = build_and_solve.synthetic(1, ("30x2",), memory=False, peers=False)
    assert [row.contestant for row in build.rows] == ["highspy", "kopir"]
    (warm,) = warm_resolves.outages_of_links(1, "30x2", 3)
    assert len(warm.rows) == 3
    lattice = coalition_lattice.lattice(1, "no such model", {"30x2": 3})
    assert "skipped" in str(lattice[0])
    assert "8 coalitions" in str(lattice[1])
    assert "skipped" in str(build_and_solve.model(1, "no such model")[0])


@pytest.mark.slow
def test_different_answers_make_no_table():
    with pytest.raises(AssertionError, match="other"):
        measure.race({"one": lambda: 1.0, "other": lambda: 1.0 + 1e-5}, 1)


def test_ratios_compare_times_of_one_round():
    row = measure.row_of("own", [2.0, 9.0, 4.0], [1.0, 3.0, 1.0], 2, None)
    assert (row.ratio, row.ratio_low, row.ratio_high) == (3.0, 2.0, 4.0)
    assert (row.best_ms, row.median_ms, row.rounds) == (1000.0, 2000.0, 3)


def test_the_command_prints_and_writes_what_it_found(monkeypatch, tmp_path, capsys):
    table = measure.Table("A title", (measure.Row("highspy", 1.0, 1.5, 1.0, 1.0, 1.0, 3, 80.0),), ("a note",))
    monkeypatch.setattr(command, "_benchmark", lambda name: lambda rounds: [table])
    command.main(["--only", "build", "--json", str(tmp_path / "found.json")])
    printed = capsys.readouterr().out
    assert "### A title" in printed
    assert "- a note" in printed
    assert json.loads((tmp_path / "found.json").read_text("utf-8"))["tables"] == [table.as_json() | {
        "rows": [vars(row) for row in table.rows], "notes": ["a note"]
    }]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not peak_memory.STATUS.is_file(), reason="this system does not tell a process's peak memory")
def test_peak_memory_is_that_of_the_child():
    found = peak_memory.peaks(["nothing", "kopir"], "30x2")
    assert 20 < found["nothing"] <= found["kopir"] + 10


@pytest.mark.slow
@pytest.mark.parametrize("foresight", [False, True])
def test_raw_highspy_solves_the_arrays_of_a_course_to_the_same_sum(foresight):
    setup = dated_steps.ready()
    kept = dated_steps.record(setup, foresight=foresight)
    assert 1 <= len(kept.solves) <= len(dated_steps.SCENARIO.steps)  # equal days are solved once
    assert dated_steps.raw(kept) == pytest.approx(dated_steps.kopir(setup, foresight=foresight), rel=1e-9)


@pytest.mark.slow
def test_sparse_outages_have_the_values_of_the_plain_loop():
    (table,) = sparse_outages.sparse_outages(1, "60x2", scenarios=12)
    assert [row.contestant for row in table.rows] == ["highspy, first basis", "kopir, certified"]
    assert "every value agrees" in table.notes[0]


@pytest.mark.slow
def test_means_of_the_pool_count_every_solve():
    (table,) = dense_means.dense_means(1, "60x2", solves=40, cheap=500)
    assert "every solve counts" in table.notes[0]


@pytest.mark.slow
def test_a_refusal_is_answered_in_a_warm_process():
    (table,) = denial_answer.answers(1, "uzbekistan")
    assert len(table.rows) == 3


@pytest.mark.slow
def test_every_outage_equals_the_plain_loop():
    model, synthetic_table = every_outage.every_outage(1, "uzbekistan", "30x2", (2, 2), sample=50)
    for table in (model, synthetic_table):
        assert [row.contestant for row in table.rows] == ["highspy, first basis", "kopir, certified"]
        assert "answers agree" in table.notes[-2]


@pytest.mark.slow
@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask distributed is not installed")
def test_years_of_one_worker_two_and_a_killed_run_are_the_same_bytes():
    (table,) = sampled_years.sampled_years(1, "kazakhstan", samples=200)
    assert "the same bytes each time: 101 files" in table.notes[-1]
    assert "skipped" in str(sampled_years.sampled_years(1, "no such model")[0])


@pytest.mark.parametrize("most", [1, 2])
def test_the_worst_set_by_branching_is_that_of_the_dual_programme(most):
    (table,) = worst_sets.worst_sets(1, "30x2", most)
    assert "at best" not in table.notes[1]
    assert "left" in table.notes[1]


@pytest.mark.slow
def test_a_click_gives_the_loss_of_the_two_programmes(monkeypatch):
    monkeypatch.setattr(measure, "LEAST", 0.0)
    (table,) = denial_click.clicks(1, "uzbekistan")
    assert [row.contestant for row in table.rows] == ["programmes", "question", "JSON", "page"]
    assert "through a socket" in table.notes[1]
    assert "skipped" in str(denial_click.clicks(1, "no such model")[0])


def test_command_lines_are_measured_beside_starting_python():
    (table,) = command_lines.run(1, ["--help"])
    assert [row.contestant for row in table.rows] == ["start Python", "--help"]
    assert table.rows[1].ratio > 1
    assert any("--help: 0 programmes" in note for note in table.notes)
