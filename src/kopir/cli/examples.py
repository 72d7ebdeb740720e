"""Two examples of every command, shown below its help; all of them are run by the tests."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def examples() -> Mapping[str, tuple[str, ...]]:
    """Return command lines by the name of their command, in the order of the table."""
    text = files("kopir.cli").joinpath("examples.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        found[row["command"]] = (*found.get(row["command"], ()), row["example"])
    return found


def shown(command: str) -> str | None:
    """Return what is shown below the help of a command, ``None`` where there are no examples."""
    lines = examples().get(command)
    return None if lines is None else "\n\n".join(("For example:", *lines))
