"""The loss under every coalition: kopir's lattice beside solving each coalition's programme.

All value every subset of the same players; the lattice leaves out programmes whose answer it already knows. On
synthetic networks raw highspy comes first: one warm HiGHS, to which the bounds that change from one coalition to
the next are sent, found beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import highspy
import numpy as np

from benchmarks.contestants import pass_programme
from benchmarks.instances import problem, to_network
from benchmarks.measure import Table, race
from kopir.flow.formulation import Bounds
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
MOST_ROUNDS = 3
SIZES = {"300x5": MOST_PLAYERS, "3000x10": 5}
"""Synthetic networks (links x commodities), each with the players whose coalitions are valued."""


def lattice(
    rounds: int, name: str = MODEL, sizes: Mapping[str, int] = SIZES, players: int = MOST_PLAYERS
) -> list[Table]:
    """Compare on a bundled model, calibrated, in the short run; and on synthetic networks."""
    tables = [_synthetic(rounds, size, most) for size, most in sizes.items()]
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
    return _table(f"Synthetic {size}: coalitions", to_network(net), book, names[:players], rounds, beside_raw=True)


def _table(
    title: str,
    network: Network,
    clauses: ClauseBook,
    players: Sequence[str],
    rounds: int,
    steps: Steps | None = None,
    *,
    beside_raw: bool = False,
) -> Table:
    fresh = partial(Valuation, network, clauses, steps=steps)
    found = coalitions(fresh(), players)
    order = found.players
    contestants: dict[str, Callable[[], Floats]] = {}
    if beside_raw:
        contestants["highspy"] = WarmLoop(fresh(), order).losses
    contestants |= {
        "every coalition solved": lambda: _every_loss(fresh(), order),
        "kopir lattice": lambda: coalitions(fresh(), players).game,
    }
    rows = race(contestants, min(rounds, MOST_ROUNDS))
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


class WarmLoop:
    """Raw highspy on the arrays of every coalition, in the order of :func:`_every_loss`."""

    def __init__(self, valuation: Valuation, players: Sequence[str]) -> None:
        formulation = valuation.formulation
        situations = [valuation.situation(_denial(mask, players)) for mask in range(1 << len(players))]
        bounds = [formulation.bounds(situation) for situation in situations]
        self._programme = formulation.programme(bounds[0])
        self._changes = [_changes(before, now) for before, now in pairwise(bounds)]

    def losses(self) -> Floats:
        """Pass the programme once, solve it for every coalition, and return the losses."""
        programme = self._programme
        names = {"c": "cost", "A": "matrix", "rl": "row_lower", "ru": "row_upper", "lb": "lower", "ub": "upper"}
        highs = pass_programme({short: getattr(programme, name) for short, name in names.items()})
        values = [_solved(highs)]
        for rows, row_lower, row_upper, columns, lower, upper in self._changes:
            assert highs.changeRowsBounds(len(rows), rows, row_lower, row_upper) == highspy.HighsStatus.kOk
            assert highs.changeColsBounds(len(columns), columns, lower, upper) == highspy.HighsStatus.kOk
            values.append(_solved(highs))
        return values[0] - np.array(values)


def _solved(highs: highspy.Highs) -> float:
    assert highs.run() == highspy.HighsStatus.kOk
    return -float(highs.getInfo().objective_function_value)


def _changes(before: Bounds, now: Bounds) -> tuple[Any, ...]:
    rows = np.flatnonzero((now.row_lower != before.row_lower) | (now.row_upper != before.row_upper))
    columns = np.flatnonzero((now.lower != before.lower) | (now.upper != before.upper))
    return (
        rows.astype(np.int32),
        now.row_lower[rows],
        now.row_upper[rows],
        columns.astype(np.int32),
        now.lower[columns],
        now.upper[columns],
    )


def _denial(mask: int, players: Sequence[str]) -> Denial:
    return Denial(frozenset(members(mask, players)))


def _every_loss(valuation: Valuation, players: Sequence[str]) -> Floats:
    values = np.array([valuation.value(_denial(mask, players)) for mask in range(1 << len(players))])
    return values[0] - values


def _most_clauses(clauses: ClauseBook, parties: Sequence[str], most: int) -> list[str]:
    """Return the ``most`` parties that stand in the most clauses."""
    count = {party: sum(party in clause.parties for clause in clauses.clauses) for party in parties}
    return sorted(sorted(parties, key=lambda party: (-count[party], party))[:most])
