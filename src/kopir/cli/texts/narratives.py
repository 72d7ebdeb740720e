"""``kopir narratives``: what documents stress, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import Date, Delivery, InputLang, Limits
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import read_documents

if TYPE_CHECKING:
    import polars as pl

TOP = 6


def narratives(
    paths: Annotated[list[Path], typer.Argument(metavar="DOCUMENTS...", help="Files or folders of documents.")],
    limits: Limits,
    delivery: Delivery,
    *,
    date: Date = None,
    input_lang: InputLang = "auto",
) -> None:
    """Show what each document stresses, and the facts and ties that several word, side by side."""

    def ask(stages: Stages) -> Reply:
        import polars as pl

        from kopir.facts import compare_narratives

        with stages.stage("reading"):
            readings, told = read_documents(paths, date, input_lang, limits.bounds())
            found = compare_narratives(readings)
        top = found.table.filter(pl.col("count").rank("ordinal", descending=True).over("document", "facet") <= TOP)
        lines = [
            f"{key}\n" + "\n".join(f"  {row['document']}: {row['sentence']}" for row in rows)
            for key, rows in _by_key(found.shared)
        ]
        return Reply(
            record={
                "stress": found.table.to_dicts(),
                "shared": found.shared.to_dicts(),
                "ties": found.ties.to_dicts(),
                "framings": found.framings.to_dicts(),
            },
            main=Grid.of(found.table),
            parts=(
                Grid.of(top),
                "\n\n".join(lines) or "no fact is told by two documents",
                _side_by_side(found.ties),
                _opposite(found.framings),
            ),
            notes=(fault_text(told, None),) if told else (),
            faults=tuple(told),
        )

    deliver(delivery, ask)


def _by_key(shared: pl.DataFrame) -> list[tuple[str, list[dict[str, str]]]]:
    told: dict[str, list[dict[str, str]]] = {}
    for row in shared.iter_rows(named=True):
        told.setdefault(row["key"], []).append(row)
    return list(told.items())


def _side_by_side(ties: pl.DataFrame) -> str:
    """Return each tie that several documents speak of, with who says what in which voice."""
    told: dict[str, list[str]] = {}
    for row in ties.iter_rows(named=True):
        voice = f"{row['voice']}: {row['cue']}" if row["cue"] else row["voice"]
        who = f"{row['said_by']} in {row['document']}" if row["said_by"] else row["document"]
        told.setdefault(f"{row['tie']}, {row['parties']}", []).append(f"  {who} ({voice}): {row['sentence']}")
    if not told:
        return "no tie is told by two documents"
    return "\n\n".join("\n".join((tie, *lines)) for tie, lines in told.items())


def _opposite(framings: pl.DataFrame) -> str:
    """Return each pair of sentences that tell one fact in opposite voices, with the words that tell the voice."""
    blocks = [
        f"{row['fact']}: for and against\n"
        + "\n".join(
            f"  {row[f'{head}document']} ({row[f'{head}voice']}: {row[f'{head}cue']}): {row[f'{head}sentence']}"
            for head in ("", "other_")
        )
        for row in framings.iter_rows(named=True)
    ]
    return "\n\n".join(blocks) or "no fact is told for and against"
