"""``kopir facts``: claims into a fact book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.factbook import gather_claims, open_folder, parse_filters
from kopir.cli.options import About, Date, Delivery, InputLang
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    from kopir.facts import FactBook

SHOWN = {"key": "key", "kind": "kind", "value": "value", "low": "low", "high": "high", "status": "status"}


def facts(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="CLAIMS...", help="Documents; claims as JSON Lines or Parquet, or a folder of Parquet."
        ),
    ],
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
    everything: Annotated[
        bool,
        typer.Option("--all", help="Take claims that are not published too, as unreviewed."),
    ] = False,
) -> None:
    """Reconcile claims: for every key an estimate, an interval, who supports and who opposes it."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import claims_of_folder, combined, outranked, reconcile, reviewed, write_book

        with stages.stage("reading"):
            folder = None if into is None else open_folder(into)
            fresh = gather_claims(paths, date, input_lang, parse_filters(where or []), folder, about)
            kept = fresh if everything else reviewed(fresh)
            if folder is None and kept.is_empty():
                raise InputError(_nothing_stands(len(fresh)))
            claims = outranked(kept if folder is None else combined([claims_of_folder(folder), kept]))
        with stages.stage("reconciling"):
            book = reconcile(claims)
        notes = [f"{len(book.conflicts)} conflicts: kopir conflicts lists those of a model"]
        if len(kept) < len(fresh):
            left = len(fresh) - len(kept)
            notes.append(f"{left} of {len(fresh)} claims are not published and stay out (--all takes them)")
        if folder is not None:
            written = write_book(book, folder)
            notes.append(f"wrote {', '.join(path.name for path in written)} in {folder.path.name}")
        return book_reply(book, tuple(notes))

    deliver(delivery, ask)


def _nothing_stands(read: int) -> Fault:
    mend = "look with kopir read what withholds them, correct them, or add --all"
    return Fault("K3007", "no claim is published", mend, value=f"{read} read")


def book_reply(book: FactBook, notes: tuple[str, ...]) -> Reply:
    """Return the facts, conflicts and sources of a fact book as a reply."""
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
        notes=notes,
        faults=book.faults,
    )
