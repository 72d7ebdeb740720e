"""What the losses of every set say: the worst sets, what is worse together, and which assets matter most."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import polars as pl

from kopir.flow.outages import HOW, members_between, rank
from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.every import EverySet

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of what is there undisturbed, for which the least set is told."""

_RANKED: dict[str, pl.DataType] = {
    "size": pl.Int64(),
    "assets": pl.List(pl.String()),
    "ties": pl.Int64(),
    "loss": pl.Float64(),
}
_SETS: dict[str, pl.DataType] = {"size": pl.Int64(), "assets": pl.List(pl.String()), "loss": pl.Float64()}
WORST_BY_SIZE: dict[str, pl.DataType] = {
    "most": pl.Int64(),
    **_SETS,
    "share": pl.Float64(),
    "certified": pl.String(),
    "bound": pl.Float64(),
    "gap": pl.Float64(),
}
"""Columns of :func:`worst_by_size`."""


def worst_sets(every: EverySet, most: int) -> pl.DataFrame:
    """Return the worst sets without a member to spare, worst first, at most ``most`` rows.

    Sets of one size with one loss are a row: ``size``, ``assets`` (the first of them), ``ties`` (how many they
    are), ``loss``, ``share`` (of what is there undisturbed) and ``certified``.
    """
    rows: list[tuple[int, list[str], int, float, float | None, str]] = []
    for size in range(1, every.most + 1):
        places, losses = every.least(size), every.losses[size - 1]
        worst = places[np.argsort(-losses[places], kind="stable")]
        starts = np.flatnonzero(np.diff(losses[worst], prepend=np.inf) < -every.slack)
        counts = np.diff(starts, append=len(worst))[:most]
        # Of those that tie, the first in the order of assets stands for all.
        firsts = np.array(
            [worst[start : start + count].min() for start, count in zip(starts, counts, strict=False)]
        )
        found = _rows(every, size, firsts.astype(np.int64))
        rows += [(*row[:2], int(count), *row[2:]) for row, count in zip(found, counts, strict=True)]
    schema = {**_RANKED, "share": pl.Float64(), "certified": pl.String()}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort("loss", "size", "assets", descending=[True, False, False]).head(most)


def worst_by_size(every: EverySet) -> pl.DataFrame:
    """Return, for each number of assets, all sets of at most so many whose loss nothing exceeds, none to spare.

    Columns ``most`` (assets that may be lost), ``size``, ``assets``, ``loss``, ``share``, ``certified``, ``bound``
    (what no set of so many loses more than) and ``gap``. Where time ended before all sets were settled, the worst
    of those that were are told up to the size asked for.
    """
    rows = []
    for most in range(1, every.asked + 1):
        settled = every.losses[:most]
        peak = max(float(losses.max()) for losses in settled)
        proven = most <= every.complete
        for size in range(1, len(settled) + 1):
            places = every.least(size)
            ties = places[every.losses[size - 1][places] >= peak - every.slack]
            rows += [
                (most, *row, *bounded(row[2], row[2] if proven else every.highest))
                for row in _rows(every, size, ties)
            ]
    return pl.DataFrame(rows, schema=WORST_BY_SIZE, orient="row")


def bounded(loss: float, bound: float | None) -> tuple[float | None, float | None]:
    """Return what no set loses more than, and the share of it that lies above a loss: 0 where that is proven."""
    if bound is None:
        return None, None
    bound = max(loss, bound)
    return bound, (bound - loss) / max(1.0, abs(bound))


def worse_together(every: EverySet, most: int) -> pl.DataFrame:
    """Return the sets that lose most beyond any split of them into parts, at most ``most`` rows.

    Columns ``size``, ``assets``, ``ties`` (sets of the size with the same two losses; the first stands for all),
    ``loss``, ``parts`` (the largest sum of losses of a partition of the set into two or more) and ``beyond``,
    the difference. A set that only contains such a pair is not worse together.
    """
    best: list[Floats] = []
    rows: list[tuple[int, list[str], int, float, float, float]] = []
    for size in range(1, every.most + 1):
        losses, members = every.losses[size - 1], every.members(size)
        split = _best_split(every, members, best) if size > 1 else np.full(len(losses), -np.inf)
        best.append(np.maximum(losses, split))
        if size > 1:
            beyond = losses - split
            places = np.flatnonzero(beyond > every.slack)
            like = np.round(np.stack([-beyond[places], -losses[places]]) / every.slack)
            _, firsts, counts = np.unique(like, axis=1, return_index=True, return_counts=True)
            for place, count in zip(places[firsts[:most]].tolist(), counts[:most].tolist(), strict=True):
                codes = [every.assets[asset][1] for asset in members[place]]
                rows.append((size, codes, count, losses[place], split[place], beyond[place]))
    schema = {**_RANKED, "parts": pl.Float64(), "beyond": pl.Float64()}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort("beyond", "size", "assets", descending=[True, False, False]).head(most)


def critical_assets(every: EverySet) -> pl.DataFrame:
    """Return how much each asset adds to a loss, most first.

    ``alone`` is its loss by itself; ``added`` the mean rise of the loss when it goes too, over every set of
    fewer than so many others, each size counting the same (Birnbaum 1969, On the importance of different
    components in a multicomponent system: the difference that a component makes, over the states of the others);
    ``most`` the largest such rise, and ``beside`` the others it takes place with.
    """
    assets = len(every.assets)
    added, most = np.zeros(assets), np.full(assets, -np.inf)
    beside: list[list[str]] = [[] for _ in range(assets)]
    for size in range(1, every.most + 1):
        members, rise = every.members(size), every.losses[size - 1][:, None] - every.of_parts(size)
        total = np.zeros(assets)
        np.add.at(total, members, rise)
        added += total / comb(assets - 1, size - 1) / every.most
        for column in range(size):
            order = np.lexsort((np.arange(len(rise)), -rise[:, column]))
            firsts = order[np.unique(members[order, column], return_index=True)[1]]
            for place in firsts:
                asset = members[place, column]
                if rise[place, column] > most[asset] + every.slack:
                    most[asset] = rise[place, column]
                    beside[asset] = [every.assets[one][1] for one in members[place] if one != asset]
    table = pl.DataFrame(
        {
            "asset_type": [kind for kind, _ in every.assets],
            "asset": [code for _, code in every.assets],
            "alone": every.losses[0],
            "added": added,
            "most": most,
            "beside": pl.Series(beside, dtype=pl.List(pl.String())),
        }
    )
    return table.sort("added", "asset", descending=[True, False])


def least_sets(every: EverySet, shares: tuple[float, ...] = SHARES) -> pl.DataFrame:
    """Return the fewest assets whose loss takes a share of what is there undisturbed.

    Columns ``share``, ``size`` (blank where no set of the sizes asked does, and where nothing is earned
    undisturbed), ``sets`` (how many of this size do), and the worst of them: ``assets`` and ``loss``.
    """
    rows = []
    for share in shares:
        row: tuple[float, int | None, int, list[str], float | None] = (share, None, 0, [], None)
        for size in range(1, every.most + 1) if every.undisturbed > 0 else ():
            losses = every.losses[size - 1]
            enough = losses >= share * every.undisturbed - every.slack
            if enough.any():
                worst = int(losses.argmax())
                (members,) = members_between(len(every.assets), size, worst, worst + 1)
                codes = [every.assets[asset][1] for asset in members]
                row = (share, size, int(enough.sum()), codes, float(losses[worst]))
                break
        rows.append(row)
    schema = {"share": pl.Float64(), "size": pl.Int64(), "sets": pl.Int64(), **_SETS}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _rows(every: EverySet, size: int, places: Ints) -> list[tuple[int, list[str], float, float | None, str]]:
    members, losses, how = every.members(size)[places], every.losses[size - 1][places], every.how[size - 1][places]
    whole = every.undisturbed
    return [
        (size, [every.assets[asset][1] for asset in row], loss, loss / whole if whole > 0 else None, HOW[way])
        for row, loss, way in zip(members.tolist(), losses.tolist(), how.tolist(), strict=True)
    ]


def _best_split(every: EverySet, members: Ints, best: list[Floats]) -> Floats:
    """Return the largest sum of losses over partitions of each set; ``best`` has it for smaller sets, or whole."""
    size, assets = members.shape[1], len(every.assets)
    found = np.full(len(members), -np.inf)
    for count in range(1, size):
        for chosen in combinations(range(size), count):
            if 0 in chosen:
                rest = [column for column in range(size) if column not in chosen]
                parts = [best[len(one) - 1][rank(members[:, list(one)], assets)] for one in (chosen, rest)]
                found = np.maximum(found, parts[0] + parts[1])
    return found
