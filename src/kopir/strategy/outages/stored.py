"""Losses of every set as Parquet files, a stretch each: what is there already is not settled again.

A file is whole or not there. A run that was stopped and goes on leaves the same bytes as one that was not: each
stretch is settled from the same start whatever ran before it. Years drawn at random are kept the same way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.lock import OWN
from kopir.core.folders.together import clear_beside, write_whole
from kopir.flow.outages import HOW, Settled
from kopir.model.network.clauses import Asset
from kopir.model.network.network import Ints

ABOUT = "outages.json"
SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Stretches:
    """Files ``outages-SIZE-FIRST.parquet`` in a folder, one row a set in lexicographic order.

    Columns: ``size``, ``asset_1`` to ``asset_N`` (blank beyond the size), ``value`` and ``loss`` (million USD a
    year, or Mt a year of tonnes), ``certified``.
    """

    folder: Path
    assets: tuple[Asset, ...]
    most: int

    def read(self, size: int, first: int, last: int) -> Settled | None:
        """Return a stretch that is there already; raises :class:`InputError` where its file cannot be read."""
        path = self._path(size, first)
        if not path.is_file():
            return None
        try:
            kept = pl.read_parquet(path, columns=["value", "certified"])
        except (OSError, pl.exceptions.PolarsError) as error:
            why = f"cannot be read: {str(error).splitlines()[0]}"
            raise InputError(Fault("K0111", why, "delete the file, it is then made again", str(path))) from error
        if kept.height != last - first:
            mend = "delete the file, it is then made again"
            raise InputError(Fault("K0111", f"{kept.height} rows instead of {last - first}", mend, str(path)))
        ways = np.array([HOW.index(word) for word in kept["certified"]], dtype=np.int64)
        return Settled(kept["value"].to_numpy(), ways)

    def write(self, size: int, first: int, members: Ints, settled: Settled, undisturbed: float) -> None:
        """Write the file of a stretch."""
        codes = pl.Series([code for _, code in self.assets], dtype=pl.String)
        columns = {"size": pl.Series([size] * len(members), dtype=pl.Int8)}
        for place in range(self.most):
            name = f"asset_{place + 1}"
            blank = pl.Series([None] * len(members), dtype=pl.String)
            columns[name] = codes.gather(members[:, place].tolist()) if place < size else blank
        columns["value"] = pl.Series(settled.value)
        columns["loss"] = pl.Series(undisturbed - settled.value)
        columns["certified"] = pl.Series([HOW[way] for way in settled.how.tolist()], dtype=pl.String)
        buffer = BytesIO()
        pl.DataFrame(columns).write_parquet(buffer, compression="zstd", statistics=False)
        write_whole(self._path(size, first), buffer.getvalue())

    def _path(self, size: int, first: int) -> Path:
        return self.folder / f"outages-{size}-{first:010}.parquet"


def stretches_in(folder: Path, assets: tuple[Asset, ...], most: int, about: Mapping[str, str | int]) -> Stretches:
    """Return the stretches in ``folder``, which is made where there is none; raises as :func:`claimed` does."""
    claimed(folder, about)
    return Stretches(folder, assets, most)


@dataclass(frozen=True)
class Worlds:
    """Files ``stress-WORLD.parquet`` in a folder: the years of a world, a row each."""

    folder: Path

    def read(self, world: int) -> bytes | None:
        """Return the bytes of a world that is there already."""
        path = self._path(world)
        return path.read_bytes() if path.is_file() else None

    def write(self, world: int, data: bytes) -> None:
        """Keep the file of a world; raises ``OSError`` where it cannot be written, and leaves nothing behind."""
        write_whole(self._path(world), data)

    def _path(self, world: int) -> Path:
        return self.folder / f"stress-{world:06}.parquet"


def claimed(folder: Path, about: Mapping[str, str | int]) -> None:
    """Make ``folder`` hold the answer to what ``about`` says, or find that it does already.

    Raises :class:`InputError` where the folder holds an answer to something else, or other files.
    """
    written = json.dumps({"schema_version": SCHEMA_VERSION, **about}, indent=2, sort_keys=True) + "\n"
    label = folder / ABOUT
    if folder.is_dir():
        clear_beside(folder)
    if label.is_file():
        if label.read_text("utf-8") != written:
            mend = "name another folder, or delete this one"
            raise InputError(Fault("K0602", "the folder holds the answer to another question", mend, str(folder)))
    elif folder.is_dir() and any(not path.name.startswith(OWN) for path in folder.iterdir()):
        raise InputError(Fault("K0602", "the folder holds other files", "name an empty folder", str(folder)))
    else:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(label, written.encode())
