"""``kopir review``: every figure of a text against the fact book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import AsOf, Date, Delivery, InputLang, Limits, Model
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import open_folder, read_documents, silent_texts, source_titles
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    from kopir.facts import Review


def review(
    path: Annotated[Path, typer.Argument(metavar="TEXT", help="A draft, an article, a speech.")],
    limits: Limits,
    delivery: Delivery,
    *,
    model: Model = ".",
    date: Date = None,
    input_lang: InputLang = "auto",
    as_of: AsOf = None,
) -> None:
    """Check a text: each figure confirmed, repeated, contradicted, out of date, perimeter mixed or unknown."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import claims_of_folder
        from kopir.facts import review as set_against

        with stages.stage("reading"):
            readings, told = read_documents([path], date, input_lang, limits.bounds())
            if len(readings) > 1:
                mend = "name one file"
                raise InputError(
                    Fault("K0505", f"{len(readings)} documents where one is reviewed", mend, str(path))
                )
            reading = readings[0]
            folder = open_folder(model)
            claims = claims_of_folder(folder)
        with stages.stage("comparing"):
            focal = folder.settings.model.focal_state
            found = set_against(
                reading,
                claims,
                source_titles(folder),
                focal=focal,
                as_of="" if as_of is None else f"{as_of:%Y-%m-%d}",
            )
        silent = (*told, *silent_texts([reading]))
        return Reply(
            record={
                "language": found.language,
                "breaks": [asdict(one) for one in found.breaks],
                "figures": found.table.to_dicts(),
            },
            main=Grid.of(found.table),
            parts=("\n".join(_lines(found)) or "no figures",),
            notes=(fault_text(silent, None),) if silent else (),
            faults=silent,
        )

    deliver(delivery, ask, folder=model)


def _lines(found: Review) -> Iterator[str]:
    """Yield what breaks in the text itself, then each figure with its reading, sources and mend."""
    for one in found.breaks:
        yield f"THE TEXT ITSELF: {'; '.join(one.figures)} ({one.why})"
        yield f"    {'; '.join(one.addresses)}"
    for row in found.table.iter_rows(named=True):
        yield f"{row['verdict'].upper()}: {row['text']} ({row['why']})"
        yield f"    read as {row['read_as']}; {row['address']}"
        if row["sources"]:
            yield f"    {'; '.join(row['sources'][:4])}"
        if row["suggestion"]:
            yield f"    write: {row['suggestion']}"
