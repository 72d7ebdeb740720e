"""Tables of a reconciliation: facts, claims with their verdicts, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.facts.claimed._keys import RATIO_KINDS, SLOTS, Key
from kopir.facts.settled._reconciliation import Reconciliation

VERDICTS = ("supports", "opposes", "repeats", "not used")


def claim_table(found: Reconciliation) -> pl.DataFrame:
    """Return the claims with ``key``, ``fact`` (its number), ``verdict`` and ``original`` (the claim repeated)."""
    seen = found.system.observations
    ids = np.array(found.claims["id"].to_list(), dtype=object)
    verdict = np.full(len(ids), "not used", dtype=object)
    key = np.full(len(ids), None, dtype=object)
    fact = np.full(len(ids), -1)
    original = np.full(len(ids), None, dtype=object)
    names = [str(one) for one in found.system.keys]
    fact[seen.claim] = seen.fact
    key[seen.claim] = [names[one] for one in seen.fact]
    supported = supports(found)
    verdict[seen.claim] = np.where(supported, "supports", "opposes")
    copied = ~found.copies.counted
    verdict[seen.claim[copied]] = "repeats"
    original[seen.claim[copied]] = ids[seen.claim[found.copies.original[copied]]]
    return found.claims.with_columns(
        pl.Series("key", key.tolist(), pl.String),
        pl.Series("fact", fact, pl.Int64),
        pl.Series("verdict", verdict.tolist(), pl.String),
        pl.Series("original", original.tolist(), pl.String),
    )


def supports(found: Reconciliation) -> NDArray[np.bool_]:
    """Return which observations the settled facts bear out: as worded, or within the noise of their source."""
    seen, settled = found.system.observations, found.settled
    value = settled.value
    base = np.where(seen.base >= 0, value[np.maximum(seen.base, 0)], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        stated = np.where(
            seen.base < 0,
            value[seen.fact],
            np.where(seen.difference, value[seen.fact] - base, value[seen.fact] / base),
        )
    slack = 1e-7 * np.abs(stated)
    worded = (seen.low - slack <= stated) & (stated <= seen.high + slack)
    noisy = found.estimate.inlier > 0.5
    silent = ~np.isfinite(stated)
    held = worded | noisy | silent
    gone = list(settled.given_way)
    held[gone] = False
    return np.asarray(held)


def fact_table(found: Reconciliation, claims: pl.DataFrame) -> pl.DataFrame:
    """Return one row a key, and one a ratio or difference of two keys, as :class:`FactBook` describes."""
    settled, keys = found.settled, found.system.keys
    anchored = np.flatnonzero((settled.basis != "none") & ~settled.unscaled & np.isfinite(settled.value))
    rows = _key_rows(
        [keys[one] for one in anchored], settled.value[anchored], settled.low[anchored], settled.high[anchored]
    )
    rows = rows.with_columns(
        pl.Series("fact", anchored, pl.Int64),
        pl.lit("level").alias("kind"),
        pl.lit(None, pl.String).alias("base"),
        pl.Series("basis", settled.basis[anchored].tolist(), pl.String),
    )
    table = pl.concat([rows, _relative_rows(found), _pair_rows(found)], how="diagonal")
    table = table.join(_voices(claims), on=["fact", "kind"], how="left").join(_ties(found), on="fact", how="left")
    table = table.join(_hinges(found), on="fact", how="left")
    blank = pl.lit([], pl.List(pl.String))
    table = table.with_columns(
        pl.col("supporting", "opposing", "identities").fill_null(blank),
        pl.when(pl.col("low").is_finite()).then("low").alias("low"),
        pl.when(pl.col("high").is_finite()).then("high").alias("high"),
    )
    table = table.with_columns(_status())
    return table.sort("key", "kind", "base", nulls_last=False).select(FACT_COLUMNS)


FACT_COLUMNS = (
    "key", "kind", "base", *SLOTS, "modality", "part", "value", "low", "high", "basis", "status",
    "supporting", "opposing", "identities", "hinge", "without",
)  # fmt: skip


def _key_rows(
    keys: list[Key], value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> pl.DataFrame:
    names = (*SLOTS, "modality", "part")
    columns: dict[str, list[object]] = {
        name: [list(key.partners) if name == "partners" else getattr(key, name) or None for key in keys]
        for name in names
    }
    return pl.DataFrame(
        {"key": [str(key) for key in keys], **columns, "value": value, "low": low, "high": high},
        schema={
            "key": pl.String,
            **{name: pl.List(pl.String) if name == "partners" else pl.String for name in names},
            "value": pl.Float64,
            "low": pl.Float64,
            "high": pl.Float64,
        },
    )


def _relative_rows(found: Reconciliation) -> pl.DataFrame:
    """Return the pieces of wholes that no level fixes, in per cent of the whole."""
    settled, keys = found.settled, found.system.keys
    chosen = [
        int(one)
        for one in np.flatnonzero(settled.unscaled)
        if not settled.low[one] == settled.high[one] == 1 and keys[one].part.startswith("rest")
    ]
    relative = [replace(keys[one], unit="pct") for one in chosen]
    rows = _key_rows(relative, 100 * settled.value[chosen], 100 * settled.low[chosen], 100 * settled.high[chosen])
    return rows.with_columns(
        pl.Series("fact", chosen, pl.Int64),
        pl.lit("share").alias("kind"),
        pl.lit(None, pl.String).alias("base"),
        pl.lit("identified").alias("basis"),
    )


def _pair_rows(found: Reconciliation) -> pl.DataFrame:
    """Return shares, changes, multiples and differences that claims state, as facts of their own."""
    seen, settled, keys = found.system.observations, found.settled, found.system.keys
    kinds = found.claims["kind"].to_list()
    silenced = set(settled.given_way)
    pairs: dict[tuple[int, int, str], list[int]] = {}
    for row in np.flatnonzero((seen.base >= 0) & found.copies.counted):
        place = (int(seen.fact[row]), int(seen.base[row]), kinds[seen.claim[row]])
        pairs.setdefault(place, []).append(int(row))
    rows, facts, kind, base, basis = [], [], [], [], []
    for (fact, against, what), members in sorted(pairs.items()):
        believed = [row for row in members if row not in silenced] or members
        low, high = float(seen.low[believed].max()), float(seen.high[believed].min())
        agreed = low <= high * (1 + 1e-12)
        if not agreed:
            low, high = float(seen.low[believed].min()), float(seen.high[believed].max())
        value = _stated_value(found, fact, against, what, (low, high))
        shift, factor = {"share": (0.0, 100.0), "change_pct": (1.0, 100.0)}.get(what, (0.0, 1.0))
        rows.append(tuple(factor * (edge - shift) for edge in (value, low, high)))
        facts.append(fact)
        kind.append(what)
        base.append(str(keys[against]))
        basis.append("identified" if agreed else "disputed")
    values = np.array(rows, dtype=np.float64).reshape(len(rows), 3)
    units = {"share": "pct", "change_pct": "pct", "mult": "x"}
    named = [
        replace(keys[one], unit=units.get(what, keys[one].unit)) for one, what in zip(facts, kind, strict=True)
    ]
    return _key_rows(named, values[:, 0], values[:, 1], values[:, 2]).with_columns(
        pl.Series("fact", facts, pl.Int64),
        pl.Series("kind", kind, pl.String),
        pl.Series("base", base, pl.String),
        pl.Series("basis", basis, pl.String),
    )


def _stated_value(found: Reconciliation, fact: int, against: int, what: str, ends: tuple[float, float]) -> float:
    value = found.settled.value
    low, high = ends
    if np.isfinite(value[fact]) and np.isfinite(value[against]):
        between = value[fact] / value[against] if what in RATIO_KINDS else value[fact] - value[against]
        return float(min(max(between, low), high))
    return (low + high) / 2 if np.isfinite(high) else low


def _voices(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims that support and oppose each fact, by what they state of it."""
    kind = pl.when(pl.col("kind").is_in([*RATIO_KINDS, "change_abs"])).then("kind").otherwise(pl.lit("level"))
    said = claims.filter(pl.col("fact") >= 0).with_columns(kind.alias("kind"))
    return said.group_by("fact", "kind").agg(
        pl.col("id").filter(pl.col("verdict") == "supports").sort().alias("supporting"),
        pl.col("id").filter(pl.col("verdict") == "opposes").sort().alias("opposing"),
    )


def _ties(found: Reconciliation) -> pl.DataFrame:
    """Return the identities that each fact stands in."""
    at = found.system.at
    pairs = [(at[key], str(one)) for one in found.system.identities for key in (one.total, *one.parts)]
    table = pl.DataFrame(pairs, schema={"fact": pl.Int64, "identities": pl.String}, orient="row")
    return table.group_by("fact").agg(pl.col("identities").unique().sort())


def _hinges(found: Reconciliation) -> pl.DataFrame:
    """Return, for each fact, the claim whose loss would move it most (``hinge``) and the value ``without`` it."""
    seen, estimate = found.system.observations, found.estimate
    push = np.nan_to_num(estimate.leverage * estimate.residual)
    rows = np.flatnonzero((seen.base < 0) & estimate.counted & (np.abs(push) > 1e-4))
    ids = found.claims["id"].to_list()
    table = pl.DataFrame(
        {
            "fact": seen.fact[rows],
            "hinge": [ids[claim] for claim in seen.claim[rows]],
            "push": np.abs(push[rows]),
            "without": found.settled.value[seen.fact[rows]] * np.exp(-push[rows]),
        },
        schema={"fact": pl.Int64, "hinge": pl.String, "push": pl.Float64, "without": pl.Float64},
    )
    return (
        table.sort("fact", "push", "hinge", descending=[False, True, False])
        .unique("fact", keep="first")
        .drop("push")
    )


def _status() -> pl.Expr:
    """Return how a fact is known: agreed, single, derived, bound (one side open), gap or disputed."""
    voices = pl.col("supporting").list.len()
    return (
        pl.when((pl.col("basis") == "disputed") | (pl.col("opposing").list.len() > 0))
        .then(pl.lit("disputed"))
        .when(pl.col("high").is_null())
        .then(pl.lit("bound"))
        .when(pl.col("part").fill_null("").str.starts_with("rest"))
        .then(pl.lit("gap"))
        .when(voices == 0)
        .then(pl.lit("derived"))
        .when(voices == 1)
        .then(pl.lit("single"))
        .otherwise(pl.lit("agreed"))
        .alias("status")
    )


def source_table(found: Reconciliation) -> pl.DataFrame:
    """Return each source with its class, claims, what was learned of it, and whom it copies."""
    names = found.names
    copies = {names[copier]: names[original] for copier, original in found.copies.pairs}
    counts: Mapping[int, int] = dict(enumerate(np.bincount(found.source, minlength=len(names)).tolist()))
    return pl.DataFrame(
        {
            "source": names,
            "class": found.classes,
            "claims": [counts[number] for number in range(len(names))],
            "noise": found.estimate.sources.noise,
            "bias": found.estimate.sources.bias,
            "copies": [copies.get(name) for name in names],
        },
        schema={
            "source": pl.String,
            "class": pl.String,
            "claims": pl.Int64,
            "noise": pl.Float64,
            "bias": pl.Float64,
            "copies": pl.String,
        },
    )
