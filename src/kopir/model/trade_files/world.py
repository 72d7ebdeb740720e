"""A model of any state from bilateral trade files: partners, product groups, raw materials, ways to the sea."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import read_folder
from kopir.core.folders.tables import csv_text
from kopir.core.folders.together import room_beside
from kopir.core.spelling import did_you_mean
from kopir.model.trade_files.bilateral import Bilateral
from kopir.model.trade_files.exits import Exit, exits, landlocked
from kopir.model.trade_files.focal_rows import GroupsOf
from kopir.model.trade_files.raw_materials import FUNCTION, layer_tables, raw_material_of
from kopir.model.trade_files.shapes import TOTAL
from kopir.model.trade_files.substitutes import SCHEMA, substitutes
from kopir.model.trade_files.trade_areas import WORLD
from kopir.model.trade_files.trade_import import (
    TradeImport,
    bundled_groups,
    group_finder,
    import_trade,
    one_side,
    read_all,
    source_of,
)

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
_FUNCTIONS = "function,kind,part_of,commodity,measure,basis\n"
_IMPORTS = "imports,variety,,all,import,\n"
_DESCRIBED = f"{FUNCTION},described,,,,\n"


@dataclass(frozen=True)
class WorldModel:
    """The folder that was made, and what the files say beside its tables.

    ``trade`` is what went into trade.csv, ``None`` where the files are an extract of some goods. ``players`` are
    the partners traded with most, ``goods`` the raw materials with layers, ``open_flows`` their flows without a
    volume. ``substitutes`` is as in :func:`kopir.model.trade_files.substitutes.substitutes` (``None`` where the
    files do not hold the sales of all states), ``landlocked`` and ``exits`` as in
    :mod:`kopir.model.trade_files.exits`.
    """

    folder: Path
    trade: TradeImport | None
    partners: int
    players: tuple[str, ...]
    goods: int
    open_flows: int
    substitutes: pl.DataFrame | None
    landlocked: bool | None
    exits: tuple[Exit, ...]


def make_world_model(paths: Sequence[Path], focal_state: str, target: Path) -> WorldModel:
    """Make a model folder of ``focal_state`` in ``target``, whole or not at all.

    Every state that the files name as its partner becomes a jurisdiction, the :data:`PLAYERS` that it trades most
    with in the last year become players; raw materials of files that count tonnes become accounting layers. Files
    are read as :func:`import_trade` does. Raises :class:`InputError` with every fault found, for an unknown state,
    and where ``target`` exists and is not an empty folder.
    """
    states = codes("states")
    if focal_state not in states:
        mend = did_you_mean(focal_state, states, "an ISO 3166-1 alpha-3 code")
        raise InputError(Fault("K0352", f"unknown state {focal_state!r}", mend, value=focal_state))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(target)))
    groups_of = _groups_of()
    read = read_all(paths, focal_state, groups_of)
    rows = one_side(pl.concat([one.rows for one in read]), "own")
    if rows.is_empty():
        why, mend = f"no amount of trade of {focal_state}: its cells are blank", "give a file that holds amounts"
        raise InputError(Fault("K0353", why, mend, paths[0].name, value=focal_state))
    year = max(rows["year"].to_list())
    named = sorted({*rows["partner"].to_list()} - {WORLD, "", focal_state})
    source = source_of(read[0].shape, paths)
    layers = layer_tables(rows, focal_state, year, source["source"])
    whole = any(one.shape.name != "extract" for one in read)
    players = _players(rows if whole else rows.filter(_is_raw(rows["product"])), year)
    settings = _SETTINGS.format(
        players=", ".join(f'"{code}"' for code in players),
        name=f"trade_{focal_state.lower()}",
        title=f"Trade of {states[focal_state].names['en']}, {year}",
        focal=focal_state,
        year=year,
    )
    tables = {
        "kopir.toml": settings,
        "functions.csv": _FUNCTIONS + (_IMPORTS if whole else "") + (_DESCRIBED if layers.tables else ""),
        "jurisdictions.csv": "".join(
            f"{row}\n" for row in ("jurisdiction,kind", *(f"{code},state" for code in [focal_state, *named]))
        ),
        "sources.csv": csv_text([source, source.values()]),
        **layers.tables,
    }
    return WorldModel(
        folder=target,
        trade=_written(tables, paths, read if whole else (), target),
        partners=len(named),
        players=players,
        goods=layers.goods,
        open_flows=layers.open_flows,
        substitutes=_others(read, rows, year, focal_state, groups_of),
        landlocked=landlocked(focal_state),
        exits=exits(focal_state),
    )


def _is_raw(products: pl.Series) -> pl.Series:
    return pl.Series([raw_material_of(one) is not None for one in products], dtype=pl.Boolean)


def _groups_of() -> GroupsOf:
    """Return what finds the product group and the raw material of a code; one name stands once."""
    group_of = group_finder(bundled_groups())

    def both(product: str) -> Sequence[str]:
        found = (group_of(product), raw_material_of(product))
        return tuple(dict.fromkeys(one for one in found if one is not None))

    return both


def _players(rows: pl.DataFrame, year: str) -> tuple[str, ...]:
    told = rows.filter(~pl.col("partner").is_in([WORLD, ""]), year=year)
    sums = told.filter(product=TOTAL)
    traded = (
        (sums if sums.height else told)
        .group_by("partner")
        .agg(pl.col("value").sum())
        .sort("value", "partner", descending=[True, False])
    )
    return tuple(traded["partner"].head(PLAYERS).to_list())


def _others(
    read: Sequence[Bilateral], rows: pl.DataFrame, year: str, focal_state: str, groups_of: GroupsOf
) -> pl.DataFrame | None:
    sold = [one.sold for one in read if one.sold is not None]
    if not sold:
        return None
    own = rows.filter(flow="import", year=year)
    groups = [list(groups_of(product)) for product in own["product"]]
    bought = (
        own.with_columns(group=pl.Series(groups, dtype=pl.List(pl.String)))
        .explode("group")
        .drop_nulls("group")
        .group_by("group", "partner")
        .agg(value_musd=pl.col("value").sum())
    )
    return substitutes(bought, pl.concat(sold), focal_state) if bought.height else pl.DataFrame(schema=SCHEMA)


def _written(
    tables: dict[str, str], paths: Sequence[Path], read: Sequence[Bilateral], target: Path
) -> TradeImport | None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with room_beside(target) as room:
            whole = room / "whole"
            whole.mkdir()
            for name, text in tables.items():
                (whole / name).write_text(text, encoding="utf-8", newline="")
            found = import_trade(paths, read_folder(whole), read=read) if read else None
            if target.exists():
                target.rmdir()
            whole.rename(target)
    except OSError as error:
        why = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "choose a folder that you may write to", str(target))) from error
    return found
