"""A file of BACI's shape, made up: ``python -m benchmarks.world_trade FILE [ROWS] [SEED]``.

``python -m benchmarks --only world`` measures ``kopir world`` on such files.

Sizes of states and products are log-normal and trade falls with a made-up distance, so that shares are uneven as
in real files. Nothing in it is a figure of any real state.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measure import Row, Table
from kopir.core.codes import codes
from kopir.model.trade_files.raw_materials import raw_materials
from kopir.model.trade_files.trade_areas import numbers, state_of

ROWS = 10_700_000
"""Rows of a year of BACI."""
PRODUCTS = 5_000


def parties() -> list[int]:
    """Return a number of UN Comtrade for each registered state that has one."""
    found: dict[str, int] = {}
    for number in sorted(code for code in numbers() if code.isdecimal()):
        state = state_of(number)
        if state in codes("states"):
            found.setdefault(str(state), int(number))
    return sorted(found.values())


def write_world(path: Path, rows: int = ROWS, seed: int = 0) -> None:
    """Write a year of trade with at most ``rows`` rows (pairs and products drawn twice are joined)."""
    rng = np.random.default_rng(seed)
    states = np.array(parties())
    size = rng.lognormal(0, 2, len(states))
    raw = [int(code.ljust(6, "0")) for one in raw_materials() for code in one.hs]
    spread = [chapter * 10_000 + place for chapter in range(1, 98) for place in range(PRODUCTS // 97 + 1)]
    product = np.array(sorted({*raw, *spread}))
    weight = rng.lognormal(0, 1, len(product))
    ends = [rng.choice(len(states), rows, p=size**0.3 / (size**0.3).sum()) for _ in range(2)]
    goods = rng.choice(len(product), rows, p=weight / weight.sum())
    place = rng.uniform(0, 1, (len(states), 2))
    apart = np.linalg.norm(place[ends[0]] - place[ends[1]], axis=1)
    value = size[ends[0]] * size[ends[1]] * weight[goods] * rng.lognormal(0, 2, rows) / (0.05 + apart)
    frame = pl.DataFrame(
        {
            "t": np.full(rows, 2023),
            "i": states[ends[0]],
            "j": states[ends[1]],
            "k": product[goods],
            "v": np.round(value, 3),
            "q": np.round(value, 3),
        }
    )
    frame = frame.filter(pl.col("i") != pl.col("j")).unique(["i", "j", "k"], keep="first", maintain_order=True)
    frame.write_csv(path)


def run(rounds: int) -> list[Table]:
    """Return CPU seconds and peak memory of both commands on an eighth, a quarter, half and all of a year."""
    del rounds  # each size once: a process of its own, whose memory counts too
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lines, told = [], []
        for part in (8, 4, 2, 1):
            file = folder / f"{part}.csv"
            write_world(file, ROWS // part)
            for words in (["--all", "--csv"], ["--focal", "SRB", "--into", str(folder / f"srb{part}")]):
                seconds, peak = _asked([str(file), *words])
                lines.append(Row(f"{words[0]}, 1/{part} of a year", seconds, seconds, 0.0, 0.0, 0.0, 1, peak))
            told.append(f"1/{part}: {file.stat().st_size / 1e6:.0f} MB")
            file.unlink()
        first = {row.contestant.split(",")[0]: row.best_ms for row in lines[:2]}
        ratios = [row.best_ms / first[row.contestant.split(",")[0]] for row in lines]
        rows = tuple(
            replace(row, ratio=ratio, ratio_low=ratio, ratio_high=ratio)
            for row, ratio in zip(lines, ratios, strict=True)
        )
    notes = ("ratio: to an eighth of the rows; 8 is linear", *told)
    return [Table("world: a made-up year of BACI's shape", rows, notes)]


def _asked(words: list[str]) -> tuple[float, float]:
    """Return CPU milliseconds and peak memory (MB) of ``kopir world`` with ``words`` in a process of its own."""
    code = (
        "import resource, sys\n"
        "from kopir.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "own = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(own.ru_utime + own.ru_stime, file=sys.stderr)\n"
        "fields = dict(line.split(':', 1) for line in open('/proc/self/status', encoding='utf-8'))\n"
        "print(int(fields['VmHWM'].split()[0]) / 1024, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "world", *words, "--quiet"], capture_output=True, text=True, check=True
    )
    seconds, peak = map(float, done.stderr.splitlines()[-2:])
    return 1000 * seconds, peak


if __name__ == "__main__":
    write_world(Path(sys.argv[1]), *map(int, sys.argv[2:4]))
