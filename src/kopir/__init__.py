"""kopir: who could squeeze a bridge state, through what, and by how much after it reacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.core.version import __version__

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kopir.project import Project

__all__ = ["__version__", "open"]


def open(path: Path | str, *, as_of: date | None = None, seed: int | None = None) -> Project:
    """Open a model folder, or the bundled model of that name, to ask it questions.

    ``as_of`` opens it as it stood on that day, today unless given; ``seed`` replaces that of kopir.toml. Raises
    :class:`kopir.core.errors.InputError` with every fault found in the folder.
    """
    from kopir.project import open_project

    return open_project(path, as_of=as_of, seed=seed)
