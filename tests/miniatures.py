"""The hand-computable miniatures: from the shared folder where there is one, else the copy carried here."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_PLACES = (_HERE.parents[1] / "shared/data/methods/miniatures.json", _HERE / "data/miniatures.json")


@cache
def _all() -> dict[str, dict[str, Any]]:
    path = next(path for path in _PLACES if path.is_file())
    return {entry["id"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["miniatures"]}


def miniature(code: str) -> dict[str, Any]:
    """Return the miniature whose id begins with ``code`` and an underscore, for example ``M4``."""
    return next(entry for name, entry in _all().items() if name.startswith(f"{code}_"))
