"""``kopir ledger``: announced deals, and promises with what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kopir.cli.options import AsOf, Delivery, Model
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import open_book

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from kopir.core.folders.folder import Folder
    from kopir.facts import FactBook

_DEALS = {
    "date": "date",
    "deal": "deal",
    "title": "what",
    "said": "said to be",
    "status": "status",
    "part_of": "counted in",
    "listed_said": "items sum to",
    "excess_said": "too much by",
}
_PARTNERS = {
    "partner": "partner",
    "status": "status",
    "deals": "deals",
    "all_said": "all rows",
    "once_said": "counted once",
    "share": "share of status",
}
_BEGUN = {"since": "since", "deal": "deal", "said": "said to be", "status": "status"}
_TARGETS = {
    "deadline": "by",
    "target": "promise",
    "said": "promised",
    "stands": "came of it, or latest",
    "growth": "growth a year",
    "met": "met",
    "earlier": "earlier",
    "earlier_met": "met of them",
}
_FEASIBLE = {
    "target": "promise",
    "wanted_mt": "wanted, Mt",
    "today_mt": "today",
    "under_way_mt": "under way",
    "decided_mt": "decided",
    "proposed_mt": "proposed",
    "most_mt": "most",
    "low_mt": "low",
    "high_mt": "high",
    "verdict": "capacities",
    "as_decided": "as decided",
}


def ledger(
    what: Annotated[Literal["deals", "targets"], typer.Argument(help="deals or targets.")],
    delivery: Delivery,
    *,
    model: Model = ".",
    as_of: AsOf = None,
) -> None:
    """List deals with double counting, or promises with outcome, growth needed and what capacities allow."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.clock import today

        day = today() if as_of is None else as_of.date()
        folder, book = open_book(model, stages, day=day)
        found = _deals(folder, book) if what == "deals" else _targets(folder, book, stages, day)
        return replace(
            found, record={**found.record, "as_of": day.isoformat()}, parts=(*found.parts, f"as of {day}")
        )

    deliver(delivery, ask, folder=model)


def _deals(folder: Folder, book: FactBook) -> Reply:
    from kopir.facts import deals_ledger

    found = deals_ledger(book, folder)
    told = found.table.filter(~found.table["deal"].str.contains("|", literal=True))
    rest = len(found.table) - len(told)
    return Reply(
        record={
            "deals": found.table.to_dicts(),
            "partners": found.partners.to_dicts(),
            "begun": found.begun.to_dicts(),
        },
        main=Grid.of(found.table),
        parts=(
            Grid.of(told if len(told) else found.table, **_DEALS),
            Grid.of(_shared(found.partners), "what the deals with each partner sum to, by status", **_PARTNERS),
            Grid.of(found.begun, "deals that became money", **_BEGUN)
            if len(found.begun)
            else "no deal is told to be under way or done",
        ),
        notes=(f"{rest} more that only facts tell of: --csv and --json have all",) if rest and len(told) else (),
    )


def _shared(partners: pl.DataFrame) -> pl.DataFrame:
    """Return the sums with the share of each partner in words; blank where a partner is alone in its unit."""
    import polars as pl

    words = []
    for low, high in partners.select("share_low", "share_high").iter_rows():
        ends = [] if low is None or low == 1 else sorted({f"{100 * end:.0f}" for end in (low, high)}, key=int)
        words.append(f"{' to '.join(ends)} %" if ends else None)
    return partners.with_columns(pl.Series("share", words, pl.String))


def _targets(folder: Folder, book: FactBook, stages: Stages, day: date) -> Reply:
    from kopir.facts import targets_ledger
    from kopir.model.folder.opening import open_model
    from kopir.strategy.outlook.feasibility import target_feasibility

    found = targets_ledger(book, folder).table
    shown = _growing(found)
    parts: tuple[Grid | str, ...] = (_promises(shown),)
    feasible = None
    if len(folder.tables["targets"].cells):
        with stages.stage("asking the network"):
            feasible = target_feasibility(open_model(folder.path, as_of=day)).table
        parts = (
            _promises(shown.filter(~found["target"].str.contains("|", literal=True))),
            Grid.of(
                feasible.filter(feasible["verdict"].is_not_null()), "do the capacities allow it", **_FEASIBLE
            ).showing(
                "promise", "wanted, Mt", "today", "decided", "most", "low", "high", "capacities", "as decided"
            ),
            "\n".join(_reason(row) for row in feasible.iter_rows(named=True)),
        )
        found = found.join(feasible.drop("deadline"), on="target", how="left", maintain_order="left")
    told = sum("|" not in name for name in found["target"])
    return Reply(
        record={"targets": found.to_dicts()},
        main=Grid.of(found),
        parts=parts,
        notes=(f"{len(found) - told} more that only facts tell of: --csv and --json have all",) if told else (),
    )


def _promises(shown: pl.DataFrame) -> Grid:
    return Grid.of(shown, **_TARGETS).showing(
        "by", "promise", "promised", "came of it, or latest", "growth a year", "met"
    )


def _growing(found: pl.DataFrame) -> pl.DataFrame:
    """Return the promises with what stands beside each and the growth that it needs, in words."""
    import polars as pl

    columns = ("outcome_said", "deadline", "present_said", "present_period")
    stands = [
        f"{said} ({of})" if said and of else said
        for outcome, deadline, present, period in found.select(columns).iter_rows()
        for said, of in [(outcome, deadline) if outcome else (present, period)]
    ]

    words = []
    for low, high in found.select("growth_low", "growth_high").iter_rows():
        ends = (
            [] if low is None or high is None else list(dict.fromkeys(f"{100 * end:.1f}" for end in (low, high)))
        )
        words.append(f"{' to '.join(ends)} %" if ends else None)
    told = {"growth": words, "stands": stands}
    return found.with_columns(pl.Series(name, values, pl.String) for name, values in told.items())


def _reason(row: dict[str, Any]) -> str:
    if row["verdict"] is None:
        return f"{row['target']}: not asked ({row['why']})"
    needs = f"needs {', '.join(row['options'])}; " if row["options"] else ""
    late = f"; too late: {', '.join(row['too_late'])}" if row["too_late"] else ""
    return f"{row['target']}: {needs}held back by {', '.join(row['binding'])}{late} ({row['why']})"
