"""Changes of a model folder that keep its meaning, and changes that must either be told or keep it.

``python -m tests.hostile.meaning`` writes each code of the wide model and of the examples otherwise (case,
script, width, blanks, letters that nobody sees), and prints those that neither are faults or warnings nor keep
every answer.
"""

from __future__ import annotations

import csv
import io
import logging
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

import kopir
from kopir.core.errors import InputError, KopirError
from kopir.core.folders.schema import table_schemas
from tests.hostile.changes import ALIKE
from tests.hostile.models import KINDS, write_model

Rows = list[list[str]]
CODES = frozenset({"id", "ids", "clause", "choice", "unit", "formula", "equation", "flag"})
OTHERWISE: Mapping[str, Callable[[str], str]] = {
    "in other case": str.swapcase,
    "its first letter in other case": lambda code: code[:1].swapcase() + code[1:],
    "a letter of another script": lambda code: ALIKE.get(code[:1], code)[:1] + code[1:],
    "a wide letter": lambda code: chr(ord(code[0]) + 0xFEE0) + code[1:] if code[:1].isascii() else code,
    "a letter that nobody sees": lambda code: code[:1] + "\u200b" + code[1:],
    "a mark of byte order before it": lambda code: "\ufeff" + code,
    "a soft hyphen": lambda code: code[:1] + "\u00ad" + code[1:],
    "a blank that is none before it": lambda code: "\u00a0" + code,
    "blanks around it": lambda code: f"  {code}\t",
    "a letter that turns what follows": lambda code: code[:1] + "\u202e" + code[1:],
    "an underscore as a hyphen": lambda code: code.replace("_", "-"),
}  # fmt: skip
"""Ways to write a code otherwise than it is meant."""


def rows_of(path: Path) -> Rows:
    """Return the rows of a table, its header first."""
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def write_rows(path: Path, rows: Rows, *, delimiter: str = ",", end: str = "\n", quoted: bool = False) -> None:
    """Write the rows of a table."""
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    path.write_text(out.getvalue(), "utf-8", newline="")


def answers(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of what a model answers, numbers alone, each in an order of its own; raises InputError."""
    model = kopir.open(folder)
    found = {"check": pl.DataFrame({"warnings": sorted(str(one) for one in model.model.warnings)})}
    for name, ask in (("flow", model.flow), ("leverage", model.leverage), ("outages", model.outages)):
        try:
            found[name] = _ordered(ask().table)
        except KopirError as error:
            found[name] = pl.DataFrame({"told": [str(error)]})
    return found


def _ordered(table: pl.DataFrame) -> pl.DataFrame:
    plain = table.select(pl.selectors.numeric().cast(pl.Float64).round_sig_figs(6))
    return plain.sort(plain.columns, nulls_last=True)


def central(found: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return answers without what is drawn: draws are dealt out to cells in order, so sampled ends may move."""
    drawn = pl.selectors.ends_with("_low", "_high") | pl.selectors.starts_with("assumed_")
    return {name: table.select(~drawn) for name, table in found.items()}


def moved(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return the names of the answers that differ; a refusal says so itself."""
    return [
        name for name, one in before.items() if "told" not in after[name].columns and not one.equals(after[name])
    ]


def cells(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield table, row and column of each code that is written in a model folder."""
    for name, schema in table_schemas().items():
        if not (folder / f"{name}.csv").is_file():
            continue
        rows = rows_of(folder / f"{name}.csv")
        places = [n for n, column in enumerate(rows[0]) if schema.column(column).type in CODES]
        yield from ((name, row, place) for row in range(1, len(rows)) for place in places if rows[row][place])


def untold(folder: Path, before: Mapping[str, pl.DataFrame], cell: tuple[str, int, int], way: str) -> str | None:
    """Write one code otherwise and ask; returns what moved without a word. The folder stays as it was."""
    name, row, place = cell
    path = folder / f"{name}.csv"
    held, rows = path.read_bytes(), rows_of(path)
    code = rows[row][place]
    rows[row][place] = OTHERWISE[way](code)
    if rows[row][place] == code:
        return None
    write_rows(path, rows)
    try:
        now = answers(folder)
    except InputError:
        return None
    finally:
        path.write_bytes(held)
    changed = moved(central(before), central(now))
    if not changed or "check" in changed:
        return None
    return f"{name}.csv:{row + 1}:{rows[0][place]} {code!r}, {way}: {', '.join(changed)} moved without a word"


def run(count: int | None, seed: int = 0) -> tuple[int, list[str]]:
    """Try ``count`` of all codes and ways, or each; returns how many were tried and what moved without a word."""
    logging.disable(logging.WARNING)
    tried, told = 0, []
    with tempfile.TemporaryDirectory() as held:
        folders = {kind: write_model(kind, Path(held) / kind) for kind in KINDS}
        before = {kind: answers(folder) for kind, folder in folders.items()}
        pairs = [(kind, cell, way) for kind in KINDS for cell in cells(folders[kind]) for way in OTHERWISE]
        for kind, cell, way in pairs if count is None else random.Random(seed).sample(pairs, count):
            tried += 1
            if said := untold(folders[kind], before[kind], cell, way):
                told.append(f"{kind}: {said}")
    logging.disable(logging.NOTSET)
    return tried, told


def main(given: Sequence[str]) -> int:
    """Try so many codes and ways, or each, and print what moved without a word."""
    tried, told = run(int(given[0]) if given else None, int(given[1]) if len(given) > 1 else 0)
    sys.stdout.write(
        "\n".join([*told, f"{tried:,} codes written otherwise: {len(told)} moved without a word"]) + "\n"
    )
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
