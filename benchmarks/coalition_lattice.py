"""The loss under every coalition: kopir's lattice beside solving each coalition's programme.

Both value every subset of the same players with the same warm value function and clauses; the lattice leaves
out programmes whose answer it already knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.instances import problem, to_network
from benchmarks.measure import Table, race
from kopir.flow.steps import Steps
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Clause, ClauseBook, Denial
from kopir.model.network.network import Floats, Network
from kopir.strategy.refusal.coalitions import MOST_PLAYERS, coalitions
from kopir.strategy.value.games import members
from kopir.strategy.value.setup import prepare
from kopir.strategy.value.valuation import Valuation

MODEL = "kazakhstan"
SIZE = "300x5"


def lattice(rounds: int, name: str = MODEL, size: str = SIZE, players: int = MOST_PLAYERS) -> list[Table]:
    """Compare on a bundled model, calibrated, in the short run; and on a synthetic network."""
    tables = [_synthetic(rounds, size, players)]
    if bundled_path(name) is None:
        return [Table(f"Model {name}: coalitions", notes=(f"skipped: no model {name!r} is bundled",)), *tables]
    setup = prepare(open_model(name))
    steps = None if setup.calibration is None else setup.calibration.steps
    taking_part = {party for clause in setup.clauses.clauses if not clause.in_force for party in clause.parties}
    most = _most_clauses(setup.clauses, sorted(taking_part - {setup.focal_state}), players)
    return [_table(f"Model {name}: coalitions", setup.network, setup.clauses, most, rounds, steps), *tables]


def _synthetic(rounds: int, size: str, players: int) -> Table:
    net = problem(size)
    names = [f"J{number:02}" for number in np.unique(net.jurisdiction)]
    clauses = tuple(
        Clause(
            asset=("link", f"l{link}"),
            parties=frozenset([f"J{owner:02}"]),
            effectiveness=1.0,
            low=1.0,
            high=1.0,
            basis_kind="law",
            in_force=False,
            function="transport",
            line=link + 2,
        )
        for link, owner in enumerate(net.jurisdiction)
    )
    book = ClauseBook(clauses, dict.fromkeys(names, frozenset()))
    return _table(f"Synthetic {size}: coalitions", to_network(net), book, names[:players], rounds)


def _table(
    title: str,
    network: Network,
    clauses: ClauseBook,
    players: Sequence[str],
    rounds: int,
    steps: Steps | None = None,
) -> Table:
    fresh = partial(Valuation, network, clauses, steps=steps)
    found = coalitions(fresh(), players)
    order = found.players
    rows = race(
        {
            "every coalition solved": lambda: _every_loss(fresh(), order),
            "kopir lattice": lambda: coalitions(fresh(), players).game,
        },
        rounds,
    )
    counts = found.table["evaluation"].value_counts().sort("evaluation").iter_rows()
    return Table(
        title,
        rows,
        (
            f"{len(order)} players that touch something, {len(found.game):,} coalitions: "
            f"{found.solved:,} solved, {found.avoided:,} avoided "
            f"({', '.join(f'{how} {count:,}' for how, count in counts)})",
            "the lattice also makes its tables of shares, pairs and worst cases",
        ),
    )


def _every_loss(valuation: Valuation, players: Sequence[str]) -> Floats:
    values = np.array(
        [valuation.value(Denial(frozenset(members(mask, players)))) for mask in range(1 << len(players))]
    )
    return values[0] - values


def _most_clauses(clauses: ClauseBook, parties: Sequence[str], most: int) -> list[str]:
    """Return the ``most`` parties that stand in the most clauses."""
    count = {party: sum(party in clause.parties for clause in clauses.clauses) for party in parties}
    return sorted(sorted(parties, key=lambda party: (-count[party], party))[:most])
