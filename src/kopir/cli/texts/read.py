"""``kopir read``: documents into claims and relations."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import About, Date, Delivery, InputLang, Limits
from kopir.cli.output import Grid, Reply, Stages, deliver

if TYPE_CHECKING:
    from kopir.core.errors import Fault
    from kopir.evidence import Bounds, Claim, Reading, Relation

SHOWN = ("place", "figure", "reads", "indicator", "who", "period", "modality", "published")


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of the documents beforehand."""

    date: Date = None
    about: About = None
    input_lang: InputLang = "auto"
    catalogue: Annotated[
        Path | None, typer.Option(help="CSV or JSON Lines with doc, date, lang, about for each document.")
    ] = None
    corrections: Annotated[Path | None, typer.Option(help="corrections.csv to respect.")] = None
    journal: Annotated[Path | None, typer.Option(help="File of finished documents; a later run goes on.")] = None
    endpoint: Annotated[
        str | None, typer.Option(help="OpenAI-compatible address that may choose among spans for empty slots.")
    ] = None
    endpoint_model: Annotated[str, typer.Option(help="Model to name to the endpoint.")] = "default"

    def readings(self, paths: list[Path], bounds: Bounds) -> Iterator[Reading | Fault]:
        """Read document by document; raises as :func:`kopir.evidence.iter_readings` does."""
        import kopir.evidence as evidence

        return evidence.iter_readings(
            paths,
            date=self.date,
            language=self.input_lang,
            about=self.about,
            catalogue=evidence.read_catalogue(self.catalogue) if self.catalogue else None,
            corrections=self.corrections,
            journal=self.journal,
            chooser=evidence.SpanChooser(self.endpoint, self.endpoint_model) if self.endpoint else None,
            bounds=bounds,
        )


@dataclass(frozen=True, slots=True)
class Files:
    """Which files are written beside the answer."""

    jsonl: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write claims as JSON Lines, which `kopir facts` takes.")
    ] = None
    parquet: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the claims as Parquet.")] = None
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with the claims marked.")] = None

    def write(self, readings: Sequence[Reading]) -> None:
        """Write those that are named."""
        import kopir.evidence as evidence

        claims = [claim for reading in readings for claim in reading.claims]
        unread = [table for reading in readings for table in reading.unread]
        if self.jsonl is not None:
            evidence.write_json_lines([*claims, *unread], self.jsonl)
        if self.parquet is not None:
            evidence.write_parquet(claims, self.parquet)
        if self.html is not None:
            evidence.write_text(evidence.highlight(readings), self.html)


def read(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="Files or folders: txt, md, csv, html, pdf, docx, xlsx."),
    ],
    sources: Sources,
    files: Files,
    limits: Limits,
    delivery: Delivery,
    *,
    relations: Annotated[bool, typer.Option("--relations", help="Give relations instead of figures.")] = False,
) -> None:
    """Read documents: every quantitative claim in Russian, English, Turkish and Kazakh, with place and sense."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.errors import Fault, InputError

        found = list(_watched(sources.readings(paths, limits.bounds()), quiet=stages.quiet))
        readings = [one for one in found if not isinstance(one, Fault)]
        faults = [one for one in found if isinstance(one, Fault)]
        faults += [fault for reading in readings for fault in reading.faults]
        if not readings:
            raise InputError(faults)
        files.write(readings)
        notes = (*map(str, faults), _summary(readings))
        return _reply(readings, tuple(faults), notes, relations=relations)

    deliver(delivery, ask)


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


def _reply(
    readings: Sequence[Reading], faults: tuple[Fault, ...], notes: tuple[str, ...], *, relations: bool
) -> Reply:
    import polars as pl

    import kopir.evidence as evidence

    claims = [claim for reading in readings for claim in reading.claims]
    ties = [relation for reading in readings for relation in reading.relations]
    unread = [table for reading in readings for table in reading.unread]
    record = {
        "claims": [claim.as_record() for claim in claims],
        "relations": [relation.as_record() for relation in ties],
        "not_read": [table.as_record() for table in unread],
    }
    if relations:
        shown = _ties(ties)
        return Reply(record, shown, (shown,), notes=notes, faults=faults)
    frame = evidence.claims_frame([*claims, *unread])
    main = Grid.of(frame.with_columns(pl.col("partners").list.join("+")))
    told = [f"{table.doc}: {table}{f' ({table.caption})' if table.caption else ''}" for table in unread]
    parts: tuple[str | Grid, ...] = (_figures(claims), *(("\n".join(told),) if told else ()))
    return Reply(record, main, parts, notes=notes, faults=faults)


def _figures(claims: Sequence[Claim]) -> Grid:
    rows = []
    for c in claims:
        value = f"{c.value:g}" if c.value is not None else f"{c.lo or ''}..{c.hi or ''}"
        who = " > ".join(filter(None, (c.subject, "+".join(c.partners))))
        reads = f"{c.comparator} {value} {c.unit}{'/' + c.rate if c.rate else ''} {c.kind}"
        row = (f"{c.doc}:{c.start}", c.text, reads, c.indicator, who, c.period, c.modality)
        rows.append((*(cell or "" for cell in row), "yes" if c.published else ""))
    return Grid(SHOWN, tuple(rows))


def _ties(relations: Sequence[Relation]) -> Grid:
    rows = tuple(
        (f"{r.doc}:{r.start}", r.actor or "", r.relation, "+".join(r.targets), r.date or "", r.modality)
        for r in relations
    )
    return Grid(("place", "actor", "relation", "targets", "date", "modality"), rows)


def _summary(readings: Sequence[Reading]) -> str:
    claims = [claim for reading in readings for claim in reading.claims]
    published = sum(claim.published for claim in claims)
    filled = sum(bool(claim.filled_by) for claim in claims)
    text = f"{len(readings)} documents, {len(claims)} claims, {published} published"
    unread = sum(len(reading.unread) for reading in readings)
    text += f", {unread} tables not read" if unread else ""
    return f"{text}, {filled} with a slot that a model chose" if filled else text
