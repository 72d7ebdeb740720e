"""Total a bilateral trade file by partner and product group, and write it into a model folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Literal

import polars as pl

from kopir.core.codes import codes
from kopir.core.encoding import shown_path
from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder, refuse_changed
from kopir.core.folders.references import reference_faults
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import Table, format_table, make_table, parse_table
from kopir.core.folders.together import Change, changing
from kopir.core.spelling import did_you_mean
from kopir.model.folder.opening import model_of
from kopir.model.ties.trade import ALL
from kopir.model.trade_files.bilateral import Bilateral, read_bilateral
from kopir.model.trade_files.focal_rows import GroupsOf
from kopir.model.trade_files.shapes import TOTAL, Shape
from kopir.model.trade_files.trade_areas import STANDS_FOR, WORLD, state_of

Side = Literal["own", "partner"]

CHAPTERS = 60
"""Chapters of the Harmonised System (of 97) in the goods of a state from which a file counts as complete."""
COVERED = 0.95
"""Share of the total of all goods that products must reach to count as complete."""

WHOLE = 0.999
"""Share of the row of all partners that rows of partners must reach for one without a row to have no trade."""

_GROUP = ("year", "flow", "perimeter")
_TOTALS = ("year", "flow", "perimeter", "sector")


@dataclass(frozen=True)
class TradeImport:
    """What an import of trade wrote into ``files``.

    ``table`` has a row a year, flow and sector: ``perimeter``, ``value`` with all partners (million USD), and
    ``named``, the share of it with partners that the model names.
    """

    shape: str
    source: str
    table: pl.DataFrame
    files: tuple[Path, ...]
    notes: tuple[str, ...]


def import_trade(
    paths: Sequence[Path],
    folder: Folder,
    *,
    side: Side = "own",
    sectors: Collection[str] = (),
    change: Change | None = None,
    read: Sequence[Bilateral] = (),
) -> TradeImport:
    """Read bilateral trade files of one shape into ``trade.csv`` of a model folder.

    Partners are the states and unions of ``jurisdictions.csv`` (a union with the members that the registry
    knows); others count in the whole only. Product groups are those of ``sectors.csv``, or the ones that come
    with kopir where the folder has none. ``side`` prefers the statistics of the focal state or of its partners
    where both are given. ``sectors`` limits what is written to groups that the files cover wholly; without it
    the files must hold all goods. Rows of the same year, flow and sector are replaced (of all sectors, where
    the files give all goods by product), others kept, and a source is added. ``change`` is the folder where the
    caller has held it since before it was read; ``read`` is what the files say where they were read
    already. Raises :class:`InputError` with every fault found, and
    :class:`kopir.core.errors.Locked` when the folder is no longer as ``folder`` was read; then nothing is written.
    """
    focal = folder.settings.model.focal_state
    found = list(read) or read_all(paths, focal)
    shape = _one_shape(found, paths)
    groups = _sector_table(folder)
    wanted = _wanted(sectors, groups)
    rows = one_side(pl.concat([one.rows for one in found]), side)
    _refuse_twice(rows)
    left_out = pl.concat([one.left_out for one in found])
    totals = _totals(rows, shape, groups, wanted, [path.name for path in paths])
    blank = pl.concat([one.blank for one in found]).filter(pl.col("partner") != "")
    _refuse_unknown_whole(rows, left_out, paths[0].name)
    if totals.is_empty():
        why = f"no goods of {', '.join(sorted(wanted))}"
        raise InputError(Fault("K0353", why, "name groups whose products the file holds", paths[0].name))
    source = source_of(shape, paths)
    partners = _partners(folder)
    shown = _shown(totals, partners, blank, every_pair=shape.every_pair)
    tables = {
        "sources": _with_source(folder, source),
        "sectors": groups,
        "trade": _with_trade(folder, totals, shown, source["source"], complete=not wanted),
    }
    _refuse_faults(folder, tables)
    return TradeImport(
        shape=shape.name,
        source=source["source"],
        table=_summary(totals, partners),
        files=_write(folder, tables, change),
        notes=(
            *_notes(totals, left_out, groups is not folder.tables["sectors"]),
            *_open_notes(totals, shown, partners),
            *_stands_for(rows),
        ),
    )


def read_all(paths: Sequence[Path], focal_state: str, groups_of: GroupsOf | None = None) -> list[Bilateral]:
    """Return what each file says of ``focal_state``; raises :class:`InputError` with the faults of all of them.

    ``groups_of`` is as in :func:`kopir.model.trade_files.bilateral.read_bilateral`.
    """
    found: list[Bilateral] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            found.append(read_bilateral(path, focal_state, groups_of))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def _one_shape(found: Sequence[Bilateral], paths: Sequence[Path]) -> Shape:
    shapes = {one.shape.name: one.shape for one in found}
    if len(shapes) > 1:
        why = f"files of several shapes: {', '.join(sorted(shapes))}"
        raise InputError(Fault("K0351", why, "give files of one shape at a time", paths[-1].name))
    return found[0].shape


def _sector_table(folder: Folder) -> Table:
    """Return the product groups of the folder, or those that come with kopir."""
    own = folder.tables["sectors"]
    return own if own.cells.height else bundled_groups()


def bundled_groups() -> Table:
    """Return the product groups that come with kopir."""
    text = files("kopir.model").joinpath("sectors.csv").read_text(encoding="utf-8")
    return parse_table(text, table_schemas()["sectors"])[0]


def _wanted(sectors: Collection[str], groups: Table) -> frozenset[str]:
    known = groups.cells["sector"].to_list()
    unknown = sorted(set(sectors) - set(known))
    if unknown:
        raise InputError(
            [
                Fault(
                    "K0207",
                    f"unknown sector {code!r}",
                    did_you_mean(code, known, "a row of sectors.csv"),
                    value=code,
                )
                for code in unknown
            ]
        )
    return frozenset(sectors)


def one_side(rows: pl.DataFrame, side: Side) -> pl.DataFrame:
    """Keep for each year and flow the statistics of one side: the preferred one where it is given."""
    order = ["customs_own_side", "reconciled", "customs_partner_side"]
    rank = {name: index for index, name in enumerate(order if side == "own" else order[::-1])}
    place = pl.col("perimeter").replace_strict(rank, return_dtype=pl.Int64)
    return rows.filter(place == place.min().over("year", "flow"))


def _refuse_twice(rows: pl.DataFrame) -> None:
    # By the code of the file: states that are no more have codes of their own beside their successors.
    twice = rows.filter(pl.col("line").cum_count().over("year", "flow", "code", "product") > 1)
    if twice.height:
        raise InputError(
            [
                Fault(
                    "K0204",
                    f"a second figure of {row['flow']} {row['product']} with {row['code']} in {row['year']}",
                    "keep one of them, or give files that do not overlap",
                    row["file"],
                    row["line"],
                )
                for row in twice.head(20).iter_rows(named=True)
            ]
        )


def _refuse_unknown_whole(rows: pl.DataFrame, left_out: pl.DataFrame, file: str) -> None:
    """Raise where unknown partners were left out and no row says what all partners come to."""
    left_out = left_out.filter(pl.col("code").map_elements(state_of, return_dtype=pl.String).is_null())
    key = ("year", "flow", "perimeter")
    told = rows.filter(pl.col("partner") == WORLD)
    astray = left_out.join(rows, on=key, how="semi").join(told, on=key, how="anti").sort("code", "year", "flow")
    if astray.height:
        mend = "correct the name, or add the rows whose partner is World"
        raise InputError(
            [
                Fault(
                    "K0352",
                    f"no state, and no {row['flow']} row of all partners in {row['year']}",
                    mend,
                    file,
                    value=row["code"],
                )
                for row in astray.iter_rows(named=True)
            ]
        )


def _totals(
    rows: pl.DataFrame, shape: Shape, groups: Table, wanted: frozenset[str], names: Sequence[str]
) -> pl.DataFrame:
    """Return the value by year, flow, perimeter, sector and partner (``WORLD`` among them), in million USD."""
    if not shape.areas:
        rows = rows.filter(pl.col("partner") != "")
    stated = rows.filter(pl.col("product") == TOTAL).with_columns(sector=pl.lit(ALL))
    products = _one_level(rows.filter(pl.col("product") != TOTAL))
    complete = _complete(products, stated)
    if not wanted and not complete and products.height:
        chapters = products["product"].str.head(2).n_unique()
        why = f"the goods are not all there: {chapters} chapters of 97"
        mend = "name the groups that the file covers wholly with --sector, or bring a file of all goods"
        raise InputError(Fault("K0354", why, mend, names[0]))
    grouped = products.with_columns(sector=_sector_of(products["product"], groups)).drop_nulls("sector")
    if wanted:
        grouped = grouped.filter(pl.col("sector").is_in(sorted(wanted)))
    parts = [stated, grouped]
    if not wanted:
        told = stated.select("year", "flow").unique()
        parts.append(products.join(told, on=("year", "flow"), how="anti").with_columns(sector=pl.lit(ALL)))
    summed = pl.concat([part.select(*_TOTALS, "partner", "value") for part in parts])
    summed = summed.group_by(*_TOTALS, "partner").agg(pl.col("value").sum())
    return _with_world(summed) if shape.every_pair else summed.sort(*_TOTALS, "partner")


def _one_level(products: pl.DataFrame) -> pl.DataFrame:
    """Keep for each year and flow the digits at which the products add up to most, the finer on a tie."""
    level = pl.col("product").str.len_chars()
    sizes = (
        products.filter(pl.col("partner") != WORLD)
        .group_by("year", "flow", level.alias("digits"))
        .agg(pl.col("value").sum().round_sig_figs(4))
        .sort("value", "digits", descending=True)
        .group_by("year", "flow", maintain_order=True)
        .first()
        .select("year", "flow", "digits")
    )
    return products.join(sizes, on=("year", "flow"), how="left").filter(level == pl.col("digits")).drop("digits")


def _complete(products: pl.DataFrame, stated: pl.DataFrame) -> bool:
    if not products.height:
        return True
    if products["product"].str.head(2).n_unique() >= CHAPTERS:
        return True
    key = ("year", "flow")
    told = stated.filter(pl.col("partner") != WORLD).join(products, on=key, how="semi")
    counted = products.filter(pl.col("partner") != WORLD).join(told, on=key, how="semi")
    return told.height > 0 and float(counted["value"].sum()) >= COVERED * float(told["value"].sum())


def _sector_of(products: pl.Series, groups: Table) -> pl.Series:
    group_of = group_finder(groups)
    found = {product: group_of(product) for product in products.unique().to_list()}
    return products.replace_strict(found, return_dtype=pl.String)


def group_finder(groups: Table) -> Callable[[str], str | None]:
    """Return what finds the product group of a code: the one with the longest fitting code, ``None`` for none."""
    owner = {code: row["sector"] for row in groups.typed.iter_rows(named=True) for code in row["hs"]}

    def longest(product: str) -> str | None:
        return next((owner[product[:digits]] for digits in (6, 4, 2) if product[:digits] in owner), None)

    return longest


def _with_world(summed: pl.DataFrame) -> pl.DataFrame:
    """Add the sum over partners, of which the file has every one."""
    told = summed.filter(pl.col("partner") == WORLD).select(*_TOTALS)
    sums = summed.join(told, on=_TOTALS, how="anti").group_by(*_TOTALS).agg(pl.col("value").sum())
    sums = sums.with_columns(partner=pl.lit(WORLD)).select(summed.columns)
    return pl.concat([summed, sums]).sort(*_TOTALS, "partner")


def _partners(folder: Folder) -> dict[str, frozenset[str]]:
    """Return the states of each partner of the model: itself, or the members of a union."""
    registered = codes("groups")
    own = {folder.settings.model.focal_state, folder.settings.model.home}
    found: dict[str, frozenset[str]] = {}
    for row in folder.tables["jurisdictions"].typed.iter_rows(named=True):
        code = row["jurisdiction"]
        members = registered[code].members if code in registered else ()
        if row["kind"] == "union":
            found[code] = frozenset((*row["members"], *members)) - own
        elif row["kind"] == "state" and code not in own:
            found[code] = frozenset({code})
    return found


_Shown = Mapping[tuple[str, str, str, str], Mapping[str, float]]
"""Value by partner of the model, blank for all partners, by year, flow, perimeter and sector."""


def _shown(
    totals: pl.DataFrame, partners: Mapping[str, frozenset[str]], blank: pl.DataFrame, *, every_pair: bool
) -> _Shown:
    """Return what is written of each group: the whole where a row states it, and each partner that is known."""
    unknown = {(row["year"], row["flow"], row["perimeter"], row["partner"]) for row in blank.rows(named=True)}
    found = {}
    for key, group in totals.group_by(*_TOTALS, maintain_order=True):
        year, flow, perimeter, sector = map(str, key)
        values = dict(group.select("partner", "value").iter_rows())
        whole = values.pop(WORLD, None)
        told = every_pair or (whole is not None and sum(values.values()) >= WHOLE * whole)
        shown = {} if whole is None else {"": whole}
        for code, states in sorted(partners.items()):
            open_cells = any((year, flow, perimeter, state) in unknown for state in states)
            if not open_cells and (told or all(state in values for state in states)):
                shown[code] = sum(values.get(state, 0.0) for state in sorted(states))
        found[year, flow, perimeter, sector] = shown
    return found


def _with_trade(folder: Folder, totals: pl.DataFrame, shown: _Shown, source: str, *, complete: bool) -> Table:
    is_all = pl.col("sector") == ALL
    pairs = [set(totals.filter(test).select("year", "flow").iter_rows()) for test in (is_all, ~is_all)]
    # A file of all goods by product leaves nothing for older rows of groups that it does not mention.
    whole = pairs[0] & pairs[1] if complete else set()
    replaced = {(year, flow, sector) for year, flow, _, sector in shown}
    fresh = [
        {
            "year": year,
            "flow": flow,
            "partner": partner,
            "sector": sector,
            "value": f"{value:.10g}",
            "perimeter": perimeter,
            "source": source,
        }
        for (year, flow, perimeter, sector), values in shown.items()
        for partner, value in values.items()
    ]
    kept = [
        row
        for row in folder.tables["trade"].records()
        if (row["year"], row["flow"], row["sector"]) not in replaced and (row["year"], row["flow"]) not in whole
    ]
    return make_table(table_schemas()["trade"], kept + fresh)


def source_of(shape: Shape, paths: Sequence[Path]) -> dict[str, str]:
    """Return the row of sources.csv that stands for files, named by their content."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return {
        "source": f"T-{shape.name.upper()}-{digest.hexdigest()[:10]}",
        "title": f"{shape.title}, {', '.join(sorted(shown_path(path.name) for path in paths))}",
        "class": "dataset",
        "licence": shape.licence,
    }


def _with_source(folder: Folder, source: Mapping[str, str]) -> Table:
    rows = [row for row in folder.tables["sources"].records() if row["source"] != source["source"]]
    return make_table(table_schemas()["sources"], [*rows, source])


def _refuse_faults(folder: Folder, tables: Mapping[str, Table]) -> None:
    """Raise what would be wrong with the folder once ``tables`` are written."""
    faults = [fault for table in tables.values() for fault in parse_table(format_table(table), table.schema)[1]]
    whole = {**folder.tables, **tables}
    if faults := faults or reference_faults(whole):
        raise InputError(faults)
    model_of(replace(folder, tables=whole))


def _write(folder: Folder, tables: Mapping[str, Table], change: Change | None) -> tuple[Path, ...]:
    changed = {
        table.file: format_table(table).encode()
        for name, table in tables.items()
        if table is not folder.tables[name]
    }
    with nullcontext(change) if change is not None else changing(folder.path) as held:
        refuse_changed(folder)
        return tuple(held.write(changed))


def _summary(totals: pl.DataFrame, partners: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    named = frozenset[str]().union(*partners.values())
    with_named = pl.col("value").filter(pl.col("partner").is_in(sorted(named))).sum()
    whole = pl.col("value").filter(pl.col("partner") == WORLD).first()
    return (
        totals.group_by(*_TOTALS, maintain_order=True)
        .agg(whole.alias("value"), pl.when(whole > 0).then(with_named / whole).alias("named"))
        .sort("year", "flow", "sector")
    )


def _open_notes(totals: pl.DataFrame, shown: _Shown, partners: Mapping[str, frozenset[str]]) -> Iterable[str]:
    """Yield what stays a gap: wholes that no row states, and partners that the files do not tell."""
    groups = {key: values for key, values in shown.items() if key[3] == ALL} or shown
    for flow in sorted({key[1] for key in groups}):
        own = {key: values for key, values in groups.items() if key[1] == flow}
        if years := sorted({key[0] for key, values in own.items() if "" not in values}):
            yield f"no row of all partners for {flow} of {', '.join(years)}: the whole is unknown, not their sum"
        for partner in sorted(partners):
            if years := sorted({key[0] for key, values in own.items() if partner not in values}):
                yield f"no figure of {flow} with {partner} for {', '.join(years)}: left open, not nought"


def _stands_for(rows: pl.DataFrame) -> Iterable[str]:
    for code in sorted(set(rows["code"].to_list()) & set(STANDS_FOR)):
        yield f"{code} (Other Asia, nes) is taken for {STANDS_FOR[code]}, which it is in practice"


def _notes(totals: pl.DataFrame, left_out: pl.DataFrame, added_sectors: bool) -> Iterable[str]:
    if left_out.height:
        yield f"left out as sums of states or unknown: {', '.join(sorted(set(left_out['code'])))}"
    if added_sectors:
        yield "the folder had no sectors.csv: the product groups that come with kopir were added"
    years = {flow: sorted({int(year) for year in part["year"]}) for (flow,), part in totals.group_by("flow")}
    for flow, found in sorted(years.items()):
        missing = [str(year) for year in range(found[0], found[-1]) if year not in found]
        if missing:
            yield f"no {flow} figures of {', '.join(missing)}: the gap stays open"
