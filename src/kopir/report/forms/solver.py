"""The solver in a page: HiGHS in WebAssembly and the script that asks it, as `make web` builds them, packed."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kopir.core import outward
from kopir.report.content import Refusing


@dataclass(frozen=True)
class PackedSolver:
    """``script`` runs as it stands; ``policy`` names it, by its hash, in a content security policy.

    ``binary`` is the solver, compressed and in base64.
    """

    script: str
    policy: str
    binary: str


@cache
def packed_solver() -> PackedSolver | None:
    """Return the solver; ``None`` where the scripts are not built."""
    built = files("kopir.report").joinpath("static")
    script, binary = (built.joinpath(name) for name in ("refusing.js", "highs.wasm.gz"))
    if not (script.is_file() and binary.is_file()):
        return None
    text = script.read_text(encoding="ascii")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return PackedSolver(text, f"'sha256-{digest}' 'wasm-unsafe-eval'", _base64(binary.read_bytes()))


def packed_model(refusing: Refusing) -> str:
    """Return the model of a page as JSON, compressed and in base64; equal models give equal bytes."""
    return _base64(gzip.compress(outward.as_json(refusing.model).encode(), compresslevel=9, mtime=0))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
