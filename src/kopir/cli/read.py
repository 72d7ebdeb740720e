"""``kopir read``: documents into claims and relations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kopir.core.errors import Fault
    from kopir.evidence import Claim, Reading, Relation, UnreadTable

SHOWN = ("place", "figure", "reads", "indicator", "who", "period", "modality", "published")


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of the documents beforehand."""

    date: Annotated[str | None, typer.Option(help="Date of the documents, YYYY[-MM[-DD]].")] = None
    lang: Annotated[str, typer.Option(help="auto, ru, en, tr or kk.")] = "auto"
    catalogue: Annotated[
        Path | None, typer.Option(help="CSV or JSON Lines with doc, date, lang for each document.")
    ] = None
    corrections: Annotated[Path | None, typer.Option(help="corrections.csv to respect.")] = None
    journal: Annotated[Path | None, typer.Option(help="File of finished documents; a later run goes on.")] = None
    endpoint: Annotated[
        str | None, typer.Option(help="OpenAI-compatible address that may choose among spans for empty slots.")
    ] = None
    endpoint_model: Annotated[str, typer.Option(help="Model to name to the endpoint.")] = "default"

    def readings(self, paths: list[Path]) -> Iterator[Reading | Fault]:
        """Read document by document; raises as :func:`kopir.evidence.iter_readings` does."""
        import kopir.evidence as evidence

        return evidence.iter_readings(
            paths,
            date=self.date,
            language=self.lang,
            catalogue=evidence.read_catalogue(self.catalogue) if self.catalogue else None,
            corrections=self.corrections,
            journal=self.journal,
            chooser=evidence.SpanChooser(self.endpoint, self.endpoint_model) if self.endpoint else None,
        )


@dataclass(frozen=True, slots=True)
class Results:
    """How the claims leave the command."""

    json: Annotated[bool, typer.Option("--json", help="Write JSON Lines to stdout.")] = False
    relations: Annotated[bool, typer.Option("--relations", help="Give relations instead of figures.")] = False
    parquet: Annotated[Path | None, typer.Option(help="Write the claims as Parquet.")] = None
    csv: Annotated[Path | None, typer.Option(help="Write the claims as a CSV table.")] = None
    html: Annotated[Path | None, typer.Option(help="Write a page with the claims marked.")] = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False


def read(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: txt, md, csv, html, pdf, docx, xlsx.")],
    sources: Sources,
    results: Results,
) -> None:
    """Read documents: every quantitative claim in Russian, English, Turkish and Kazakh, with place and sense."""
    from kopir.core.errors import Fault, KopirError

    readings: list[Reading] = []
    faults: list[Fault] = []
    try:
        for item in _watched(sources.readings(paths), quiet=results.quiet):
            if isinstance(item, Fault):
                faults.append(item)
            else:
                readings.append(item)
                faults.extend(item.faults)
        _deliver(readings, results)
    except KopirError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from error
    for fault in faults:
        typer.echo(str(fault), err=True)
    if not results.quiet:
        typer.echo(_summary(readings), err=True)
    if not readings:
        raise typer.Exit(3)


def _watched(found: Iterator[Reading | Fault], *, quiet: bool) -> Iterator[Reading | Fault]:
    """Show progress on stderr while a person watches."""
    if quiet or not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    with Progress(SpinnerColumn(), TextColumn("{task.completed} documents"), console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None)
        for item in found:
            bar.advance(task)
            yield item


def _deliver(readings: list[Reading], results: Results) -> None:
    import kopir.evidence as evidence

    claims = [claim for reading in readings for claim in reading.claims]
    relations = [relation for reading in readings for relation in reading.relations]
    unread = [table for reading in readings for table in reading.unread]
    if results.parquet is not None:
        evidence.write_parquet(claims, results.parquet)
    if results.csv is not None:
        evidence.write_csv([*claims, *unread], results.csv)
    if results.html is not None:
        evidence.write_text(evidence.highlight(readings), results.html)
    if results.json:
        sys.stdout.writelines(evidence.json_lines(relations if results.relations else [*claims, *unread]))
    elif results.relations:
        _print_relations(relations)
    else:
        _print_claims(claims)
        _print_unread(unread)


def _print_unread(tables: list[UnreadTable]) -> None:
    for table in tables:
        caption = f" ({table.caption})" if table.caption else ""
        typer.echo(f"{table.doc}: {table}{caption}")


def _print_claims(claims: list[Claim]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*SHOWN)
    for c in claims:
        value = f"{c.value:g}" if c.value is not None else f"{c.lo or ''}..{c.hi or ''}"
        who = " > ".join(filter(None, (c.subject, "+".join(c.partners))))
        reads = f"{c.comparator} {value} {c.unit}{'/' + c.rate if c.rate else ''} {c.kind}"
        row = (
            f"{c.doc}:{c.start}",
            c.text,
            reads,
            c.indicator,
            who,
            c.period,
            c.modality,
            "yes" if c.published else "",
        )
        table.add_row(*(cell or "" for cell in row))
    Console(width=None if sys.stdout.isatty() else 240).print(table)


def _print_relations(relations: list[Relation]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("place", "actor", "relation", "targets", "date", "modality")
    for r in relations:
        row = (f"{r.doc}:{r.start}", r.actor, r.relation, "+".join(r.targets), r.date, r.modality)
        table.add_row(*(cell or "" for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _summary(readings: list[Reading]) -> str:
    claims = [claim for reading in readings for claim in reading.claims]
    published = sum(claim.published for claim in claims)
    filled = sum(bool(claim.filled_by) for claim in claims)
    text = f"{len(readings)} documents, {len(claims)} claims, {published} published"
    unread = sum(len(reading.unread) for reading in readings)
    text += f", {unread} tables not read" if unread else ""
    return f"{text}, {filled} with a slot that a model chose" if filled else text
