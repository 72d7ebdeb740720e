"""``kopir read``: documents into claims and relations."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import About, Date, Delivery, InputLang, Limits
from kopir.cli.output import Grid, Reply, Stages, deliver

if TYPE_CHECKING:
    from kopir.core.errors import Fault
    from kopir.evidence import Bounds, Claim, Reading, Relation, UnreadTable

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

    @property
    def named(self) -> tuple[Path, ...]:
        """Those that are written."""
        return tuple(path for path in (self.jsonl, self.parquet, self.html) if path is not None)


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
        import kopir.evidence as evidence
        from kopir.core.errors import Fault, InputError

        shown = delivery.json or delivery.csv or delivery.out is not None or not files.named
        tally = _Tally()
        kept = _Kept()
        with evidence.ClaimStream(files.jsonl, files.parquet, files.html) as stream:
            for one in _watched(sources.readings(paths, limits.bounds()), quiet=stages.quiet):
                if isinstance(one, Fault):
                    tally.faults.append(one)
                    continue
                tally.add(one)
                stream.add(one)
                if shown or relations:
                    kept.add(one)
                del one  # else it is held while the next document is read
            if not tally.documents:
                raise InputError(tally.faults)
        notes = (*map(str, tally.faults), tally.summary())
        if shown or relations:
            return _reply(kept, tuple(tally.faults), notes, relations=relations)
        written = f"wrote {', '.join(map(str, files.named))}"
        return Reply({}, Grid((), ()), (written, *tally.told), notes=notes, faults=tuple(tally.faults))

    deliver(delivery, ask)


@dataclass(slots=True)
class _Tally:
    """What was read so far, counted; its texts and claims are not kept."""

    documents: int = 0
    claims: int = 0
    published: int = 0
    filled: int = 0
    told: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        self.documents += 1
        self.claims += len(reading.claims)
        self.published += sum(claim.published for claim in reading.claims)
        self.filled += sum(bool(claim.filled_by) for claim in reading.claims)
        self.told += [_told(table) for table in reading.unread]
        self.faults += reading.faults

    def summary(self) -> str:
        text = f"{self.documents} documents, {self.claims} claims, {self.published} published"
        text += f", {len(self.told)} tables not read" if self.told else ""
        return f"{text}, {self.filled} with a slot that a model chose" if self.filled else text


@dataclass(slots=True)
class _Kept:
    """What is told of all that was read: claims, relations and tables not read, without the texts."""

    claims: list[Claim] = field(default_factory=list)
    ties: list[Relation] = field(default_factory=list)
    unread: list[UnreadTable] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        self.claims += reading.claims
        self.ties += reading.relations
        self.unread += reading.unread


def _told(table: UnreadTable) -> str:
    return f"{table.doc}: {table}{f' ({table.caption})' if table.caption else ''}"


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
            del item


def _reply(kept: _Kept, faults: tuple[Fault, ...], notes: tuple[str, ...], *, relations: bool) -> Reply:
    import polars as pl

    import kopir.evidence as evidence

    claims, ties, unread = kept.claims, kept.ties, kept.unread
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
    told = [_told(table) for table in unread]
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
