"""``kopir review``: every figure of a text against the fact book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kopir.cli.factbook import open_book, read_documents, source_titles
from kopir.cli.options import Date, Delivery, InputLang, Model
from kopir.cli.output import Grid, Reply, Stages, deliver


def review(
    path: Annotated[Path, typer.Argument(metavar="TEXT", help="A draft, an article, a speech.")],
    delivery: Delivery,
    *,
    model: Model = ".",
    date: Date = None,
    input_lang: InputLang = "auto",
) -> None:
    """Check a text: each figure confirmed, contradicted, out of date, of a mixed perimeter or unknown."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import review as set_against

        with stages.stage("reading"):
            (reading,) = read_documents([path], date, input_lang)
        folder, book = open_book(model, stages)
        found = set_against(reading, book, source_titles(folder))
        lines = []
        for row in found.table.iter_rows(named=True):
            lines.append(f"{row['verdict'].upper()}: {row['text']} ({row['why']})")
            if row["sources"]:
                lines.append(f"    {'; '.join(row['sources'][:4])}")
            if row["suggestion"]:
                lines.append(f"    write: {row['suggestion']}")
        return Reply(
            record={"language": found.language, "figures": found.table.to_dicts()},
            main=Grid.of(found.table),
            parts=("\n".join(lines) or "no figures",),
        )

    deliver(delivery, ask, folder=model)
