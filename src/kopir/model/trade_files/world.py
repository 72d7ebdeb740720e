"""A model of any state from bilateral trade files: its partners, its product groups, and its trade with each."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import read_folder
from kopir.core.spelling import did_you_mean
from kopir.model.trade_files.bilateral import Bilateral
from kopir.model.trade_files.trade_areas import WORLD
from kopir.model.trade_files.trade_import import TradeImport, import_trade, read_all

PLAYERS = 12
"""Partners that count as players: those it trades most with, few enough for every coalition."""

_SETTINGS = """# Made by kopir world from trade files; edit the tables, and run `kopir check` after every change.
format = 1
players = [{players}]

[model]
name = "{name}"
title = "{title}"
focal_state = "{focal}"
base_year = {year}
languages = ["en", "kk", "ru", "tr"]
"""
_FUNCTIONS = "function,kind,part_of,commodity,measure,basis\nimports,variety,,all,import,\n"


@dataclass(frozen=True)
class WorldModel:
    """The folder that was made, what was read of the files, and who counts as a player in it."""

    folder: Path
    trade: TradeImport
    partners: int
    players: tuple[str, ...]


def make_world_model(paths: Sequence[Path], focal_state: str, target: Path) -> WorldModel:
    """Make a model folder of ``focal_state`` in ``target``, whole or not at all.

    Every state that the files name as its partner becomes a jurisdiction, the :data:`PLAYERS` that it trades most
    with in the last year become players. Files are read as :func:`import_trade` does. Raises :class:`InputError`
    with every fault found, for an unknown state, and where ``target`` exists and is not an empty folder.
    """
    states = codes("states")
    if focal_state not in states:
        mend = did_you_mean(focal_state, states, "an ISO 3166-1 alpha-3 code")
        raise InputError(Fault("K0352", f"unknown state {focal_state!r}", mend, value=focal_state))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(target)))
    read = read_all(paths, focal_state)
    rows = pl.concat([one.rows for one in read])
    year = max(rows["year"].to_list())
    traded = (
        rows.filter(~pl.col("partner").is_in([WORLD, ""]), year=year)
        .group_by("partner")
        .agg(pl.col("value").sum())
        .sort("value", "partner", descending=[True, False])
    )
    players = tuple(traded["partner"].head(PLAYERS).to_list())
    partners = sorted(set(rows["partner"].to_list()) - {WORLD, "", focal_state})
    settings = _SETTINGS.format(
        players=", ".join(f'"{code}"' for code in players),
        name=f"trade_{focal_state.lower()}",
        title=f"Trade of {states[focal_state].names['en']}, {year}",
        focal=focal_state,
        year=year,
    )
    tables = {
        "kopir.toml": settings,
        "functions.csv": _FUNCTIONS,
        "jurisdictions.csv": "".join(
            f"{row}\n" for row in ("jurisdiction,kind", *_states([focal_state, *partners]))
        ),
    }
    return WorldModel(target, _written(tables, paths, read, target), len(partners), players)


def _states(named: Sequence[str]) -> list[str]:
    return [f"{code},state" for code in named]


def _written(
    tables: dict[str, str], paths: Sequence[Path], read: Sequence[Bilateral], target: Path
) -> TradeImport:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as temporary:
            whole = Path(temporary) / "whole"
            whole.mkdir()
            for name, text in tables.items():
                (whole / name).write_text(text, encoding="utf-8", newline="")
            found = import_trade(paths, read_folder(whole), read=read)
            if target.exists():
                target.rmdir()
            whole.rename(target)
    except OSError as error:
        why = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "choose a folder that you may write to", str(target))) from error
    return found
