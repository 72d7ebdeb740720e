"""A file of BACI's shape, made up: ``python -m benchmarks.world_trade FILE [ROWS] [SEED]``.

Sizes of states and products are log-normal and trade falls with a made-up distance, so that shares are uneven as
in real files. Nothing in it is a figure of any real state.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from kopir.core.codes import codes
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
    product = np.array(
        [chapter * 10_000 + place for chapter in range(1, 98) for place in range(PRODUCTS // 97 + 1)]
    )
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


if __name__ == "__main__":
    write_world(Path(sys.argv[1]), *map(int, sys.argv[2:4]))
