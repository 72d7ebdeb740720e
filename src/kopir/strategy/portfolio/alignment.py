"""Votes and governance beside the portfolio: columns to read, never part of a loss."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells

IDEAL_POINT, STABILITY = "UNGA_", "WGI_PV_"
"""What the names of the series begin with; a state's code follows."""

_Row = tuple[int, float, CellRef]


def alignment(model: Model, partners: Iterable[str]) -> tuple[pl.DataFrame, dict[tuple[str, str], Cells]]:
    """Return how far each partner votes from the focal state, and its political stability, with their cells.

    Columns: partner; ``unga_distance``, the absolute difference of ideal points in the General Assembly (Bailey,
    Strezhnev and Voeten 2017) in the latest year both have; ``unga_year``; ``stability``, the estimate of
    political stability of the Worldwide Governance Indicators (standard normal units; Kaufmann, Kraay and
    Mastruzzi 2011); ``stability_year``. Null where ``series.csv`` has none, as for unions.
    """
    points, stability = _series(model, IDEAL_POINT), _series(model, STABILITY)
    own = {year: (value, ref) for year, value, ref in points.get(model.focal_state, [])}
    rows = []
    cells: dict[tuple[str, str], Cells] = {}
    for partner in sorted(partners):
        common = [row for row in points.get(partner, []) if row[0] in own]
        vote, governed = max(common, default=None), max(stability.get(partner, []), default=None)
        if vote is not None:
            cells[partner, "unga_distance"] = (own[vote[0]][1], vote[2])
        if governed is not None:
            cells[partner, "stability"] = (governed[2],)
        rows.append(
            {
                "partner": partner,
                "unga_distance": None if vote is None else abs(vote[1] - own[vote[0]][0]),
                "unga_year": None if vote is None else vote[0],
                "stability": None if governed is None else governed[1],
                "stability_year": None if governed is None else governed[0],
            }
        )
    schema = {"partner": pl.String, "unga_distance": pl.Float64, "unga_year": pl.Int64}
    schema |= {"stability": pl.Float64, "stability_year": pl.Int64}
    return pl.DataFrame(rows, schema=schema), cells


def _series(model: Model, prefix: str) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in model.table("series").iter_rows(named=True):
        if row["series"].startswith(prefix) and row["period"].isdecimal():
            code = row["series"].removeprefix(prefix)
            found.setdefault(code, []).append(
                (int(row["period"]), row["value"], CellRef("series", row["line"], "value"))
            )
    return found
