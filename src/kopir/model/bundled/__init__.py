"""The models that come with kopir."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def bundled_models() -> tuple[str, ...]:
    """Return the names of the bundled models, sorted."""
    root = Path(str(files("kopir.model.bundled")))
    return tuple(sorted(item.parent.name for item in root.glob("*/kopir.toml")))


def default_model() -> str:
    """Return the name of the bundled model that is shown where none is named."""
    return files("kopir.model.bundled").joinpath("default.txt").read_text(encoding="utf-8").strip()


def bundled_path(name: str) -> Path | None:
    """Return the folder of the bundled model called ``name``, or ``None`` when there is none.

    A folder of the same name in the working directory takes precedence, so that a copy can be edited.
    """
    if name not in bundled_models() or (Path(name) / "kopir.toml").is_file():
        return None
    return Path(str(files("kopir.model.bundled"))) / name
