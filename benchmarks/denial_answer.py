"""An answer to a refusal in a warm process: all that ``Project.flow(denied=...)`` does, its record too."""

from __future__ import annotations

import time

import numpy as np

import kopir
from benchmarks.measure import Table, row_of
from kopir.model.bundled import bundled_path

MODEL = "kazakhstan"


def answers(rounds: int, name: str = MODEL) -> list[Table]:
    """Ask for the refusal of each player alone, once a round; beside it the first answer after opening."""
    if bundled_path(name) is None:
        return [Table(f"Model {name}: a refusal", notes=(f"skipped: no model {name!r} is bundled",))]
    first, again, slowest = [], [], []
    for _ in range(rounds):
        start = time.process_time()
        project = kopir.open(name)
        project.flow()
        first.append(time.process_time() - start)
        seconds = []
        for player in project.model.settings.players:
            start = time.process_time()
            project.flow(denied=[player])
            seconds.append(time.process_time() - start)
        again.append(float(np.median(seconds)))
        slowest.append(max(seconds))
    players = len(project.model.settings.players)
    rows = (
        row_of("opened, first answer", first, first),
        row_of("a refusal asked again, median player", again, first),
        row_of("slowest player", slowest, first),
    )
    return [Table(f"Model {name}: a refusal in a warm process", rows, (f"{players} players, each alone",))]
