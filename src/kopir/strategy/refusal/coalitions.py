"""The game of denial: what every coalition of partners could take, and how that divides among them.

The game is ``D -> L(D)``, the loss after the best response. Three things spare solves without changing any
value. Players whose clauses touch nothing are *dummies* and leave first. Coalitions that leave the same shares
of all assets open have the same value. And where the optimal flow under C moves nothing over what P's joining
closes, that flow stays possible and, the rest being only narrower, optimal: ``V(C + P) = V(C)``. Where many are
left, they are taken level by level by the compiled simplex (:mod:`kopir.strategy.refusal.levels`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.core.errors import Fault, InputError
from kopir.model.grounds.cited import Cells, Numbers, table_numbers
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats
from kopir.strategy.refusal.lattice import Lattice
from kopir.strategy.refusal.levels import Evaluation, by_levels, used_assets, worth_levels
from kopir.strategy.value.behind import cells_of_assets, cells_of_refusal
from kopir.strategy.value.closed_forms import FunctionLoss
from kopir.strategy.value.games import (
    breaking_number,
    coalition_sizes,
    interactions,
    mask_of,
    members,
    shapley_value,
    worst_coalitions,
)
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import IntervalResult, intervals, with_ends
from kopir.strategy.value.valuation import Span, Valuation

MOST_PLAYERS = 12
"""Most players whose coalitions are all valued."""

_STRETCH = 1024  # coalitions whose shares are computed at once


@dataclass(frozen=True)
class CoalitionResult:
    """The game of denial among players; all losses in million USD a year.

    Tables:

    - ``shares``: player, leverage_musd (alone), shapley_musd, weight (its part of the sum of Shapley values;
      null when the sum is not positive), dummy. Sorted by Shapley value, then player.
    - ``pairs``: first, second, interaction_musd ``L(pq) - L(p) - L(q)``, for players that are no dummies.
    - ``table``: coalition (players joined by +, ``nobody`` for none), size, leverage_musd, evaluation (``solved``;
      ``simplex``: solved by the compiled simplex, certified by its own bounds on both sides;
      ``same_shares``: another coalition leaves the same shares open; ``unused``: the flow of a smaller one
      uses nothing that the rest closes). Sorted by size, then coalition.
    - ``worst``: k, coalition, leverage; several rows where coalitions of at most k players tie.

    ``players`` are those that touch something, in the order of the bits of ``game``.
    """

    players: tuple[str, ...]
    dummies: tuple[str, ...]
    game: Floats
    severity: float
    shares: pl.DataFrame
    pairs: pl.DataFrame
    table: pl.DataFrame
    worst: pl.DataFrame
    setup: Setup | None = field(default=None, repr=False, compare=False)
    intervals: IntervalResult | None = field(default=None, repr=False, compare=False)

    @property
    def numbers(self) -> Numbers:
        """Each number of ``shares`` as ``coalitions:player:column``, where the model of the game is at hand."""
        if self.setup is None:
            return {}
        return with_ends(_numbers(self.setup, self.shares), "coalitions", self.intervals, "player")

    @property
    def solved(self) -> int:
        """Number of coalitions whose programme was solved."""
        return self.table.filter(pl.col("evaluation").is_in(["solved", "simplex"])).height

    @property
    def avoided(self) -> int:
        """Number of coalitions valued without solving."""
        return self.table.height - self.solved

    def leverage(self, coalition: Iterable[str]) -> float:
        """Return the loss that a coalition can cause; raises :class:`InputError` for a stranger."""
        named = set(coalition)
        strangers = sorted(named - set(self.players) - set(self.dummies))
        if strangers:
            mend = "name players of this result"
            raise InputError([Fault("K0501", f"{name!r} is not a player", mend, value=name) for name in strangers])
        return float(self.game[mask_of(named, self.players)])

    def breaking_number(self, threshold: float) -> int | None:
        """Return the least number of players that together cause ``threshold`` (million USD a year), if any."""
        return breaking_number(self.game, threshold)


@dataclass(frozen=True)
class SampledShapley:
    """Shapley values estimated from random orders of arrival; million USD a year.

    ``shares``: player, leverage_musd (alone), shapley_musd, standard_error_musd, weight, dummy; sorted as in
    :class:`CoalitionResult`. ``samples`` and ``seed`` reproduce it; ``solved`` counts programmes solved.
    """

    shares: pl.DataFrame
    samples: int
    seed: int
    solved: int
    setup: Setup | None = field(default=None, repr=False, compare=False)

    @property
    def numbers(self) -> Numbers:
        """Each number of ``shares`` as ``coalitions:player:column``, where the model of the game is at hand."""
        return {} if self.setup is None else _numbers(self.setup, self.shares)


def coalitions(
    valuation: Valuation,
    players: Iterable[str],
    *,
    severity: float = 1.0,
    plan: Iterable[str] = (),
    losses: Sequence[FunctionLoss] = (),
    setup: Setup | None = None,
) -> CoalitionResult:
    """Return the loss under every coalition of ``players``, Shapley values, interactions and worst cases.

    ``severity`` (0 to 1) holds for all; ``plan`` is what has been built; ``losses`` are functions outside the
    network, added to the loss of each coalition. Members of a union act with it. Values are exact: up to
    ``MOST_PLAYERS`` players that touch something, above that :func:`sampled_shapley` estimates. Numbers are cited
    where the ``setup`` of the valuation is given.

    Raises :class:`InputError` for an unknown player or too many, :class:`kopir.core.errors.ModelError` when a
    coalition leaves no feasible flow.
    """
    game = _exact(valuation, players, severity, tuple(plan), tuple(losses))
    values = game.everyone()
    return CoalitionResult(
        players=game.players,
        dummies=game.dummies,
        game=values,
        severity=severity,
        shares=_exact_shares(game, values),
        pairs=_pairs(game.players, values),
        table=_table(game, values),
        worst=_worst(game.players, values),
        setup=setup,
    )


def _exact(
    valuation: Valuation,
    players: Iterable[str],
    severity: float,
    plan: tuple[str, ...],
    losses: tuple[FunctionLoss, ...],
) -> _Game:
    game = _Game(valuation, players, severity, plan, losses)
    count = len(game.players)
    if count > MOST_PLAYERS:
        mend = "name fewer players, or sample with --samples and --seed"
        raise InputError(
            Fault("K0502", f"more than {MOST_PLAYERS} players touch something", mend, value=str(count))
        )
    return game


def _exact_shares(game: _Game, values: Floats) -> pl.DataFrame:
    alone = [values[1 << bit] for bit in range(len(game.players))]
    return _shares(game, alone, shapley_value(values) if game.players else [])


def coalition_intervals(
    setup: Setup, players: Sequence[str], *, span: Span, severity: float, draws: int, seed: int
) -> IntervalResult:
    """Return how far the uncertain inputs move ``leverage_musd``, ``shapley_musd`` and ``weight`` of each player.

    Raises as :func:`kopir.strategy.value.uncertainty.intervals` does.
    """

    def ask(drawn: Setup) -> pl.DataFrame:
        game = _exact(drawn.valuation(span), players, severity, (), ())
        return _exact_shares(game, game.everyone())

    return intervals(setup, ask, "player", draws=draws, seed=seed)


def sampled_shapley(
    valuation: Valuation,
    players: Iterable[str],
    *,
    samples: int,
    seed: int,
    severity: float = 1.0,
    plan: Iterable[str] = (),
    losses: Sequence[FunctionLoss] = (),
    setup: Setup | None = None,
) -> SampledShapley:
    """Return Shapley values as means over ``samples`` random orders of arrival, with their standard errors.

    Every order gives one marginal loss a player; the estimate is unbiased and sums exactly to the loss when
    all deny (Castro, Gomez and Tejada 2009, Computers & Operations Research 36(5)). Other arguments and faults
    as for :func:`coalitions`, except that any number of players may be named; fewer than two samples raise
    :class:`InputError`.
    """
    if samples < 2:
        raise InputError(Fault("K0505", "too few samples", "ask for at least 2", value=str(samples)))
    game = _Game(valuation, players, severity, tuple(plan), tuple(losses))
    rng = np.random.default_rng(seed)
    marginal = np.zeros((samples, len(game.players)))
    for sample in range(samples):
        mask, before = 0, game.loss(0)
        for bit in rng.permutation(len(game.players)):
            mask |= 1 << int(bit)
            after = game.loss(mask)
            marginal[sample, bit] = after - before
            before = after
    alone = [game.loss(1 << bit) for bit in range(len(game.players))]
    errors = marginal.std(axis=0, ddof=1) / np.sqrt(samples)
    return SampledShapley(
        shares=_shares(game, alone, marginal.mean(axis=0), errors),
        samples=samples,
        seed=seed,
        solved=Counter(game.evaluation.values())["solved"],
        setup=setup,
    )


def coalition_cells(setup: Setup, players: Iterable[str]) -> Cells:
    """Return the cells behind every number of the game among ``players``.

    It weighs the optima under every coalition, so it rests on every asset of the network and on the clauses of
    all players.
    """
    return tuple(sorted(cells_of_assets(setup, setup.network.assets) | cells_of_refusal(setup, players)))


def _numbers(setup: Setup, shares: pl.DataFrame) -> Numbers:
    behind = coalition_cells(setup, shares["player"].to_list())
    return dict(
        table_numbers("coalitions", shares, "player", lambda _, column: None if column == "dummy" else behind)
    )


@dataclass(frozen=True)
class _Solved:
    """A solved coalition: what it leaves (2 x closable assets), its value, and which of these its flow uses."""

    shares: Floats
    value: float
    used: NDArray[np.bool_]


class _Game:
    """Values of coalitions, each found once and as cheaply as it can be."""

    def __init__(
        self,
        valuation: Valuation,
        players: Iterable[str],
        severity: float,
        plan: tuple[str, ...],
        losses: tuple[FunctionLoss, ...],
    ) -> None:
        named = tuple(sorted(set(players)))
        valuation.clauses.expand(named)
        self.players = tuple(name for name in named if _touches(valuation, name, named, losses))
        self.dummies = tuple(name for name in named if name not in self.players)
        self.evaluation: dict[int, Evaluation] = {}
        self._valuation = valuation
        self._severity = severity
        self._plan = plan
        self._losses = losses
        self._lattice = Lattice(valuation, self.players, severity, plan)
        self._shares: dict[int, Floats] = {}
        self._known: dict[int, _Solved] = {}
        self._by_shares: dict[bytes, _Solved] = {}

    def loss(self, mask: int) -> float:
        """Return the loss under a coalition (million USD a year)."""
        return self._solved(0).value - self._solved(mask).value + self._outside(mask)

    def everyone(self) -> Floats:
        """Return the loss under every coalition (shape: 2**players)."""
        masks = np.arange(1 << len(self.players))
        begins = range(0, len(masks), _STRETCH)
        shares = np.concatenate([self._lattice.shares(masks[one : one + _STRETCH]) for one in begins])
        if worth_levels(self._valuation, shares):
            values, how = by_levels(self._valuation, self._lattice.assets, shares, self._plan)
            self.evaluation = dict(enumerate(how))
        else:
            self._shares = dict(enumerate(shares))
            values = np.array([self._solved(mask).value for mask in masks.tolist()])
        outside = np.array([self._outside(mask) for mask in masks.tolist()])
        losses: Floats = values[0] - values + outside
        return losses

    def _outside(self, mask: int) -> float:
        if not self._losses:
            return 0.0
        parties = self._valuation.clauses.expand(members(mask, self.players))
        return sum(function.loss(parties, self._severity) for function in self._losses)

    def _solved(self, mask: int) -> _Solved:
        if mask not in self._known:
            shares = self._left(mask)
            known, how = self._without_solving(mask, shares)
            if known is None:
                denial = Denial(frozenset(members(mask, self.players)), self._severity)
                flow = self._valuation.flow(denial, self._plan)
                used = used_assets(self._valuation.network, flow.total)[self._lattice.assets]
                known, how = _Solved(shares, flow.value, used), "solved"
            self.evaluation[mask] = how
            self._known[mask] = self._by_shares[shares.tobytes()] = known
        return self._known[mask]

    def _left(self, mask: int) -> Floats:
        found = self._shares.get(mask)
        return self._lattice.shares(np.array([mask]))[0] if found is None else found

    def _without_solving(self, mask: int, shares: Floats) -> tuple[_Solved | None, Evaluation]:
        same = self._by_shares.get(shares.tobytes())
        if same is not None:
            return same, "same_shares"
        for bit in range(len(self.players)):
            smaller = self._known.get(mask & ~(1 << bit)) if mask >> bit & 1 else None
            if smaller is not None and not np.any(smaller.used & (shares != smaller.shares)):
                return smaller, "unused"
        return None, "solved"


def _touches(valuation: Valuation, player: str, everyone: Sequence[str], losses: Sequence[FunctionLoss]) -> bool:
    """Return whether a player has a part in a clause that ``everyone`` together could use, or in a function."""
    own, all_parties = valuation.clauses.expand([player]), valuation.clauses.expand(everyone)
    return any(function.touched_by(own) for function in losses) or any(
        not clause.in_force
        and clause.effectiveness > 0
        and clause.asset in valuation.network.asset_index
        and clause.parties & own
        and clause.parties <= all_parties
        for clause in valuation.clauses.clauses
    )


def _shares(
    game: _Game, alone: Sequence[float], shapley: Sequence[float] | Floats, errors: Floats | None = None
) -> pl.DataFrame:
    none = [0.0] * len(game.dummies)
    columns: dict[str, pl.Series] = {
        "player": pl.Series([*game.players, *game.dummies], dtype=pl.String),
        "leverage_musd": pl.Series([*alone, *none], dtype=pl.Float64),
        "shapley_musd": pl.Series([*shapley, *none], dtype=pl.Float64),
    }
    if errors is not None:
        columns["standard_error_musd"] = pl.Series([*errors, *none], dtype=pl.Float64)
    total = float(np.sum(shapley))
    weight = pl.col("shapley_musd") / total if total > 0 else pl.lit(None, dtype=pl.Float64)
    return (
        pl.DataFrame(columns)
        .with_columns(weight=weight, dummy=pl.col("player").is_in(list(game.dummies)))
        .sort("shapley_musd", "player", descending=[True, False])
    )


def _pairs(players: tuple[str, ...], values: Floats) -> pl.DataFrame:
    together = interactions(values)
    rows = [
        (players[first], players[second], float(together[first, second]))
        for first in range(len(players))
        for second in range(first + 1, len(players))
    ]
    schema = {"first": pl.String, "second": pl.String, "interaction_musd": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _table(game: _Game, values: Floats) -> pl.DataFrame:
    masks = range(len(values))
    return pl.DataFrame(
        {
            "coalition": [_name(mask, game.players) for mask in masks],
            "size": coalition_sizes(len(game.players)),
            "leverage_musd": values,
            "evaluation": [game.evaluation[mask] for mask in masks],
        }
    ).sort("size", "coalition")


def _worst(players: tuple[str, ...], values: Floats) -> pl.DataFrame:
    rows = [
        (size, _name(int(mask), players), float(values[mask]))
        for size, masks in enumerate(worst_coalitions(values), start=1)
        for mask in masks
    ]
    return pl.DataFrame(
        rows, schema={"k": pl.Int64, "coalition": pl.String, "leverage_musd": pl.Float64}, orient="row"
    )


def _name(mask: int, players: tuple[str, ...]) -> str:
    return "+".join(members(mask, players)) or "nobody"
