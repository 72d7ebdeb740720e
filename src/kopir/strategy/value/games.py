"""Cooperative games as arrays: Shapley value, interaction, worst coalitions.

A game of n players is an array of ``2**n`` values; bit ``i`` of an index says that player ``i`` belongs to
the coalition, so entry 0 is the value of nobody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from kopir.core.errors import Fault, InputError
from kopir.model.network.network import Floats, Ints


def game_values(players: Sequence[str], values: Mapping[frozenset[str], float]) -> Floats:
    """Return the values of all coalitions of ``players`` as an array (shape: ``2**players``).

    ``values`` is keyed by coalition; a missing coalition raises :class:`InputError`.
    """
    coalitions = [frozenset(members(mask, players)) for mask in range(1 << len(players))]
    missing = sorted(
        "+".join(sorted(coalition)) or "nobody" for coalition in coalitions if coalition not in values
    )
    if missing:
        mend = "give a value for every coalition"
        raise InputError([Fault("K0505", "a coalition without a value", mend, value=name) for name in missing])
    return np.array([values[coalition] for coalition in coalitions], dtype=np.float64)


def members(mask: int, players: Sequence[str]) -> tuple[str, ...]:
    """Return the players whose bits are set in ``mask``, in their order."""
    return tuple(player for bit, player in enumerate(players) if mask >> bit & 1)


def mask_of(coalition: Iterable[str], players: Sequence[str]) -> int:
    """Return the index of a coalition; players that are not in ``players`` are left out."""
    bits = {player: 1 << bit for bit, player in enumerate(players)}
    return sum(bits.get(player, 0) for player in set(coalition))


def coalition_sizes(players: int) -> Ints:
    """Return the number of members of each coalition (shape: ``2**players``)."""
    sizes = np.zeros(1 << players, dtype=np.int64)
    for bit in range(players):
        sizes[1 << bit : 2 << bit] = sizes[: 1 << bit] + 1
    return sizes


def shapley_value(values: ArrayLike) -> Floats:
    """Return the Shapley value of each player (shape: players), in the unit of ``values``.

    ``phi_p = sum over C without p of |C|! (n - |C| - 1)! / n! * (v(C + p) - v(C))`` (Shapley 1953, A value for
    n-person games, Contributions to the Theory of Games II, equation 12). All at once over bitmasks: about
    ``n * 2**n`` operations.
    """
    game = _game(values)
    players = len(game).bit_length() - 1
    masks, sizes = np.arange(len(game)), coalition_sizes(players)
    weights = np.array([1 / (players * math.comb(players - 1, size)) for size in range(players)])
    shares = np.empty(players)
    for player in range(players):
        without = masks[masks >> player & 1 == 0]
        shares[player] = weights[sizes[without]] @ (game[without | 1 << player] - game[without])
    return shares


def interactions(values: ArrayLike) -> Floats:
    """Return ``v(pq) - v(p) - v(q) + v(nobody)`` for each pair (shape: players x players, zero diagonal).

    Positive: the two back each other up; negative: they sit on the same route.
    """
    game = _game(values)
    bits = 1 << np.arange(len(game).bit_length() - 1)
    alone = game[bits]
    together: Floats = game[bits[:, None] | bits] - alone[:, None] - alone + game[0]
    np.fill_diagonal(together, 0.0)
    return together


def worst_coalitions(values: ArrayLike, tolerance: float = 1e-9) -> list[Ints]:
    """Return, for k from 1 to the number of players, the coalitions of at most k players worth the most.

    Each entry holds the bitmasks that tie for the greatest value (within ``tolerance`` of the largest absolute
    value of the game), of which those with members to spare are left out; sorted by size, then mask.
    """
    game = _game(values)
    players = len(game).bit_length() - 1
    sizes = coalition_sizes(players)
    slack = tolerance * max(1.0, float(np.abs(game).max()))
    worst: list[Ints] = []
    for size in range(1, players + 1):
        allowed = sizes <= size
        ties = np.flatnonzero(allowed & (game >= game[allowed].max() - slack))
        worst.append(_least(ties[np.argsort(sizes[ties], kind="stable")]))
    return worst


def breaking_number(values: ArrayLike, threshold: float) -> int | None:
    """Return the least number of players that together reach ``threshold``, or ``None`` when none do.

    ``threshold`` is in the unit of ``values``: kappa(t) = min |D| with v(D) >= t.
    """
    game = _game(values)
    enough = game >= threshold
    return int(coalition_sizes(len(game).bit_length() - 1)[enough].min()) if enough.any() else None


def _least(masks: Ints) -> Ints:
    """Return the masks that contain no other one of ``masks``, which come smallest coalition first."""
    kept = np.zeros(0, dtype=np.int64)
    for mask in masks:
        if not np.any(kept & mask == kept):
            kept = np.append(kept, mask)
    return kept


def _game(values: ArrayLike) -> Floats:
    game = np.asarray(values, dtype=np.float64)
    if game.ndim != 1 or len(game) == 0 or len(game) & (len(game) - 1):
        mend = "give one value for each of the 2**n coalitions"
        raise InputError(Fault("K0505", "not a game", mend, value=f"shape {game.shape}"))
    if not np.isfinite(game).all():
        mend = "give a finite value for each coalition"
        raise InputError(Fault("K0505", "a coalition without a finite value", mend, value="nan or infinite"))
    return game
