"""Reconciliation at scale: ``python -m benchmarks.facts_scale [CLAIMS ...]``, seconds and memory for each size.

Claims of a made-up world (turnover, export and import of pairs of codes over years, told by 60 sources with noise,
1 % slips of a power of ten) are written to a folder of Parquet files and read back through DuckDB, first filtered
to the exports of one subject in ten, then whole; all are reconciled with their implied identities. Each size runs
in a process of its own, so that its peak memory is its own. Seconds are CPU time, of all threads.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measure import Table

SIZES = (10_000, 100_000, 1_000_000)
SOURCES = 60
EACH = 4
"""Claims a fact."""
A_FILE = 100_000
"""Claims a file."""
CLASSES = ("statistics", "ministry", "agency", "leader", "news")


def made_up_claims(count: int, seed: int) -> pl.DataFrame:
    """Return ``count`` claims on ``count / EACH`` facts, three facts a pair and year."""
    draw = np.random.default_rng(seed)
    blocks = count // (3 * EACH)
    export, into = np.exp(draw.uniform(17, 24, (2, blocks)))
    truth = np.stack([export + into, export, into], axis=1).ravel()
    fact = np.repeat(np.arange(3 * blocks), EACH)
    source = draw.integers(SOURCES, size=len(fact))
    noise = np.array([0.003, 0.008, 0.012, 0.02, 0.03])[source % len(CLASSES)]
    slip = np.where(draw.random(len(fact)) < 0.01, 10.0, 1.0)
    value = truth[fact] * np.exp(noise * draw.standard_normal(len(fact))) * slip
    digits = np.array([5, 3, 3, 2, 2])[source % len(CLASSES)]
    step = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
    value = np.round(value / step) * step
    block = fact // 3
    numbers = pl.Series("number", np.arange(len(fact)))
    return pl.DataFrame({"block": block, "source_number": source, "value": value}).select(
        pl.format("c{}", numbers).alias("id"),
        pl.format("s{}/{}", pl.col("source_number"), numbers).alias("doc"),
        pl.format("s{}", pl.col("source_number")).alias("source"),
        pl.Series("class", np.array(CLASSES)[source % len(CLASSES)]),
        pl.lit("eq").alias("comparator"),
        "value",
        pl.lit("USD").alias("unit"),
        pl.lit("level").alias("kind"),
        pl.Series("indicator", np.array(["trade_turnover", "export", "import"])[fact % 3]),
        pl.format("A{}", pl.col("block") // 20).alias("subject"),
        pl.concat_list(pl.format("B{}", pl.col("block") // 20)).alias("partners"),
        pl.format("{}", 2000 + pl.col("block") % 20).alias("period"),
    )


def run(count: int) -> None:
    """Reconcile one size in this process and print what it took."""
    from kopir.facts import read_claims, reconcile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        for number, part in enumerate(made_up_claims(count, seed=1).iter_slices(A_FILE)):
            part.write_parquet(path / f"{number:04}.parquet")
        begun = time.process_time()
        few = read_claims(path, where={"indicator": ["export"], "subject": ["A*7"]})
        filtered = time.process_time()
        claims = read_claims(path)
        read = time.process_time()
        book = reconcile(claims, compare=False)
        done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"| {count:,} | {len(book.facts):,} | {len(book.conflicts):,} "
        f"| {len(few):,} in {filtered - begun:.1f} | {read - filtered:.1f} | {done - read:.1f} "
        f"| {(done - read) / count * 1e6:.0f} | {peak:.2f} |",
        flush=True,
    )


def rows(sizes: Iterable[int]) -> Iterator[str]:
    """Yield the table of these sizes, row by row."""
    yield "| claims | facts | conflicts | filtered, s | read, s | reconcile, s | µs a claim | peak GiB |"
    yield "|---|---|---|---|---|---|---|---|"
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.facts_scale", "--one", str(size)]
        yield subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def tables(_rounds: int) -> list[Table]:
    """Return the smaller sizes; the largest is asked for by itself."""
    return [Table("Reconciliation at scale", body="\n".join(rows(SIZES[:2])))]


def main(sizes: list[str]) -> None:
    if len(sizes) == 2 and sizes[0] == "--one":
        run(int(sizes[1]))
        return
    for row in rows(map(int, sizes) if sizes else SIZES):
        print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
