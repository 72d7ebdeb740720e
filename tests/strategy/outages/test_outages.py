"""Every set of lost assets of a small model, ranked; what must hold of any network; stopping and going on."""

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import polars as pl
import pytest

import kopir
from kopir.core.errors import InputError
from kopir.flow.value import ValueFunction
from kopir.model.bundled import bundled_path
from kopir.strategy.outages import every
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.outages.every import every_set
from kopir.strategy.outages.losses import outages_of
from kopir.strategy.outages.outages import outages, worst_assets
from kopir.strategy.outages.partners import worst_partners
from kopir.strategy.outages.ranking import critical_assets, worse_together
from kopir.strategy.value.valuation import NOBODY
from tests.folders import routes_model


def by_hand(setup, members):
    """The loss of a set of assets by one solve of its own."""
    valuation = setup.valuation("short")
    situation = valuation.situation(NOBODY)
    share = situation.open_share.copy()
    share[list(members)] = 0.0
    return valuation.value(NOBODY) - valuation._function.value(replace(situation, open_share=share))


def all_by_hand(setup, most):
    count = len(setup.network.assets)
    return {
        members: by_hand(setup, members)
        for size in range(most + 1)
        for members in combinations(range(count), size)
    }


def two_routes(path, *, scale=1.0, capacity=40.0, extra=()):
    """A field of 60 with one route of 40 at 400 and one at 300 whose capacity may be given."""
    routes = [
        {"id": "A", "capacity": 40 * scale, "netback": 400, "jurisdictions": ["RUS"]},
        {"id": "B", "capacity": capacity * scale, "netback": 300, "jurisdictions": ["CHN"]},
        *extra,
    ]
    return kopir.open(routes_model(path, routes, supply=60 * scale))


def losses_by_code(every):
    return {
        frozenset(every.assets[one] for one in row): loss
        for size in range(1, every.most + 1)
        for row, loss in zip(every.members(size).tolist(), every.losses[size - 1].tolist(), strict=True)
    }


def test_by_hand_two_routes_back_each_other_up(tmp_path):
    """60 t: 40 at 400 and 20 at 300 = 22,000. Without A: 40 at 300 = 12,000. Without B: 40 at 400 = 16,000."""
    found = two_routes(tmp_path).outages(assets=2).result
    losses = losses_by_code(found.every)
    a, b = ("link", "A"), ("link", "B")
    assert losses[frozenset([a])] == pytest.approx(10_000)
    assert losses[frozenset([b])] == pytest.approx(6_000)
    assert losses[frozenset([a, b])] == pytest.approx(22_000)
    first = found.together.row(0, named=True)
    assert first["beyond_musd"] == pytest.approx(22_000 - 16_000)
    assert first["ties"] == 4  # each route is its link or its market
    assert found.table["loss_musd"][0] == pytest.approx(22_000)
    assert found.table["assets"].to_list()[0] == ["FIELD"]  # one asset takes all: it comes before pairs that do
    least = {row["share"]: row["size"] for row in found.least.iter_rows(named=True)}
    assert least == {0.1: 1, 0.25: 1, 0.5: 1, 0.75: 1, 0.9: 1}


def test_tonnes_are_what_no_routing_can_sell(tmp_path):
    found = two_routes(tmp_path).outages(assets=2, measure="tonnes").result
    losses = losses_by_code(found.every)
    assert found.undisturbed == pytest.approx(60)
    assert losses[frozenset([("link", "A")])] == pytest.approx(20)
    assert losses[frozenset([("link", "A"), ("link", "B")])] == pytest.approx(60)
    assert "loss_mt" in found.table.columns


def test_every_set_ranking_and_measures_equal_brute_force(setup):
    truth = all_by_hand(setup, 3)
    every = every_set(setup, 3)
    count = len(every.assets)
    for size in (1, 2, 3):
        members = [tuple(row) for row in every.members(size).tolist()]
        assert every.losses[size - 1] == pytest.approx([truth[one] for one in members], rel=1e-9, abs=1e-6)
    others = {
        asset: [
            np.mean(
                [
                    truth[tuple(sorted((*rest, asset)))] - truth[rest]
                    for rest in combinations([one for one in range(count) if one != asset], size)
                ]
            )
            for size in range(3)
        ]
        for asset in range(count)
    }
    found = dict(critical_assets(every).select("asset", "added").iter_rows())
    for asset, means in others.items():
        assert found[every.assets[asset][1]] == pytest.approx(np.mean(means), rel=1e-9, abs=1e-6)
    beyond = {tuple(row["assets"]): row["beyond"] for row in worse_together(every, 10**6).iter_rows(named=True)}
    for codes, value in beyond.items():
        chosen = [index for index, (_, code) in enumerate(every.assets) if code in codes]
        if len(chosen) == len(codes):  # a link and a market may share a code
            splits = [
                truth[tuple(sorted(order[:cut]))] + truth[tuple(sorted(order[cut:]))]
                for order in permutations(chosen)
                for cut in range(1, len(chosen))
            ] + [sum(truth[one,] for one in chosen)]
            assert value == pytest.approx(truth[tuple(chosen)] - max(splits), rel=1e-9, abs=1e-6)
    assert beyond


def test_worst_lists_every_tie_and_nothing_to_spare(setup):
    truth = all_by_hand(setup, 2)
    found = worst_assets(setup, 2)
    assert found.sets == len(truth) - 1
    for most in (1, 2):
        peak = max(loss for members, loss in truth.items() if len(members) <= most)
        rows = found.table.filter(most=most)
        ties = {
            tuple(sorted(setup.network.assets[one][1] for one in members))
            for members, loss in truth.items()
            if 0 < len(members) <= most
            and loss > peak - 1e-6
            and all(truth[tuple(one for one in members if one != out)] < loss - 1e-6 for out in members)
        }
        assert {tuple(sorted(codes)) for codes in rows["assets"].to_list()} == ties


@pytest.mark.skipif(bundled_path("uzbekistan") is None, reason="no model is bundled")
def test_time_that_is_up_leaves_the_worst_found_and_what_none_exceeds(monkeypatch):
    """Without any time single assets, or partners, are tried alone; all of them together bound the rest."""
    project = kopir.open("uzbekistan")
    setup = project.setup
    proven, found = worst_assets(setup, 2), worst_assets(setup, 2, time_limit=0)
    assert proven.stopped_after is None
    assert proven.gap == 0
    assert found.stopped_after == 0
    assert found.table["most"].unique().sort().to_list() == [1, 2]
    everything = setup.valuation("short").value() - outages_of(setup.valuation("short")).values(
        [range(len(setup.network.assets))]
    ).value[0]  # fmt: skip
    for most in (1, 2):
        row = found.table.filter(pl.col("most") == most).row(0, named=True)
        truth = proven.table.filter(pl.col("most") == most)["loss_musd"][0]
        assert row["loss_musd"] <= truth + 1e-6
        assert row["bound_musd"] == pytest.approx(truth if most == 1 else everything)
        assert row["gap"] == pytest.approx(1 - row["loss_musd"] / row["bound_musd"])
    monkeypatch.setattr(every, "STRETCH", 4)  # some stretches of pairs, then no more time
    some = every_set(setup, 2, deadline=Ticking(3))
    assert some.complete == 1
    assert np.isneginf(some.losses[1]).sum() == len(some.losses[1]) - 2 * 4
    answer = project.worst(k=2, partners=True, time_limit=0)
    assert answer.run.status == "time limit"
    assert answer.run.gap == max(answer.table["gap"]) > 0
    whole = project.worst(k=2, partners=True)
    assert (whole.run.status, whole.run.gap) == ("optimal", 0.0)
    assert answer.table["bound_musd"][-1] >= whole.table["loss_musd"].max() - 1e-6


class Ticking(Deadline):
    """A clock that is looked at so many times before time is up."""

    def __init__(self, looks):
        super().__init__()
        object.__setattr__(self, "looks", looks)

    @property
    def passed(self):
        object.__setattr__(self, "looks", self.looks - 1)
        return self.looks <= 0


def test_worst_partners_are_those_of_the_game(setup):
    project = kopir.open(setup.model.folder.path)
    game = project.coalitions().result
    found = worst_partners(setup, 2)
    assert found.table.filter(most=2)["loss_musd"][0] == pytest.approx(
        max(value for mask, value in enumerate(game.game) if mask.bit_count() <= 2)
    )
    assert project.worst(k=2, partners=True).table.equals(found.table)


def test_a_useless_asset_changes_no_loss_and_stands_last(tmp_path):
    idle = {"id": "IDLE", "capacity": 5, "netback": -50, "jurisdictions": ["RUS"]}
    plain = losses_by_code(two_routes(tmp_path / "a").outages(assets=2).result.every)
    with_idle = two_routes(tmp_path / "b", extra=[idle]).outages(assets=2).result
    more = losses_by_code(with_idle.every)
    assert {members: more[members] for members in plain} == pytest.approx(plain, rel=1e-9)
    added = dict(with_idle.critical.select("asset", "added_musd").iter_rows())
    assert added["IDLE"] == pytest.approx(0, abs=1e-6)
    assert all("IDLE" not in codes for codes in with_idle.table["assets"].to_list())


def test_the_order_of_rows_in_the_model_does_not_matter(tmp_path):
    routes = [
        {"id": name, "capacity": size, "netback": worth, "jurisdictions": ["RUS"]}
        for name, size, worth in (("A", 10, 400), ("B", 25, 350), ("C", 30, 300))
    ]
    found = [
        losses_by_code(
            kopir.open(routes_model(tmp_path / str(turn), order, supply=50)).outages(assets=3).result.every
        )
        for turn, order in enumerate((routes, routes[::-1]))
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_an_asset_split_in_two_loses_the_same_when_both_halves_go(tmp_path):
    halves = {"id": "B2", "capacity": 20, "netback": 300, "jurisdictions": ["CHN"]}
    whole = losses_by_code(two_routes(tmp_path / "a").outages(assets=1).result.every)
    split = losses_by_code(two_routes(tmp_path / "b", capacity=20, extra=[halves]).outages(assets=2).result.every)
    both = frozenset([("link", "B"), ("link", "B2")])
    assert split[both] == pytest.approx(whole[frozenset([("link", "B")])])


def test_twice_the_goods_lose_twice_as_much(tmp_path):
    one, two = (
        losses_by_code(two_routes(tmp_path / str(scale), scale=scale).outages(assets=2).result.every)
        for scale in (1.0, 2.0)
    )
    assert two == pytest.approx({members: 2 * loss for members, loss in one.items()}, rel=1e-9, abs=1e-6)


def test_a_stopped_run_goes_on_and_leaves_the_same_bytes(setup, tmp_path, monkeypatch):
    monkeypatch.setattr("kopir.strategy.outages.every.STRETCH", 15)
    whole, halted = tmp_path / "whole", tmp_path / "halted"
    first = outages(setup, 3, folder=whole)
    outages(setup, 3, folder=halted)
    files = sorted(path.name for path in whole.iterdir())
    assert len(files) > 8
    for name in [*files[-4:-1], files[3]]:  # what a killed run had not written yet, and a file that was lost
        (halted / name).unlink()
    again = outages(setup, 3, folder=halted)
    assert {name: (halted / name).read_bytes() for name in files} == {
        name: (whole / name).read_bytes() for name in files
    }
    assert again.table.equals(first.table)
    assert again.certified == first.certified

    stored = pl.read_parquet(whole / "*.parquet").sort("size", maintain_order=True)
    assert stored.height == first.sets
    assert stored["loss"].to_list() == [loss for losses in first.every.losses for loss in losses]
    assert set(stored["certified"]) <= {"structure", "lattice", "solved"}


def test_a_folder_of_something_else_is_refused(setup, tmp_path):
    outages(setup, 2, folder=tmp_path / "two")
    with pytest.raises(InputError, match="answer to another question"):
        outages(setup, 1, folder=tmp_path / "two")
    with pytest.raises(InputError, match="holds other files"):
        outages(setup, 1, folder=tmp_path)
    damaged = tmp_path / "two" / "outages-2-0000000000.parquet"
    damaged.write_bytes(b"PAR1")
    with pytest.raises(InputError, match="delete the file"):
        outages(setup, 2, folder=tmp_path / "two")


def test_sizes_without_sets_are_named_with_the_mend(setup):
    count = len(setup.network.assets)
    for asked in (0, count + 1):
        with pytest.raises(InputError, match=f"from 1 to {count}"):
            outages(setup, asked)
    with pytest.raises(InputError, match="RUS"):
        worst_partners(setup, 4)
    with pytest.raises(InputError, match="unknown jurisdiction"):
        worst_partners(setup, 1, parties=["RUSS"])


def test_where_nothing_is_earned_undisturbed_there_is_no_share():
    """A model of a buyer: its needs cost more than it earns, and a share of that would say nothing."""
    buyer = kopir.open("uzbekistan")
    found = buyer.outages(assets=1).result
    assert found.undisturbed < 0
    assert found.table["share"].is_null().all()
    assert found.least["size"].is_null().all()
    assert buyer.worst(k=1, partners=True).table["share"].is_null().all()


def test_too_many_sets_are_refused_before_any_is_settled(setup, monkeypatch):
    monkeypatch.setattr("kopir.strategy.outages.every.MOST_SETS", 60)
    with pytest.raises(InputError, match="ask for at most"):
        outages(setup, 5)


@pytest.mark.slow
def test_five_hundred_random_triples_of_the_bundled_model_equal_cold_solves():
    setup = kopir.open("kazakhstan").setup
    every = every_set(setup, 3)
    valuation = setup.valuation("short")
    situation = valuation.situation(NOBODY)
    rng = np.random.default_rng(20261127)
    members = every.members(3)
    for place in rng.choice(len(members), 500, replace=False):
        share = situation.open_share.copy()
        share[members[place]] = 0.0
        function = ValueFunction(setup.network, setup.calibration.steps)  # a cold solve: no basis, nothing kept
        loss = every.undisturbed - function.value(replace(situation, open_share=share))
        assert every.losses[2][place] == pytest.approx(loss, rel=1e-9, abs=1e-9 * every.undisturbed)
    assert all(set(np.unique(ways)) == {0, 1, 2} for ways in every.how)
