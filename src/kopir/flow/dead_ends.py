"""What stands still when assets are lost: their own activities, and all that is left without a way in or out.

A set of assets is told by the activities that it stops. Sets that stop the same are one programme, however
they are named: a pipe, the pump before it and the only field behind it are one loss.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kopir.flow.formulation import Bounds, Formulation, Situation
from kopir.model.network.network import Ints, Kind, Network

Words = NDArray[np.uint64]
"""Bits of sets, 64 a word (shape: sets x words)."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Moved:
    """Bounds that losing an asset moves beside those of activities (rows or columns, and where they come to).

    Stores lock their stock away and duties that are waived fall; both come to zero, whatever else is lost.
    """

    rows: Ints
    columns: Ints

    def __bool__(self) -> bool:
        return bool(self.rows.size or self.columns.size)


@dataclass(frozen=True)
class Stops:
    """What losing assets stops, in one situation of a network of one period.

    Bits stand for activities, then for the assets that move other bounds. ``base`` (1 x words) stands still
    already, ``own`` (assets x words) is what losing each asset stops by itself, ``ways`` are the rows through
    which standing still spreads. ``moved`` is by asset. ``always`` (words) are the bits of assets whose loss
    may also gain, since it waives a duty: nothing is known of them without solving.
    """

    activities: int
    base: Words
    own: Words
    ways: tuple[_Way, ...]
    moved: tuple[Moved, ...]
    always: Words

    def closed(self, bits: Words) -> Words:
        """Return ``bits`` with everything that then has no way in or no way out (sets x words)."""
        spread = bits.copy()
        open_sets = np.arange(len(spread) if spread.shape[1] else 0)  # a network of nothing has no words
        while open_sets.size:
            before = spread[open_sets]
            now = [np.ascontiguousarray(word) for word in before.T]
            for way in self.ways:
                way.spread(now)
            after = np.stack(now, axis=1)
            spread[open_sets] = after
            open_sets = open_sets[(after != before).any(axis=1)]
        return spread

    def stopped(self, words: Words) -> Flags:
        """Return which activities stand still in one set (words) or many (shape: ..., activities)."""
        return unpacked(words, self.activities)


@dataclass(frozen=True)
class _Way:
    """A balance row: where nothing comes in nothing goes out, and the other way round.

    ``into`` and ``out_of`` hold pairs of word and mask.
    """

    into: tuple[tuple[int, np.uint64], ...]
    out_of: tuple[tuple[int, np.uint64], ...]

    def spread(self, words: list[Words]) -> None:
        """Stop in place what goes out where nothing comes in, then what comes in where nothing goes out."""
        for first, then in ((self.into, self.out_of), (self.out_of, self.into)):
            dead = np.ones(len(words[0]), dtype=np.bool_)
            for word, mask in first:
                dead &= words[word] & mask == mask
            if dead.any():
                for word, mask in then:
                    words[word][dead] |= mask


def stops_of(formulation: Formulation, situation: Situation) -> Stops:
    """Return what losing each asset of a network stops in a situation.

    Raises :class:`ValueError` for a formulation of several periods.
    """
    if len(formulation.lengths) != 1:
        raise ValueError("outages are counted over one period")
    network = formulation.network
    moved = _moved(formulation, situation)
    extra = [asset for asset, one in enumerate(moved) if one]
    width = len(network.activities) + len(extra)
    own = np.zeros((len(network.assets), width), dtype=np.bool_)
    own[:, : len(network.activities)] = _own(network)
    own[extra, len(network.activities) + np.arange(len(extra))] = True
    bounds = formulation.bounds(situation)
    base = np.zeros((1, width), dtype=np.bool_)
    base[0, : len(network.activities)] = _still(formulation, bounds)
    always = np.zeros(width, dtype=np.bool_)
    always[len(network.activities) :] = [_may_gain(network, asset) for asset in extra]
    ways = tuple(_ways(network))
    found = Stops(len(network.activities), packed(base), packed(own), ways, moved, packed(always))
    return replace(found, base=found.closed(found.base))


def unknown_stops(formulation: Formulation) -> Stops:
    """Return what is known of losses without solving where nothing is: each set stops something of its own.

    Raises as :func:`stops_of` does.
    """
    if len(formulation.lengths) != 1:
        raise ValueError("outages are counted over one period")
    assets = len(formulation.network.assets)
    own = packed(np.eye(assets, dtype=np.bool_))
    base = np.zeros_like(own[:1])
    nothing = Moved(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    return Stops(assets, base, own, (), (nothing,) * assets, ~base[0])


def packed(flags: Flags) -> Words:
    """Return flags (..., bits) as words of 64 bits (..., words)."""
    width = -(-flags.shape[-1] // 64) * 64
    whole = np.zeros((*flags.shape[:-1], width), dtype=np.bool_)
    whole[..., : flags.shape[-1]] = flags
    words: Words = np.packbits(whole, axis=-1, bitorder="little").view("<u8").astype(np.uint64)
    return words


def unpacked(words: Words, count: int) -> Flags:
    """Return the first ``count`` bits of words (..., words) as flags (..., count)."""
    octets = np.ascontiguousarray(words).astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=-1, bitorder="little")[..., :count].astype(np.bool_)


def _own(network: Network) -> Flags:
    """Return the activities (assets x activities) on each asset or within one of its limits."""
    own = np.zeros((len(network.assets), len(network.activities)), dtype=np.bool_)
    own[network.activities.asset, np.arange(len(network.activities))] = True
    limit, activity, share = network.limits.share.entries
    own[network.limits.asset[limit[share > 0]], activity[share > 0]] = True
    kind = network.activities.kind
    # What is owed but not delivered is never closed; it has no limit either.
    own[:, (kind == Kind.UNMET) | (kind == Kind.SHORTFALL)] = False
    return own


def _still(formulation: Formulation, bounds: Bounds) -> Flags:
    """Return the activities that the bounds of a situation leave nothing."""
    network = formulation.network
    room = np.zeros(len(network.activities))
    np.maximum.at(room, formulation.activity, bounds.upper[: formulation.step_columns])
    still: Flags = room <= 0
    shut = bounds.row_upper[network.balances :][: len(network.limits.asset)] <= 0
    limit, activity, share = network.limits.share.entries
    still[activity[shut[limit] & (share > 0)]] = True
    return still


def _moved(formulation: Formulation, situation: Situation) -> tuple[Moved, ...]:
    """Return what each asset moves: bounds of stores and duties, found by losing it alone."""
    network = formulation.network
    touching = {*network.stores.asset.tolist(), *network.needs.asset[network.needs.waived].tolist()}
    nothing = np.zeros(0, dtype=np.int64)
    first = network.balances + len(network.limits.asset)
    base = formulation.bounds(situation)
    found = [Moved(nothing, nothing)] * len(network.assets)
    for asset in touching:
        open_share = situation.open_share.copy()
        open_share[asset] = 0.0
        lost = formulation.bounds(replace(situation, open_share=open_share))
        rows = np.flatnonzero((lost.row_lower != base.row_lower) | (lost.row_upper != base.row_upper))
        columns = np.flatnonzero((lost.lower != base.lower) | (lost.upper != base.upper))
        found[asset] = Moved(rows[rows >= first], columns[columns >= formulation.step_columns])
    return tuple(found)


def _may_gain(network: Network, asset: int) -> bool:
    """Return whether losing an asset can be worth something: a waived duty, or a stock that must be moved."""
    waived = bool((network.needs.waived & (network.needs.asset == asset)).any())
    stores = network.stores
    forced = bool(((stores.asset == asset) & (stores.initial > stores.capacity)).any())
    return waived or forced


def _ways(network: Network) -> list[_Way]:
    """Return the rows in which standing still spreads: those without a store, which is a way in and out."""
    activities = network.activities
    stored = set(network.stores.row.tolist())
    ways = []
    for row in sorted({*activities.put[activities.put >= 0].tolist(), *activities.taken.tolist()} - {-1} - stored):
        into, out_of = activities.put == row, activities.taken == row
        ways.append(_Way(_masks(into), _masks(out_of)))
    return ways


def _masks(flags: Flags) -> tuple[tuple[int, np.uint64], ...]:
    words = packed(flags)
    return tuple((int(word), words[word]) for word in np.flatnonzero(words))
