"""``kopir rebase``: a later base year, made of the facts that continue those of the base."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import Delivery, Holding, Model, Span
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import folder_of, open_book
from kopir.core.errors import Fault, KopirError

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.folders.folder import Folder
    from kopir.model.folder.rebasing import Rebased
    from kopir.model.folder.seen_capacity import Raised

_MADE = {
    "base": "in place of",
    "before": "base",
    "after": "new base",
    "unit": "unit",
    "how": "how",
    "fact": "fact",
}
_CARRIED = {"fact": "fact", "period": "of", "value": "value", "unit": "unit", "what": "what"}
_MOVES = {"figure": "figure", "before": "before", "after": "after", "step": "step", "why": "by what"}
SCREEN = 20
"""Rows that are shown of each table; all are in --json, the facts made also in --csv."""


def rebase(
    holding: Holding,
    span: Span,
    delivery: Delivery,
    *,
    model: Model = ".",
    to: Annotated[str, typer.Option("--to", metavar="PERIOD", help="The new base: 2026, or half of it, 2026-H1.")],
    even: Annotated[
        bool, typer.Option("--even", help="Count half a year as half of it where nothing tells the other half.")
    ] = False,
    like: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACT=FACT[,FACT=FACT]", help="A fact carried over that moves as one that continues."
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write the new base into the model; without it nothing is written.")
    ] = False,
) -> None:
    """Show a later base: facts that continue the base, halves made years, what is carried over, what moves."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.folders.folder import refuse_changed
        from kopir.core.folders.together import changing
        from kopir.facts import continuations
        from kopir.model.folder.rebasing import base_facts, parse_target, rebased
        from kopir.model.folder.revising import changed_files

        with changing(folder_of(model), wait=holding.wait) if write else nullcontext() as change:
            folder, book = open_book(model, stages, compare=False)
            parse_target(folder, to)
            later = continuations(book, folder, base_facts(folder), to)
            words = [one.partition("=") for one in ",".join(like or ()).split(",") if one]
            pairs = {fact.strip(): other.strip() for fact, _, other in words}
            found = rebased(folder, later, to, even=even, like=pairs)
            with stages.stage("solving"):
                found, raised, moves, faults = _solved(folder, found, span)
            files = dict(changed_files(folder, found.folder))
            if change is not None and not faults:
                refuse_changed(folder)
                change.write(files)
        written = tuple(sorted(files)) if write and not faults else ()
        return _reply(folder, found, raised, (moves, faults), written)

    deliver(delivery, ask, folder=model)


def _solved(
    folder: Folder, found: Rebased, span: Span
) -> tuple[Rebased, tuple[Raised, ...], pl.DataFrame | None, tuple[Fault, ...]]:
    """Return the new base with its capacities raised, the headline figures that move, and faults; as of today."""
    from kopir.core.clock import today
    from kopir.model.folder.revising import model_on
    from kopir.model.folder.seen_capacity import raised_capacities, with_raised
    from kopir.strategy.outlook.headline import headline_moves
    from kopir.strategy.value.setup import prepare

    before = prepare(model_on(folder, today()))
    raised: tuple[Raised, ...] = ()
    try:
        raised = raised_capacities(model_on(found.folder, today()))
        found = replace(found, folder=with_raised(found.folder, raised))
        after = prepare(model_on(found.folder, today()))
        return found, raised, headline_moves(before, after, found.roots, span.horizon), ()
    except KopirError as error:
        return found, raised, None, tuple(error.faults)


def _reply(
    folder: Folder,
    found: Rebased,
    raised: tuple[Raised, ...],
    solved: tuple[pl.DataFrame | None, tuple[Fault, ...]],
    written: tuple[str, ...],
) -> Reply:
    from kopir.model.folder.rebasing import sunken
    from kopir.model.folder.seen_capacity import raised_in_words

    made, derived = _made(folder, found)
    carried = _carried(found)
    moves, faults = solved
    year = found.folder.settings.model.base_year
    assumed = made["how"].str.ends_with("an assumption").sum()
    counts = (
        f"{len(made) - derived - assumed} facts continue or end, {assumed} move by assumption, {derived} are "
        f"derived, {len(carried)} are carried over"
    )
    parts: list[str | Grid] = [
        f"base year {year} in place of {folder.settings.model.base_year}: {counts}",
        Grid.of(made.head(SCREEN), **_MADE),
        Grid.of(carried.head(SCREEN), "carried over: nothing later is held of them", **_CARRIED),
    ]
    if raised:
        parts.append("\n".join(raised_in_words(raised)))
    if moves is not None:
        parts.append(Grid.of(moves.head(SCREEN), "headline figures that move", **_MOVES))
    advice = "take in later figures of what is carried over, or let it move with --like FACT=FACT"
    stopped = "\n".join(
        ("the model would be at fault: nothing is solved or written", *sunken(found, folder), advice)
    )
    parts.append(
        stopped if faults else f"wrote {', '.join(written)}" if written else "nothing is written: --write does"
    )
    return Reply(
        record={
            "base_year": year,
            "made": made.to_dicts(),
            "carried": carried.to_dicts(),
            "raised": [{**asdict(one), "commodities": sorted(one.commodities)} for one in raised],
            "figures": [] if moves is None else moves.to_dicts(),
            "written": list(written),
        },
        main=Grid.of(made),
        parts=tuple(parts),
        notes=(fault_text(faults, None),) if faults else (),
        faults=faults,
        exit_code=1 if faults else 0,
    )


def _made(folder: Folder, found: Rebased) -> tuple[pl.DataFrame, int]:
    """Return the facts of the new year, those that continue first, and how many are derived."""
    import polars as pl

    rows = {row["fact"]: row for row in folder.tables["facts"].records()}
    derived = {base for base, row in found.made if rows[base]["formula"] and row["note"] == rows[base]["note"]}
    table = pl.DataFrame(
        [
            {
                "base": base,
                "before": float(rows[base]["value"]),
                "after": float(row["value"]),
                "unit": row["unit"],
                "how": "derived" if base in derived else row["note"],
                "fact": row["fact"],
            }
            for base, row in found.made
        ]
    ).sort(pl.col("how") == "derived", "base")
    return table, len(derived)


def _carried(found: Rebased) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        [
            {"fact": row["fact"], "period": row["period"], "value": float(row["value"]), "unit": row["unit"]}
            | {"what": row["note"]}
            for row in found.carried
        ],
        schema={"fact": pl.String, "period": pl.String, "value": pl.Float64, "unit": pl.String, "what": pl.String},
    )
