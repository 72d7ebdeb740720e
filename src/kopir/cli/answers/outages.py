"""``kopir outages`` and ``kopir worst``: losses of every set of assets, and the worst of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply, figure
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    import polars as pl

    from kopir.strategy.outages.outages import OutagesResult, WorstResult

SHOWN = 12


def _outages(told: Told) -> Reply:
    found: OutagesResult = told.answer.result
    unit = "million USD" if found.measure == "value" else "Mt"
    ways = ", ".join(f"{count:,} {how}" for how, count in found.certified.items())
    head = (
        f"every set of at most {found.assets} of {len(found.every.assets)} assets lost wholly: "
        f"{found.sets:,} sets, {found.horizon} horizon, {unit} a year against {figure(found.undisturbed)} "
        f"undisturbed; nobody refuses, best response\nevery loss is certified: {ways}"
    )
    short = "beyond any split of them" if found.together.height else "no set loses more than a split of it"
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(
            head,
            _grid(found.table, f"the worst, {unit} a year (none has a member to spare; ties are counted)"),
            _grid(found.together, f"worse together: {short}, {unit} a year"),
            _grid(found.critical, f"assets by what they add to the loss of others (Birnbaum), {unit} a year"),
            _grid(found.least, f"the fewest assets that take a share, and the worst of so many, {unit} a year"),
        ),
        run=told.answer.run,
        notes=(
            f"the tables show {SHOWN} rows; --csv has the worst, --json all, --store DIR every set as Parquet",
        ),
    )


def _worst(told: Told) -> Reply:
    import polars as pl

    found: WorstResult = told.answer.result
    unit = "Mt" if "loss_mt" in found.table.columns else "million USD"
    tried = "every set is tried, every tie without a member to spare listed"
    table = found.table.drop("gap", pl.selectors.starts_with("bound_"))
    if found.stopped_after is not None:
        gap = "nothing is proven" if found.gap is None else f"the gap is up to {100 * found.gap:.2g} %"
        tried = f"the search ended at its limit of {found.stopped_after:g} s: these are the worst found, {gap}"
        table = found.table
    head = (
        f"the worst of {found.sets:,} sets of {found.of}, {found.horizon} horizon, {unit} a year against "
        f"{figure(found.undisturbed)} undisturbed; {tried}"
    )
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(head, Grid.of(table, f"worst {found.of} by how many")),
        run=told.answer.run,
    )


def _grid(table: pl.DataFrame, title: str) -> Grid:
    return Grid.of(table.head(SHOWN), title)


outages = command_of(Questions.outages, _outages, speaks=False)
worst = command_of(Questions.worst, _worst, speaks=False)
