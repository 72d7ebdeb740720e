"""``kopir doctor``: versions, places, languages, and a small model solved against its known answer."""

from __future__ import annotations

import locale
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Literal

from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.core.version import __version__

State = Literal["ok", "absent", "failed"]
Finding = tuple[str, State, str]

_PACKAGES = (
    "altair",
    "duckdb",
    "highspy",
    "numpy",
    "polars",
    "pydantic",
    "rich",
    "scipy",
    "typer",
    "vl-convert-python",
)
_FONTS = "fontpkg_ibm_plex_sans"
_RECORDED = 64.8
"""Mt by the main route of the starter model in its base year, which its flow must reproduce."""


def doctor(delivery: Delivery) -> None:
    """Check versions, write access, languages, fonts and the solver (exit code 1 when something fails)."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("examining"):
            findings = [*_versions(), _solver(), _write_access(), _encoding(), _languages(), _fonts()]
        with stages.stage("solving the starter model"):
            findings.append(_self_test())
        failed = any(state == "failed" for _, state, _ in findings)
        grid = Grid(("what", "state", "detail"), tuple(findings))
        return Reply(
            record={
                "findings": [{"what": what, "state": state, "detail": said} for what, state, said in findings]
            },
            main=grid,
            parts=(grid,),
            exit_code=1 if failed else 0,
        )

    deliver(delivery, ask)


def _versions() -> list[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    found: list[Finding] = [
        ("kopir", "ok", __version__),
        ("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
    ]
    for name in _PACKAGES:
        try:
            found.append((name, "ok", version(name)))
        except PackageNotFoundError:
            found.append((name, "failed", "not installed"))
    return found


def _attempt(what: str, ask: Callable[[], str]) -> Finding:
    try:
        return what, "ok", ask()
    except Exception as error:
        return what, "failed", f"{type(error).__name__}: {error}"


def _solver() -> Finding:
    def ask() -> str:
        from kopir.flow.program import solver_version

        return solver_version()

    return _attempt("HiGHS", ask)


def _write_access() -> Finding:
    here = Path.cwd()
    if os.access(here, os.W_OK):
        return "write access", "ok", "to the current folder"
    return "write access", "absent", "the current folder is read-only; give --out a folder that is not"


def _encoding() -> Finding:
    return "locale", "ok", f"{locale.setlocale(locale.LC_CTYPE)}, output in {sys.stdout.encoding}"


def _languages() -> Finding:
    def ask() -> str:
        from kopir.core.codes import LANGUAGES, registered_name

        return ", ".join(f"{language} {registered_name('WORLD', language)}" for language in LANGUAGES)

    return _attempt("languages", ask)


def _fonts() -> Finding:
    try:
        held = Path(str(files(_FONTS))) / "files"
    except ModuleNotFoundError:
        return "fonts", "absent", "briefs are not set as PDF"
    return "fonts", "ok", ", ".join(sorted(item.stem for item in held.glob("*.ttf")))


def _self_test() -> Finding:
    def ask() -> str:
        from kopir.model.bundled.starters import starter_path
        from kopir.project import open_project

        begun = time.perf_counter()
        table = open_project(starter_path()).flow().table
        seconds = time.perf_counter() - begun
        moved = float(table.filter(kind="flow", asset="CPC")["flow_mt"].sum())
        if abs(moved - _RECORDED) > 1e-6:
            raise ArithmeticError(f"the starter model moves {moved:g} Mt, not {_RECORDED:g}")
        return f"the starter model moves {moved:g} Mt by the CPC, as recorded ({seconds:.2f} s)"

    return _attempt("self-test", ask)
