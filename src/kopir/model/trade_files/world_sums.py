"""What all states trade with each other, summed over the pieces of large files, here or on many machines."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kopir.core.cluster import worked_out
from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import MAX_FAULTS
from kopir.model.trade_files.focal_rows import MILLION_USD, fault_of
from kopir.model.trade_files.pieces import (
    Pieces,
    Wrong,
    amounts,
    as_texts,
    pieces_of,
    read_piece,
)
from kopir.model.trade_files.shapes import header_of, recognise


def world_file(path: Path) -> Pieces:
    """Return the pieces of a file in which each pair of states stands once: a year of BACI, or an extract of it.

    Raises :class:`InputError` for a file that cannot be read, and for one in which both sides report the same
    trade: a table of all states would count it twice.
    """
    header = header_of(path)
    shape = recognise(header, path.name)
    if not shape.columns:
        why = f"{shape.title}: both sides report the same trade, and one table of all states would count it twice"
        raise InputError(Fault("K0355", why, "give a year of BACI, which reconciles them", path.name))
    return pieces_of(path, header, shape.columns)


@dataclass(frozen=True)
class WorldPairs:
    """Trade of each pair: ``year``, ``exporter``, ``importer`` (codes of the file) and ``value_musd``.

    ``chapters`` are those of the Harmonised System of which the files have any goods.
    """

    pairs: pl.DataFrame
    chapters: frozenset[str]


def summed_pairs(files: Sequence[Pieces], *, workers: int = 1, scheduler: str | None = None) -> WorldPairs:
    """Return what each pair trades; a pair and year that stands in several files has a row for each.

    Pieces are worked on by ``workers`` processes or the Dask cluster at ``scheduler``
    (:func:`kopir.core.cluster.worked_out`), whose machines must reach the files at the same paths. Whole
    numbers are summed, so that no byte depends on who did. Raises :class:`InputError` with what is no amount.
    """
    tasks = [(file, number) for file in files for number in range(len(file))]
    given = dict(worked_out(_pairs, tasks, range(len(tasks)), workers=workers, scheduler=scheduler))
    found: list[pl.DataFrame] = []
    chapters: set[str] = set()
    faults: list[Fault] = []
    first = 0
    for file in files:
        parts = [_unpacked(given.pop(number)) for number in range(first, first + len(file))]
        first += len(file)
        chapters.update(*(part.chapters for part in parts))
        faults += _faults(Path(file.path).name, parts)
        whole = pl.concat([part.pairs for part in parts])
        whole = whole.group_by("year", "exporter", "importer").agg(pl.col("amount").sum())
        value = (pl.col("amount") / MILLION_USD).alias("value_musd")
        found.append(whole.sort("year", "exporter", "importer").select("year", "exporter", "importer", value))
    if faults:
        raise InputError(faults[:MAX_FAULTS])
    return WorldPairs(pl.concat(found), frozenset(chapters))


def _pairs(shared: Sequence[tuple[Pieces, int]], task: int) -> bytes:
    """Return lines, faults and sums of one piece as bytes: what a worker sends back."""
    file, number = shared[task]
    piece = read_piece(file, number)
    rows, wrong = amounts(piece, file)
    key = ["year", "exporter", "importer"]
    summed = as_texts(rows.group_by(key).agg(pl.col("amount").sum()))
    summed = summed.group_by(key).agg(pl.col("amount").sum()).sort(key)
    whole = io.BytesIO()
    chapters = as_texts(rows.select("product").unique())["product"].str.head(2).unique().sort().to_list()
    told = {"lines": piece.lines, "wrong": [*piece.ragged, *wrong], "chapters": chapters}
    whole.write(json.dumps(told).encode() + b"\n")
    summed.write_ipc(whole)
    return whole.getvalue()


@dataclass(frozen=True)
class _Part:
    lines: int
    wrong: tuple[Wrong, ...]
    chapters: tuple[str, ...]
    pairs: pl.DataFrame


def _unpacked(data: bytes) -> _Part:
    text, _, frame = data.partition(b"\n")
    told = json.loads(text)
    wrong = tuple((line, column, cell) for line, column, cell in told["wrong"])
    return _Part(told["lines"], wrong, tuple(told["chapters"]), pl.read_ipc(io.BytesIO(frame)))


def _faults(file: str, parts: Sequence[_Part]) -> list[Fault]:
    found: list[Fault] = []
    before = 2  # the header is line 1
    for part in parts:
        found += [fault_of(file, (before + line, column, cell)) for line, column, cell in part.wrong]
        before += part.lines
    return found
