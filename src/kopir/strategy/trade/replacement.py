"""Whether goods of a partner can be replaced: the elasticities, horizons and caps at which they cannot."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl

from kopir.core.folders.settings import Horizons
from kopir.strategy.trade.sectors import HORIZONS, Sector, joint_draw

THRESHOLDS = (0.1, 0.5, 1.0)
"""Loss per dollar of goods withheld above which they count as not replaced."""
_SCHEMA = {
    "partner": pl.String,
    "sector": pl.String,
    "threshold": pl.Float64,
    "sigma_below": pl.Float64,
    "cap_above": pl.Float64,
    **dict.fromkeys((*HORIZONS, "holds_to_month", "fails_from_month"), pl.String),
    **{f"{horizon}_sigma_{end}": pl.Float64 for horizon in HORIZONS for end in ("low", "high")},
}


def replacement(rows: Mapping[tuple[str, str], Sector], severity: float, horizons: Horizons) -> pl.DataFrame:
    """Return where "these goods cannot be replaced" is true of each partner and sector with a known share.

    It is taken to mean that a dollar of goods withheld costs at least ``threshold`` dollars more than it was
    worth in trade. With the share ``s`` withheld that holds for elasticities up to ``sigma_below = 1 + ln(1 /
    (1 - s)) / ln(1 + threshold * s)`` (the variety loss solved for its elasticity), provided that the value of
    doing without is at least ``cap_above = threshold * s`` of the spending. For each horizon the verdict is
    ``true``, ``false`` or ``open`` over the whole intervals; ``holds_to_month`` is the last month up to which
    it is true, ``fails_from_month`` the first from which it is false (blank: never within the horizons), and
    ``_sigma_low``, ``_sigma_high`` are the ends of the elasticity reached.
    Sectors of the quantity form, whose goods are not replaced by assumption, are left out.
    """
    found = []
    for (party, code), sector in sorted(rows.items()):
        if sector.spending is None or sector.form != "variety" or not sector.knows("long"):
            continue
        share = severity * float(sector.share())
        if share <= 0:
            continue
        log_left = math.log1p(-share) if share < 1 else -math.inf
        for threshold in THRESHOLDS:
            below = 1 - log_left / math.log1p(threshold * share)
            verdicts = [_verdict(sector, index, threshold, severity) for index in range(len(HORIZONS))]
            words = (*verdicts, *_months(verdicts, horizons))
            found.append((party, code, threshold, below, threshold * share, *words, *_reached(sector)))
    return pl.DataFrame(found, schema=_SCHEMA, orient="row")


def _verdict(sector: Sector, index: int, threshold: float, severity: float) -> str:
    horizon = HORIZONS[index]
    if not sector.knows(horizon):
        return "unknown"
    fine = () if sector.spending is None else (sector.spending.ref,)
    draw = joint_draw([sector.behind(horizon)], fine)
    excess = sector.loss(horizon, severity, draw) - threshold * severity * sector.bought(draw)
    if np.all(excess >= 0):
        return "true"
    return "false" if np.all(excess < 0) else "open"


def _reached(sector: Sector) -> list[float | None]:
    ends: list[float | None] = []
    for horizon in HORIZONS:
        if sector.knows(horizon):
            sigma = sector.sigma(horizon, joint_draw([sector.behind(horizon)]))
            ends += [float(sigma.min()), float(sigma.max())]
        else:
            ends += [None, None]
    return ends


def _months(verdicts: list[str], horizons: Horizons) -> tuple[str | None, str | None]:
    firsts = (horizons.short[0], horizons.medium[0], horizons.medium[1] + 1)
    lasts = (str(horizons.short[1]), str(horizons.medium[1]), "always")
    true = next((index for index, verdict in enumerate(verdicts) if verdict != "true"), len(verdicts))
    false = next((index for index in range(len(verdicts)) if set(verdicts[index:]) == {"false"}), None)
    return (lasts[true - 1] if true else None), (None if false is None else str(firsts[false]))
