"""Conflicts: what contradicts what, of which class, how badly, and what would mend it; best first.

=================== ==========================================================================================
class               meaning
=================== ==========================================================================================
rounding            the figures meet once the coarser one is read as «about»
definition          the figures count something else: net or gross, announced or under way, trains or capacity
perimeter           the figures cover more or less: another section, with or without oil
period              the figure belongs to a neighbouring period
mirror              two sides' statistics of one flow
unit_scale          a unit or scale slipped, or the figure is out of all proportion
stale               an older promise or list stands beside a newer one
forecast_vs_outcome a promise and what came of it
dispute             the sources disagree
=================== ==========================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from kopir.core.periods import parse_period
from kopir.facts.book._advice import Found, folded, sides, voices, what_to_do
from kopir.facts.book._comparisons import PROMISES, LookAlikes, compare_statements
from kopir.facts.claimed._measures import measure
from kopir.facts.claimed._wording import APPROXIMATELY
from kopir.facts.settled._deviations import CLASSES
from kopir.facts.settled._reconciliation import Reconciliation

CONFLICT_CLASSES = (
    "definition",
    "dispute",
    "forecast_vs_outcome",
    "mirror",
    "perimeter",
    "period",
    "rounding",
    "stale",
    "unit_scale",
)
_CONFIDENCE = {
    "rounding": 0.1,
    "stale": 0.4,
    "perimeter": 0.5,
    "forecast_vs_outcome": 0.6,
    "definition": 0.8,
    "mirror": 0.9,
}
_STALE_DAYS = 90


CONFLICT_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "rank": pl.Int64,
    "class": pl.String,
    "claims": pl.List(pl.String),
    "blamed": pl.List(pl.String),
    "keys": pl.List(pl.String),
    "sides": pl.List(pl.String),
    "gap": pl.Float64,
    "score": pl.Float64,
    "why": pl.String,
    "mend": pl.String,
}


def conflict_table(found: Reconciliation, claims: pl.DataFrame, *, compare: bool) -> pl.DataFrame:
    """Return the conflicts, best first.

    ``claims`` cannot all hold and any all-but-one can, or look alike and differ; conflicts of one class and matter
    are one row with the claims of all of them. ``blamed`` are those that gave way (copies of them included);
    ``sides`` says who says what; ``gap`` is the relative distance of the best one; ``mend`` says what to do.
    """
    rows = [*_wrong(found), *_contradictions(found)]
    met = {frozenset(one.rows) for one in rows}
    if compare:
        rows += [
            one
            for one in (_look_alike(found, pair) for pair in compare_statements(found))
            if frozenset(one.rows) not in met
        ]
    rows = folded(found, rows)
    ids, said = claims["id"].to_list(), voices(found, rows)
    seen, names = found.system.observations, [str(key) for key in found.system.keys]
    copies = _copies_of(found)
    return pl.DataFrame(
        [
            {
                "rank": rank,
                "class": one.kind,
                "claims": [ids[seen.claim[row]] for row in one.rows],
                "blamed": [ids[seen.claim[row]] for hit in one.blamed for row in (hit, *copies.get(hit, ()))],
                "keys": sorted({names[seen.fact[row]] for row in one.rows}),
                "sides": sides(one, said),
                "gap": float(f"{math.expm1(min(one.gap, 700.0)):.4g}"),
                "score": round(one.score, 2),
                "why": one.why,
                "mend": what_to_do(one, said),
            }
            for rank, one in enumerate(rows, 1)
        ],
        schema=dict(CONFLICT_SCHEMA),
    )


def _wrong(found: Reconciliation) -> list[Found]:
    """Return claims that are wrong rather than noisy, each with the strongest claim that it cannot hold with."""
    off, seen = found.deviations, found.system.observations
    given = set(found.settled.given_way)
    strongest = _strongest(found)
    conflicts = []
    for place, row in enumerate(off.row.tolist()):
        if row not in given:
            continue
        kind = CLASSES[off.kind[place]]
        against = strongest.get(int(seen.fact[row]))
        rows = (row,) if against is None or against == row else (min(row, against), max(row, against))
        if kind == "dispute" and len(rows) == 2 and seen.fact[rows[0]] == seen.fact[rows[1]]:
            kind = _class_of(found, rows, float(abs(off.gap[place])))
        instead = "" if off.instead[place] < 0 else str(found.system.keys[off.instead[place]])
        power = int(off.power[place])
        why = f"off by a factor of {math.exp(abs(off.gap[place])):.3g} from what everything else gives"
        gap = float(abs(off.gap[place]))
        score = _CONFIDENCE.get(kind, 1.0) * (20 + min(float(off.odds[place]), 60.0))
        conflicts.append(Found(kind, rows, (row,), gap, score, why, instead=instead, power=power))
    return conflicts


def _strongest(found: Reconciliation) -> dict[int, int]:
    """Return for each fact its most precise level that is believed."""
    seen, estimate = found.system.observations, found.estimate
    rows = np.flatnonzero(
        (seen.base < 0) & estimate.counted & (estimate.inlier > 0.5) & np.isfinite(estimate.spread)
    )
    rows = rows[~np.isin(rows, list(found.settled.given_way))]
    order = rows[np.lexsort((rows, estimate.spread[rows], seen.fact[rows]))]
    first = np.unique(seen.fact[order], return_index=True)
    return {int(fact): int(order[place]) for fact, place in zip(*first, strict=True)}


def _contradictions(found: Reconciliation) -> list[Found]:
    flagged = set(found.deviations.row.tolist()) & set(found.settled.given_way)
    conflicts = {}
    for one in found.settled.contradictions:
        if one.blamed in flagged:
            continue
        gap = _spanned(found, one.members)
        kind = "rounding" if one.expected else _class_of(found, one.members, gap)
        score = _CONFIDENCE.get(kind, 1.0) * (20 + min(20.0, 40 * gap))
        why = "as worded they have no common point" + (" with the identities" if len(one.members) > 2 else "")
        blamed = () if one.blamed < 0 or kind == "rounding" else (one.blamed,)
        conflicts[one.members] = Found(kind, one.members, blamed, gap, score, why)
    return list(conflicts.values())


def _spanned(found: Reconciliation, members: Sequence[int]) -> float:
    """Return the log distance between what the set says with and without its farthest member."""
    seen = found.system.observations
    middles: dict[tuple[int, int], list[float]] = {}
    for row in members:
        high = seen.high[row] if np.isfinite(seen.high[row]) else seen.soft_high[row]
        middles.setdefault((int(seen.fact[row]), int(seen.base[row])), []).append(
            max((seen.low[row] + high) / 2, 1e-300)
        )
    spans = [math.log(max(values) / min(values)) for values in middles.values() if len(values) > 1]
    if spans:
        return max(spans)
    off = [
        abs(float(found.estimate.residual[row])) for row in members if np.isfinite(found.estimate.residual[row])
    ]
    return max(off, default=0.0)


def _class_of(found: Reconciliation, members: Sequence[int], gap: float) -> str:
    """Return the class of claims that wording rules out together."""
    seen = found.system.observations
    keys = [found.system.keys[seen.fact[row]] for row in members]
    if all(measure(key.indicator).unspecified for key in keys):
        return "definition"
    if len(members) == 2 and keys[0] == keys[1]:
        power = gap / math.log(10)
        if round(power) >= 1 and abs(power - round(power)) < 0.04:
            return "unit_scale"
        if _meet_roughly(found, members):
            return "rounding"
        if keys[0].modality in PROMISES and _days_apart(found, members) > _STALE_DAYS:
            return "stale"
        return "dispute"
    return "rounding" if gap < 0.02 else "dispute"


def _meet_roughly(found: Reconciliation, members: Sequence[int]) -> bool:
    """Tell whether two intervals meet once the coarser figure is read as an approximate one."""
    seen = found.system.observations
    coarse, fine = sorted(members, key=lambda row: (-(seen.high[row] - seen.low[row]), row))
    middle = (seen.low[coarse] + min(seen.high[coarse], seen.soft_high[coarse])) / 2
    low, high = (
        min(seen.low[coarse], middle * (1 - APPROXIMATELY)),
        max(seen.high[coarse], middle * (1 + APPROXIMATELY)),
    )
    return bool(low <= seen.high[fine] and seen.low[fine] <= high)


def _positive(found: Reconciliation, rows: Sequence[int]) -> bool:
    return bool(np.all(found.system.observations.low[list(rows)] > 0))


def _days_apart(found: Reconciliation, members: Sequence[int]) -> int:
    """Return the days that lie at least between the publication of two claims, told by day, month or year."""
    published = found.claims["published"]
    told = [parse_period(published[int(found.system.observations.claim[row])] or "") for row in members]
    if len(told) != 2 or told[0] is None or told[1] is None:
        return 0
    return max((told[1].first - told[0].last).days, (told[0].first - told[1].last).days, 0)


def _look_alike(found: Reconciliation, pair: LookAlikes) -> Found:
    kind = (
        "rounding"
        if pair.kind == "dispute" and _positive(found, pair.rows) and _meet_roughly(found, pair.rows)
        else pair.kind
    )
    why = {
        "side": "two sides' statistics of one flow",
        "measure": "they measure different things under one name",
        "stage": "one counts what is announced, the other what has been begun or signed",
        "coverage": "they cover more or less of the same thing",
        "period": "they are dated differently, though the thing belongs to no year"
        if pair.kind != "stale"
        else "the same value is promised for a later date each time",
        "modality": "a promise beside an outcome"
        if pair.kind == "forecast_vs_outcome"
        else "an estimate or an allegation beside a count",
        "proportion": "out of all proportion to its kin",
    }.get(pair.facet, "one says yes or up, the other no or down")
    score = _CONFIDENCE.get(kind, 1.0) * (15 + min(20.0, 10 * pair.gap))
    return Found(kind, pair.rows, (), pair.gap, score, why, facet=pair.facet, stranger=pair.stranger)


def _copies_of(found: Reconciliation) -> dict[int, list[int]]:
    copies: dict[int, list[int]] = {}
    for row in np.flatnonzero(~found.copies.counted).tolist():
        copies.setdefault(int(found.copies.original[row]), []).append(row)
    return copies
