"""``kopir facts``: claims into a fact book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import About, Date, Delivery, Holding, InputLang, Limits
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import folder_of, gather_claims, open_folder, parse_filters
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.folders.folder import Folder
    from kopir.core.folders.together import Change
    from kopir.facts import FactBook

SCREEN = 12
"""Changes that one screen holds."""
SHOWN = {"key": "key", "kind": "kind", "value": "value", "low": "low", "high": "high", "status": "status"}


def facts(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="CLAIMS...", help="Documents; claims as JSON Lines or Parquet, or a folder of Parquet."
        ),
    ],
    limits: Limits,
    holding: Holding,
    delivery: Delivery,
    *,
    into: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Update the fact book of this model folder.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="SLOT=WORD[,WORD]", help="Keep claims whose slot holds such a word; * is anything."),
    ] = None,
    date: Date = None,
    about: About = None,
    input_lang: InputLang = "auto",
    new: Annotated[
        str | None,
        typer.Option(metavar="STATE", help="Make the folder of --into first, with an empty book for this state."),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Take claims that are not published too, as unreviewed."),
    ] = False,
) -> None:
    """Reconcile claims: for every key an estimate, an interval, who supports and who opposes it."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.folders.together import changing
        from kopir.facts import start_book

        if new is not None and into is None:
            raise typer.BadParameter("--new makes the folder that --into names")
        with stages.stage("reading"):
            folder = None if into is None or new is not None else open_folder(into)
            filters = parse_filters(where or [])
            fresh, told = gather_claims(paths, date, input_lang, limits.bounds(), filters, folder, about or new)
        if into is None:
            return _taken_in(fresh, told, None, stages, everything=everything)
        with changing(folder_of(into), wait=holding.wait, make=new is not None) as change:
            if new is not None:
                start_book(Path(into), new, _newest_year(fresh), change=change)
            return _taken_in(fresh, told, (open_folder(into), change), stages, everything=everything)

    deliver(delivery, ask)


def _taken_in(
    fresh: pl.DataFrame,
    told: Sequence[Fault],
    target: tuple[Folder, Change] | None,
    stages: Stages,
    *,
    everything: bool,
) -> Reply:
    """Return the book of claims, or what the book of a folder that is held becomes by them, written into it."""
    from kopir.facts import claims_of_folder, combined, diff, outranked, reconcile, reviewed, write_book

    kept = fresh if everything else reviewed(fresh)
    if target is None and kept.is_empty():
        raise InputError([*told, _nothing_stands(len(fresh))])
    held = None if target is None else claims_of_folder(target[0])
    with stages.stage("reconciling"):
        book = reconcile(outranked(kept if held is None else combined([held, kept])))
    notes = [f"{len(book.conflicts)} conflicts: kopir conflicts lists those of a model"]
    if len(kept) < len(fresh):
        left = len(fresh) - len(kept)
        notes.append(f"{left} of {len(fresh)} claims are not published and stay out (--all takes them)")
    if target is None or held is None:
        return book_reply(book, tuple(notes), told)
    with stages.stage("comparing"):
        moved = diff(reconcile(held), book).table
    folder, change = target
    written = write_book(book, folder, change=change)
    notes.append(f"wrote {', '.join(path.name for path in written)} in {folder.path.name}")
    return replace(book_reply(book, tuple(notes), told), parts=_changed(moved, len(book.facts)))


def _newest_year(claims: pl.DataFrame) -> int:
    """Return the last year of which claims report, or in which they were published; 2000 without any."""
    import polars as pl

    said = claims.filter(pl.col("modality") == "actual").select(pl.col("period", "published").str.slice(0, 4))
    years = [int(year) for column in said for year in column.drop_nulls() if year.isdigit()]
    return max((year for year in years if 1990 <= year <= 2100), default=2000)


def _nothing_stands(read: int) -> Fault:
    mend = "look with kopir read what withholds them, correct them, or add --all"
    return Fault("K3007", "no claim is published", mend, value=f"{read} read")


def _changed(moved: pl.DataFrame, held: int) -> tuple[str | Grid, ...]:
    """Return on one screen what a book gained, lost and changed, largest move first."""
    if moved.is_empty():
        return (f"nothing changed: {held} facts are held as before",)
    counts = ", ".join(f"{n} {name}" for name, n in moved["change"].value_counts(sort=True).rows())
    more = f" (the {SCREEN} that moved most; all with --csv)" if len(moved) > SCREEN else ""
    shown = {"change": "change", "key": "key", "value": "before", "value_after": "after", "status_after": "status"}
    return (f"{held} facts are held now: {counts}{more}", Grid.of(moved.head(SCREEN), **shown))


def book_reply(book: FactBook, notes: tuple[str, ...], told: Sequence[Fault] = ()) -> Reply:
    """Return the facts, conflicts and sources of a fact book as a reply."""
    warnings = (*told, *book.faults)
    counts = book.facts["status"].value_counts(sort=True).rows()
    head = f"{len(book.facts)} facts from {len(book.claims)} claims: " + ", ".join(
        f"{n} {name}" for name, n in counts
    )
    return Reply(
        record={
            "facts": book.facts.to_dicts(),
            "conflicts": book.conflicts.to_dicts(),
            "sources": book.sources.to_dicts(),
        },
        main=Grid.of(book.facts),
        parts=(head, Grid.of(book.facts, **SHOWN)),
        notes=(*notes, fault_text(warnings, None)) if warnings else notes,
        faults=warnings,
    )
