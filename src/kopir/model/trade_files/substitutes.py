"""Who else sells what a state buys from one partner, and how fast their sales have grown."""

from __future__ import annotations

import polars as pl

LEAST_SHARE = 0.1
"""Part of a group's imports from which a seller is one whose place others would have to take."""
LEAST_GROUP = 0.002
"""Part of all imports below which a group is left out."""
SELLER = 0.01
"""Part of what others sell from which a state counts as another seller."""

SCHEMA = {
    "partner": pl.String,
    "group": pl.String,
    "bought_musd": pl.Float64,
    "bought_pct": pl.Float64,
    "others_musd": pl.Float64,
    "other_sellers": pl.Int64,
    "next_seller": pl.String,
    "next_pct": pl.Float64,
    "needed_pct": pl.Float64,
    "grew_pct": pl.Float64,
}


def substitutes(bought: pl.DataFrame, sold: pl.DataFrame, focal_state: str) -> pl.DataFrame:
    """Return :data:`SCHEMA` for each seller of at least a tenth of a group that the focal state buys.

    ``bought`` has ``group``, ``partner`` and ``value_musd`` of the focal state's imports in the last year of
    ``sold`` (year, seller, group, value_musd: what each state sells to all others). ``others_musd`` is what states
    other than the partner and the focal state sell to others than the focal state, ``other_sellers`` those with a
    hundredth of it, ``next_seller`` the largest. ``needed_pct`` is how much more they would have to sell to take
    the partner's place; ``grew_pct`` the largest growth of their sales from one year of the files to the next
    (blank for a single year): what was seen, in value, is no promise of what can be. Sorted by what is needed.
    """
    year = max(sold["year"].to_list(), default="")
    total = bought.group_by("group").agg(whole=pl.col("value_musd").sum())
    least = LEAST_GROUP * max(total["whole"].to_list(), default=0.0)
    parts = bought.join(total, on="group").with_columns(share=pl.col("value_musd") / pl.col("whole"))
    chosen = parts.filter(pl.col("share") >= LEAST_SHARE, pl.col("whole") >= least, pl.col("partner") != "")
    ours = {
        (group, partner): value for group, partner, value in bought.select("group", "partner", "value_musd").rows()
    }
    rows = []
    for row in chosen.sort("group", "partner").iter_rows(named=True):
        others = sold.filter(
            pl.col("group") == row["group"], ~pl.col("seller").is_in([row["partner"], focal_state, ""])
        )
        last = [
            (value - ours.get((row["group"], seller), 0.0), seller)
            for seller, value in others.filter(year=year).select("seller", "value_musd").rows()
        ]
        whole = sum(max(value, 0.0) for value, _ in last)
        first = max(last, default=(0.0, ""))
        rows.append(
            {
                "partner": row["partner"],
                "group": row["group"],
                "bought_musd": row["value_musd"],
                "bought_pct": 100 * row["share"],
                "others_musd": whole,
                "other_sellers": sum(value >= SELLER * whole for value, _ in last) if whole else 0,
                "next_seller": first[1] if whole else None,
                "next_pct": 100 * first[0] / whole if whole else None,
                "needed_pct": 100 * row["value_musd"] / whole if whole else None,
                "grew_pct": _growth(others),
            }
        )
    found = pl.DataFrame(rows, schema=SCHEMA)
    return found.sort("needed_pct", "group", "partner", descending=[True, False, False], nulls_last=False)


def _growth(others: pl.DataFrame) -> float | None:
    """Return the largest growth of all their sales from one calendar year to the next, per cent."""
    by_year = dict(others.group_by("year").agg(pl.col("value_musd").sum()).rows())
    pairs = [(by_year[year], by_year.get(str(int(year) + 1))) for year in by_year]
    found = [100 * (after / before - 1) for before, after in pairs if after is not None and before > 0]
    return max(found, default=None)
