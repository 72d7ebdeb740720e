"""Observation equations: every claim as a bound on one fact, a ratio or a difference of two.

A level states ``x``; a share ``x_part / x_whole``; a change in per cent or a multiple ``x_now / x_before``; an
absolute change ``x_now − x_before``. All become ``low ≤ x − factor·… ≤ high`` in base units (linear in levels,
see :mod:`kopir.facts.settled._bounds`) and, where positive, ``log x`` or ``log x − log x'``
(:mod:`kopir.facts.settled._estimation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.facts.claimed._enumerations import name_pieces
from kopir.facts.claimed._keys import (
    LEVEL_KINDS,
    RATIO_KINDS,
    SLOTS,
    Key,
    normal_key,
    parents,
    parse_key,
    rated_unit,
    shifted_period,
    unit_scale,
)
from kopir.facts.claimed._wording import Interval, worded_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Observations:
    """Claims as equations over ``keys``; arrays are parallel, one row a claim that could be used.

    ``claim`` is the row of the claims table. ``fact`` is the fact measured, ``base`` the one it is set against
    (-1 for none), ``difference`` whether against means minus rather than divided by. ``low``, ``high`` and the
    soft edges are levels in canonical units, ratios (0.7, not 70) or differences. ``unused`` are the rows of
    claims that say too little.
    """

    keys: tuple[Key, ...]
    claim: Ints
    fact: Ints
    base: Ints
    difference: NDArray[np.bool_]
    low: Floats
    high: Floats
    soft_low: Floats
    soft_high: Floats
    worded: NDArray[np.bool_]
    unused: Ints

    @property
    def is_ratio(self) -> NDArray[np.bool_]:
        """Which rows measure a fact against another."""
        return (self.base >= 0) & ~self.difference


@dataclass(frozen=True, slots=True)
class _Row:
    claim: int
    fact: int
    base: int
    difference: bool
    interval: Interval
    worded: bool


_KEY_COLUMNS = (*SLOTS, "rate", "kind", "modality", "part", "base")


def observe(claims: pl.DataFrame, extra_keys: Sequence[Key] = ()) -> Observations:
    """Return the observation equations of ``claims`` (a table of :func:`kopir.facts.claims_table`).

    ``extra_keys`` are facts that identities name and no claim may measure. Claims without an indicator, and
    ratios of nothing in particular, are ``unused``.
    """
    claims = name_pieces(claims)
    combos = claims.select(_KEY_COLUMNS).with_row_index("row")
    unique = combos.unique(subset=list(_KEY_COLUMNS), keep="first", maintain_order=True)
    stated = {row["row"]: _stated_key(row) for row in unique.iter_rows(named=True)}
    first = combos.join(
        unique.select(*_KEY_COLUMNS, pl.col("row").alias("first")),
        on=list(_KEY_COLUMNS),
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )["first"].to_list()
    registry = _Registry(extra_keys)
    for key, kind, _ in stated.values():
        if key is not None and kind in LEVEL_KINDS:
            registry.add(key)
    levels_in_doc = _levels_in_documents(claims, first, stated)
    rows: list[_Row] = []
    unused: list[int] = []
    words = claims.select("comparator", "value", "lo", "hi", "text", "unit", "rate", "period", "doc")
    for row, said in enumerate(words.iter_rows(named=True)):
        key, kind, base = stated[first[row]]
        interval = None if key is None else _interval(said)
        if key is None or interval is None:
            unused.append(row)
            continue
        pair = registry.measured(key, kind, base, row, levels_in_doc.get((said["doc"], key.indicator), ()))
        if pair is None:
            unused.append(row)
            continue
        scaled = _scaled(interval, kind, unit_scale(rated_unit(said)))
        rows.append(_Row(row, *pair, kind == "change_abs", scaled, said["comparator"] != "eq"))
    return _pack(registry, rows, unused)


def _interval(said: Mapping[str, Any]) -> Interval | None:
    return worded_interval(said["comparator"], said["value"], said["lo"], said["hi"], said["text"] or "")


def _pack(registry: _Registry, rows: Sequence[_Row], unused: Sequence[int]) -> Observations:
    def whole(values: Iterable[int]) -> Ints:
        return np.fromiter(values, dtype=np.int64, count=len(rows))

    def real(values: Iterable[float]) -> Floats:
        return np.fromiter(values, dtype=np.float64, count=len(rows))

    return Observations(
        keys=tuple(registry.keys),
        claim=whole(row.claim for row in rows),
        fact=whole(row.fact for row in rows),
        base=whole(row.base for row in rows),
        difference=np.fromiter((row.difference for row in rows), dtype=np.bool_, count=len(rows)),
        low=real(row.interval.low for row in rows),
        high=real(row.interval.high for row in rows),
        soft_low=real(row.interval.soft_low for row in rows),
        soft_high=real(row.interval.soft_high for row in rows),
        worded=np.fromiter((row.worded for row in rows), dtype=np.bool_, count=len(rows)),
        unused=np.asarray(unused, dtype=np.int64),
    )


def _stated_key(row: Mapping[str, object]) -> tuple[Key | None, str, Key | None]:
    """Return the normal key of one combination of slots, its kind, and the base that it names."""
    kind = str(row["kind"])
    if row["indicator"] is None or kind not in LEVEL_KINDS | RATIO_KINDS | {"change_abs"}:
        return None, kind, None
    slots = {slot: row[slot] or "" for slot in (*SLOTS, "modality", "part") if slot != "partners"}
    partners = row["partners"] or ()
    assert isinstance(partners, list | tuple)
    key = Key(partners=tuple(partners), **slots)  # type: ignore[arg-type]
    key = replace(key, unit=rated_unit(row))
    base = None if not row["base"] else normal_key(parse_key(str(row["base"])))
    key = normal_key(key)
    if kind in RATIO_KINDS:
        key = replace(key, unit=base.unit if base is not None else "")
    return key, kind, base


def _scaled(interval: Interval, kind: str, scale: float) -> Interval:
    """Return the interval as a level in canonical units, a ratio or a difference."""
    factor, shift = {"share": (0.01, 0.0), "change_pct": (0.01, 1.0), "mult": (1.0, 0.0)}.get(kind, (scale, 0.0))
    low, high, soft_low, soft_high = (
        shift + factor * edge for edge in (interval.low, interval.high, interval.soft_low, interval.soft_high)
    )
    if kind in RATIO_KINDS:
        low, soft_low = max(low, 0.0), max(soft_low, 0.0)
    if kind == "share":
        high, soft_high = min(high, 1.0), min(soft_high, 1.0)
    return Interval(low, high, soft_low, soft_high)


def _levels_in_documents(
    claims: pl.DataFrame, first: Sequence[int], stated: Mapping[int, tuple[Key | None, str, Key | None]]
) -> dict[tuple[str, str], list[tuple[int, Key]]]:
    """Return the level keys that each document states of each indicator, with the row of the claim."""
    found: dict[tuple[str, str], list[tuple[int, Key]]] = {}
    if not claims["kind"].is_in(["mult", "change_pct"]).any():
        return found
    for row, doc in enumerate(claims["doc"].to_list()):
        key, kind, _ = stated[first[row]]
        if key is not None and kind in LEVEL_KINDS:
            found.setdefault((doc, key.indicator), []).append((row, key))
    return found


class _Registry:
    """Facts in order of first mention, and which fact a ratio without a named base is measured against."""

    def __init__(self, extra: Sequence[Key]) -> None:
        self.keys: list[Key] = []
        self._at: dict[Key, int] = {}
        self._units: dict[Key, list[str]] = {}
        for key in extra:
            self.add(normal_key(key))

    def add(self, key: Key) -> int:
        at = self._at.get(key)
        if at is None:
            at = self._at[key] = len(self.keys)
            self.keys.append(key)
            self._units.setdefault(replace(key, unit=""), []).append(key.unit)
        return at

    def measured(
        self, key: Key, kind: str, base: Key | None, row: int, beside: Sequence[tuple[int, Key]]
    ) -> tuple[int, int] | None:
        """Return the facts that a claim measures: itself, and the base of a ratio or difference (-1: none)."""
        if kind in LEVEL_KINDS:
            return self._at[key], -1
        if base is not None:
            return self.add(key), self.add(base)
        if kind == "share":
            return self._share(key, row)
        return self._change(key, row, beside)

    def _share(self, key: Key, row: int) -> tuple[int, int]:
        wholes = list(parents(key))
        if not wholes:
            key, wholes = replace(key, part=f"part {row + 1}"), [key]
        known = [whole for whole in wholes if whole in self._units]
        part = self._in_known_unit(key, known[:1])
        whole = replace((known or wholes[-1:])[0], unit=part.unit)
        return self.add(part), self.add(whole)

    def _change(self, key: Key, row: int, beside: Sequence[tuple[int, Key]]) -> tuple[int, int]:
        if key not in self._units:
            # A change that no level shares its period with belongs to one told beside it («tripled, to 5 Mt»).
            loose = [
                (abs(at - row), other)
                for at, other in beside
                if replace(other, unit="", period="") == replace(key, unit="", period="")
                and (not other.period or shifted_period(key.period) is None)
            ]
            if loose:
                level = min(loose, key=lambda pair: (pair[0], str(pair[1])))[1]
                return self.add(level), self.add(replace(level, period=f"before {key.period or 'the change'}"))
        by = {"months": -1} if key.perimeter == "month_on_month" else {"years": -1}
        before = shifted_period(key.period, **by) or f"before {key.period or 'the change'}"
        now = self._in_known_unit(key, (replace(key, unit="", period=before),))
        return self.add(now), self.add(replace(now, period=before))

    def _in_known_unit(self, key: Key, hints: Sequence[Key]) -> Key:
        """Return ``key`` in the unit in which its level, or that of a hint, is stated; unit-free otherwise."""
        for candidate in (replace(key, unit=""), *hints):
            found = self._units.get(candidate)
            if found:
                return replace(key, unit=sorted(found)[0])
        return key
