"""``kopir update``: what new documents, claims or rows of facts change in a model, and what that moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import About, Date, Delivery, Holding, InputLang, Limits, Span
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import folder_of, gather_claims, open_folder
from kopir.core.errors import Fault, InputError, KopirError

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.folders.folder import Folder
    from kopir.core.folders.together import Change
    from kopir.evidence import Bounds
    from kopir.facts import FactBook, Revised
    from kopir.model.contents.revision import Revision

SCREEN = 20
"""Rows that are shown of each table; all are in --json and --csv."""
_CHANGES = {"change": "change", "what": "what", "before": "before", "after": "after", "unit": "unit", "by": "by"}
_MOVES = {"figure": "figure", "before": "before", "after": "after", "step": "step", "why": "by what"}


@dataclass(frozen=True)
class _Taken:
    """What files say: rows that they change, other keys that claims change, and the book with these claims."""

    rows: Sequence[Revised]
    keys: Sequence[Mapping[str, object]]
    book: FactBook | None
    told: Sequence[Fault]


def update(
    book: Annotated[str, typer.Argument(metavar="MODEL", help="A model folder, or a bundled model.")],
    holding: Holding,
    span: Span,
    limits: Limits,
    delivery: Delivery,
    *,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILES...",
            help="Documents, claims (JSON Lines, Parquet), rows of facts (CSV), files of PortWatch, JODI, EIA, "
            "Comext, CAREC; none: what formulas give anew.",
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write what changed into the model; without it nothing is written.")
    ] = False,
    date: Date = None,
    about: About = None,
    input_lang: InputLang = "auto",
    everything: Annotated[
        bool,
        typer.Option("--all", help="Take claims that are not published too, as unreviewed."),
    ] = False,
) -> None:
    """Show what texts or rows change: facts new, revised, contradicted or derived, and the figures they move."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.folders.together import changing

        files = paths or []
        with changing(folder_of(book), wait=holding.wait) if write else nullcontext() as change:
            with stages.stage("reading"):
                folder = open_folder(book)
            reading = (date, input_lang, about, limits.bounds())
            taken = _taken(files, folder, stages, reading, everything=everything)
            return _answer(folder, taken, change, stages, horizon=span, stale=not files)

    deliver(delivery, ask, folder=book)


def _taken(
    files: Sequence[Path],
    folder: Folder,
    stages: Stages,
    reading: tuple[str | None, str, str | None, Bounds],
    *,
    everything: bool,
) -> _Taken:
    from kopir.facts import (
        claims_of_folder,
        combined,
        diff,
        fact_rows,
        is_fact_rows,
        is_tracker,
        outranked,
        read_fact_rows,
        reconcile,
        reviewed,
        revised_by,
        tracker_rows,
    )

    tables = [path for path in files if is_fact_rows(path)]
    rows = [row for path in tables for row in read_fact_rows(path, folder)]
    trackers = [path for path in files if path not in tables and is_tracker(path)]
    rows += [row for path in trackers for row in fact_rows(tracker_rows(path, folder), folder, path.name)]
    texts = [path for path in files if path not in tables and path not in trackers]
    if not texts:
        return _Taken(rows, (), None, ())
    date, language, about, bounds = reading
    with stages.stage("reading documents"):
        fresh, told = gather_claims(texts, date, language, bounds, None, folder, about)
    kept = fresh if everything else reviewed(fresh)
    if kept.is_empty() and not rows:
        mend = "look with kopir read what withholds them, correct them, or add --all"
        raise InputError([*told, Fault("K3007", "no claim is published", mend, value=f"{len(fresh)} read")])
    with stages.stage("reconciling"):
        held = claims_of_folder(folder)
        before, after = reconcile(held, compare=False), reconcile(outranked(combined([held, kept])))
    rows += revised_by(folder, before, after, kept)
    told = [*told, *_unheard(after, kept)]
    known = {row.key for row in rows}
    moved = diff(before, after).table.filter(kind="level")
    spoken = dict(kept.select("id", "source").iter_rows())
    return _Taken(rows, list(_keys(moved, spoken, known)), after, told)


def _unheard(after: FactBook, fresh: pl.DataFrame) -> Iterator[Fault]:
    """Yield a warning where claims say nothing that a key could hold."""
    unused = after.claims.filter(after.claims["id"].is_in(fresh["id"].to_list()) & after.claims["key"].is_null())
    if len(unused):
        mend = "give each kind, comparator, indicator, subject, period and value"
        yield Fault(
            "K3007", f"{len(unused)} of {len(fresh)} claims could not be used", mend, value=unused["id"][0]
        )


def _keys(moved: pl.DataFrame, spoken: Mapping[str, str], known: set[str]) -> Iterator[Mapping[str, object]]:
    """Yield what claims change of keys of which no row of the fact table speaks."""
    for row in moved.iter_rows(named=True):
        sources = sorted({spoken[one] for one in row["claims_after"] or () if one in spoken})
        if not sources or row["key"] in known:
            continue
        disputed = row["status_after"] == "disputed" and row["status"] not in {None, "disputed"}
        change = "contradicted" if disputed else {"moved": "revised"}.get(row["change"], row["change"])
        unit = row["key"].rpartition("|")[2]
        ends = {"before": row["value"], "after": row["value_after"]}
        yield {"change": change, "what": row["key"], **ends, "unit": unit, "by": "; ".join(sources)}


def _answer(
    folder: Folder, taken: _Taken, change: Change | None, stages: Stages, *, horizon: Span, stale: bool
) -> Reply:
    """Return what changed and what it moves; written where the folder is held and nothing is wrong."""
    from kopir.facts import with_vintages
    from kopir.model.contents.revision import revised
    from kopir.model.folder.revising import with_rows

    facts, vintages = with_vintages(folder, taken.rows)
    revision = revised(folder, facts, stale=stale)
    if vintages != list(folder.tables["vintages"].records()):
        revision = replace(revision, folder=with_rows(revision.folder, "vintages", vintages))
    changes = _changes(taken, revision)
    with stages.stage("solving"):
        moves, faults = _moves(folder, revision, taken, horizon)
    written: tuple[str, ...] = ()
    if change is not None and changes and not faults:
        written = _written(folder, revision, taken, change)
    return _reply(changes, revision, moves, (taken.told, faults), written)


def _changes(taken: _Taken, revision: Revision) -> list[dict[str, object]]:
    given: list[dict[str, object]] = [
        {
            "change": one.change,
            "what": f"{one.row['fact']} {one.row.get('note', '')}".strip(),
            "before": one.before,
            "after": one.after,
            "unit": one.row["unit"],
            "by": "; ".join(one.said_by),
        }
        for one in taken.rows
    ]
    derived: list[dict[str, object]] = [
        {
            "change": "derived",
            "what": f"{one.fact} = {one.formula}",
            "before": one.before,
            "after": one.after,
            "unit": one.unit,
            "by": ", ".join(one.inputs) or "its formula",
        }
        for one in revision.derived
    ]
    return [*given, *(dict(one) for one in taken.keys), *derived]


def _moves(
    folder: Folder, revision: Revision, taken: _Taken, span: Span
) -> tuple[pl.DataFrame | None, tuple[Fault, ...]]:
    """Return the headline figures that moved, ``None`` where nothing can be solved, and the faults that came."""
    from kopir.core.clock import today
    from kopir.model.folder.revising import model_on
    from kopir.strategy.outlook.headline import headline_moves
    from kopir.strategy.value.setup import prepare

    stands = all(one.change == "contradicted" for one in taken.rows) and not revision.derived
    if folder.tables["nodes"].cells.is_empty() or stands:
        return None, ()
    try:
        after = prepare(model_on(revision.folder, today()))
    except KopirError as error:
        return None, tuple(error.faults)
    try:
        before = prepare(model_on(folder, today()))
    except KopirError:
        return None, ()
    roots: dict[str, set[str]] = {one.row["fact"]: {one.row["fact"]} for one in taken.rows}
    for one in revision.derived:
        roots[one.fact] = {root for name in one.inputs for root in roots.get(name, {name})} or {one.fact}
    return headline_moves(before, after, roots, span.horizon), ()


def _written(folder: Folder, revision: Revision, taken: _Taken, change: Change) -> tuple[str, ...]:
    from kopir.core.folders.folder import refuse_changed
    from kopir.facts import book_files
    from kopir.model.folder.revising import changed_files

    files = dict(changed_files(folder, revision.folder))
    if taken.book is not None:
        files |= book_files(taken.book, revision.folder)
    refuse_changed(folder)
    change.write(files)
    return tuple(sorted(files))


def _reply(
    changes: list[dict[str, object]],
    revision: Revision,
    moves: pl.DataFrame | None,
    faults: tuple[Sequence[Fault], Sequence[Fault]],
    written: tuple[str, ...],
) -> Reply:
    """Return the changes, what follows and what moves; ``faults`` are warnings, and what stops the writing."""
    import polars as pl

    types = dict.fromkeys(_CHANGES, pl.String) | {"before": pl.Float64, "after": pl.Float64}
    table = pl.DataFrame(changes, schema=types)
    counts = ", ".join(f"{count} {name}" for name, count in table["change"].value_counts(sort=True).rows())
    parts: list[str | Grid] = [counts or "nothing changes"]
    if len(table):
        parts.append(Grid.of(table.head(SCREEN), **_CHANGES))
    if revision.cells:
        parts.append(f"{len(revision.cells)} intervals in cells keep their proportion to the facts beside them")
    if moves is not None:
        moved = Grid.of(moves.head(SCREEN), "headline figures that move", **_MOVES)
        parts.append(moved if len(moves) else "no headline figure moves")
    warnings, stopping = faults
    if stopping:
        parts.append("the model would be at fault: nothing is solved or written")
    elif written:
        parts.append(f"wrote {', '.join(written)}")
    elif len(table):
        parts.append("nothing is written: --write does")
    told = (*warnings, *stopping)
    return Reply(
        record={
            "changes": table.to_dicts(),
            "cells": [dict(zip(("cell", "before", "after"), one, strict=True)) for one in revision.cells],
            "figures": [] if moves is None else moves.to_dicts(),
            "written": list(written),
        },
        main=Grid.of(table),
        parts=tuple(parts),
        notes=(fault_text(told, None),) if told else (),
        faults=told,
        exit_code=1 if stopping else 0,
    )
