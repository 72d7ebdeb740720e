"""Who sells what to the focal state and who buys from it: shares, both ways, and how concentrated they are."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.ties.trade import ALL
from kopir.model.trade_files.ranks import OFF, ranked_within

LEAST = 0.002
"""Share of all imports below which a product group is not said to be what the state depends on a partner for."""

_PARTNERS = {
    "partner": pl.String,
    **dict.fromkeys(("import_musd", "import_pct", "export_musd", "export_pct"), pl.Float64),
    **dict.fromkeys(
        (f"{flow}_rank_{end}" for flow in ("import", "export") for end in ("best", "worst")), pl.Int64
    ),
    "group": pl.String,
    "group_pct": pl.Float64,
}


@dataclass(frozen=True)
class Exposure:
    """Trade of the last year both ways, million USD and per cent.

    ``partners`` has a row for each partner, the largest of both ways together first: bought from and sold to it,
    their part of all, its best and worst rank where each figure may be off by a part, and the product group (of
    at least :data:`LEAST` of imports) of which it sells the largest part. ``groups`` has a row for each imported
    product group: value, first seller and its part, number of sellers, and the sum of squared shares (0 to 1), the
    most concentrated first.
    """

    year: str
    partners: pl.DataFrame
    groups: pl.DataFrame


def exposure(model: Model, off: float = OFF) -> Exposure:
    """Return the trade of the last year of ``trade.csv``; a partner without a figure has none, not nought.

    ``off`` is the part by which each figure may be off, apart from the others: what ranks leave open.
    """
    rows = model.table("trade").select("year", "flow", "partner", "sector", "value")
    year = max(rows["year"].to_list(), default="")
    rows = rows.filter(year=year)
    whole = rows.filter(pl.col("partner").is_null()).select("flow", "sector", whole="value")
    parts = rows.filter(pl.col("partner").is_not_null(), pl.col("value") > 0)
    parts = parts.join(whole, on=["flow", "sector"], how="left")
    parts = parts.with_columns(share=pl.col("value") / pl.col("whole"))
    return Exposure(year, _partners(parts, whole, off), _groups(parts))


def _partners(parts: pl.DataFrame, whole: pl.DataFrame, off: float) -> pl.DataFrame:
    sides = {
        flow: parts.filter(flow=flow, sector=ALL).select(
            "partner",
            pl.col("value").alias(f"{flow}_musd"),
            (100 * pl.col("share")).alias(f"{flow}_pct"),
            *ranked_within(off, "value", f"{flow}_rank"),
        )
        for flow in ("import", "export")
    }
    total = float(whole.filter(flow="import", sector=ALL)["whole"].sum() or 0)
    most = (
        parts.filter(pl.col("whole") >= LEAST * total, pl.col("sector") != ALL, flow="import")
        .sort("share", "sector", descending=[True, False])
        .group_by("partner", maintain_order=True)
        .first()
        .select("partner", group="sector", group_pct=100 * pl.col("share"))
    )
    both = sides["import"].join(sides["export"], on="partner", how="full", coalesce=True)
    size = pl.col("import_musd").fill_null(0) + pl.col("export_musd").fill_null(0)
    found = both.join(most, on="partner", how="left").sort(size, "partner", descending=[True, False])
    return found.select([pl.col(name).cast(dtype) for name, dtype in _PARTNERS.items()])


def _groups(parts: pl.DataFrame) -> pl.DataFrame:
    bought = parts.filter(pl.col("sector") != ALL, flow="import").sort(
        "share", "partner", descending=[True, False]
    )
    return (
        bought.group_by("sector", maintain_order=True)
        .agg(
            value_musd=pl.col("whole").first(),
            first=pl.col("partner").first(),
            first_pct=100 * pl.col("share").first(),
            sellers=pl.len().cast(pl.Int64),
            concentration=(pl.col("share") ** 2).sum(),
        )
        .sort("concentration", "sector", descending=[True, False])
    )
