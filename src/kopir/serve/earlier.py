"""Earlier texts of scenarios: what a page changes or removes is kept beside, so that it can be put back."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kopir.core.errors import Fault, InputError
from kopir.core.folders.textfiles import read_text
from kopir.model.network.scenario import MAX_SCENARIO_BYTES

PLACE = "scenarios/.earlier"
"""The folder of earlier texts inside that of a model: a folder for each scenario, texts numbered from 1."""
MOST = 20
"""Earlier texts of one scenario that are kept."""
_NUMBER = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Earlier:
    """A text that a scenario had: its number, and until when."""

    name: str
    number: str
    until: datetime


def earlier_texts(root: Path, name: str) -> tuple[Earlier, ...]:
    """Return the earlier texts of a scenario of the model folder ``root``, newest first."""
    if name.startswith(".") or set(name) & set("/\\") or not _inside(root, root / PLACE / name):
        return ()
    found = [path for path in (root / PLACE / name).glob("*.toml") if _NUMBER.fullmatch(path.stem)]
    return tuple(
        Earlier(name, path.stem, datetime.fromtimestamp(path.stat().st_mtime))
        for path in sorted(found, reverse=True)
    )


def _inside(root: Path, folder: Path) -> bool:
    """Tell whether a folder lies in that of the model and no link leads it elsewhere."""
    return folder.resolve().is_relative_to(root.resolve())


def removed(root: Path, there: Collection[str]) -> tuple[Earlier, ...]:
    """Return the last texts of scenarios that are not ``there`` any more, by name."""
    names = sorted(path.name for path in (root / PLACE).glob("*") if path.is_dir())
    gone = [earlier_texts(root, name)[:1] for name in names if name not in there]
    return tuple(one for few in gone for one in few)


def earlier_text(root: Path, name: str, number: str) -> str:
    """Return an earlier text; raises :class:`InputError` where there is none."""
    if number not in {one.number for one in earlier_texts(root, name)}:
        raise InputError(Fault("K0701", "there is no such earlier text", "see /scenarios", value=number[:20]))
    text = read_text(root / PLACE / name, f"{number}.toml", limit=MAX_SCENARIO_BYTES)
    if isinstance(text, Fault):
        raise InputError(text)
    return text


def kept_beside(root: Path, name: str, text: str) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the file that keeps a text of ``name``, and the oldest ones that give way to it."""
    known = earlier_texts(root, name)
    number = 1 + (int(known[0].number) if known else 0)
    gone = tuple(f"{PLACE}/{name}/{one.number}.toml" for one in known[MOST - 1 :])
    return {f"{PLACE}/{name}/{number:06}.toml": text.encode()}, gone
