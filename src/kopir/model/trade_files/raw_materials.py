"""Accounting layers of a state's raw materials: how much of each it buys from and sells to whom, in tonnes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from kopir.core.folders.tables import csv_text
from kopir.model.trade_files.trade_areas import WORLD

KNOWN = 0.9
"""Part of a flow's value that must come with tonnes for its volume to be stated; below it stays open."""

DIGITS = 6
"""Digits of the codes that are counted: codes of fewer stand for sums of them."""
FUNCTION = "raw_materials"
_PER_UNIT = {"kt": 1e3, "Mt": 1e6}
_FIGURES = 6


@dataclass(frozen=True)
class RawMaterial:
    """A raw material: codes of the Harmonised System that hold it in one form, the unit of flows, names."""

    commodity: str
    unit: str
    hs: tuple[str, ...]
    names: tuple[str, str, str, str]


@cache
def raw_materials() -> tuple[RawMaterial, ...]:
    """Return the raw materials that come with kopir."""
    text = files("kopir.model").joinpath("raw_materials.csv").read_text(encoding="utf-8")
    return tuple(
        RawMaterial(
            row["commodity"], row["unit"], tuple(row["hs"].split()), (row["en"], row["ru"], row["kk"], row["tr"])
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def raw_material_of(product: str) -> str | None:
    """Return the raw material of a product code of six digits."""
    return next((one.commodity for one in raw_materials() if product.startswith(one.hs)), None)


@dataclass(frozen=True)
class Layers:
    """Tables of a model folder, by file; how many goods they hold, and how many flows lack a volume."""

    tables: Mapping[str, str]
    goods: int
    open_flows: int


def layer_tables(rows: pl.DataFrame, focal_state: str, year: str, source: str) -> Layers:
    """Return the layers of one year: a route for each good, partner and direction, that the partner can close.

    ``rows`` are those of :class:`kopir.model.trade_files.bilateral.Bilateral`, ``source`` who states them: each
    volume is a fact of the folder. A flow of which rows without tonnes
    make up to a tenth of the value is scaled up, its interval reaching from what is stated to twice the gap; with
    more missing it has no volume.
    """
    found = _flows(rows, year)
    if found.is_empty():
        return Layers({}, 0, 0)
    goods = [one for one in raw_materials() if one.commodity in set(found["commodity"].to_list())]
    unit = {one.commodity: one.unit for one in goods}
    flows = [
        _Flow(**row, focal_state=focal_state, unit=unit[row["commodity"]]) for row in found.iter_rows(named=True)
    ]
    volumes = [(one, one.volume()) for one in flows]
    known = [(one, volume) for one, volume in volumes if volume is not None]
    recorded = [
        ("route", one.route, one.commodity, focal_state, year, one.fact, "observed", one.fact) for one, _ in known
    ]
    told = [
        (
            one.fact,
            one.flow,
            focal_state,
            one.partner,
            one.commodity,
            "reconciled",
            year,
            *volume,
            one.unit,
            source,
        )
        for one, volume in known
    ]
    routes = [(one.route, one.commodity, focal_state, one.flow, one.link) for one in flows]
    tables = {
        "commodities.csv": _csv(_GOODS, [(one.commodity, one.unit, one.commodity, "yes") for one in goods]),
        "names.csv": _csv(_NAMES, [(one.commodity, *one.names) for one in goods if one.names[0]]),
        **_ways(flows, focal_state),
        "layer_routes.csv": _csv(("route", "commodity", "owner", "kind", "links"), routes),
        "baseline_flows.csv": _csv(_FLOWS, recorded),
        "facts.csv": _csv(_FACTS, told),
    }
    return Layers(tables, len(goods), sum(volume is None for _, volume in volumes))


_GOODS = ("commodity", "unit", "layer", "accounting")
_NAMES = ("code", "en", "ru", "kk", "tr")
_FLOWS = ("asset_type", "asset", "commodity", "owner", "period", "value", "kind", "facts")
_FACTS = (
    *("fact", "indicator", "subject", "partners", "commodity", "perimeter", "period"),
    *("value", "low", "high", "unit", "sources"),
)
_CLAUSES = (
    *("asset_type", "asset", "clause", "effectiveness_low", "effectiveness_high"),
    *("basis_kind", "legal_basis", "function"),
)


def _ways(flows: Sequence[_Flow], focal_state: str) -> dict[str, str]:
    """Return places, links, what they carry and who can close them: one link for each partner and direction."""
    links = sorted({(one.link, *one.ends, one.partner, one.flow) for one in flows})
    states = [focal_state, *sorted({one.partner for one in flows})]
    unknown = "trade statistics do not say by which way"
    carries = [(one.link, one.commodity, "no capacity in trade statistics") for one in flows]
    clauses = [
        ("link", link, partner, "1", "1", "purchase", _GROUND[flow], FUNCTION)
        for link, _, _, partner, flow in links
    ]
    return {
        "nodes.csv": _csv(("node", "kind", "territory"), [(one, "market", one) for one in states]),
        "links.csv": _csv(
            ("link", "from_node", "to_node", "mode", "basis"),
            [(link, begin, end, "transfer", unknown) for link, begin, end, *_ in links],
        ),
        "carries.csv": _csv(("link", "commodity", "basis"), carries),
        "denial.csv": _csv(_CLAUSES, clauses),
    }


_GROUND = {
    "export": "It buys the goods and can stop.",
    "import": "It sells the goods and can stop.",
}


@dataclass(frozen=True)
class _Flow:
    flow: str
    commodity: str
    partner: str
    tonnes: float
    value: float
    with_tonnes: float
    focal_state: str
    unit: str

    @property
    def ends(self) -> tuple[str, str]:
        pair = (self.focal_state, self.partner)
        return pair if self.flow == "export" else pair[::-1]

    @property
    def link(self) -> str:
        return "_".join(self.ends)

    @property
    def route(self) -> str:
        return f"{self.commodity.upper()}_{self.link}"

    @property
    def fact(self) -> str:
        return f"T_{self.route}"

    def volume(self) -> tuple[str, str, str] | None:
        """Return value, low and high of the volume; ``None`` where too much of it has no tonnes."""
        if self.with_tonnes < KNOWN * self.value or self.tonnes <= 0:
            return None
        known = self.tonnes / _PER_UNIT[self.unit]
        if self.with_tonnes >= self.value:
            return _cell(known), "", ""
        scaled = known * self.value / self.with_tonnes
        return _cell(scaled), _cell(known), _cell(2 * scaled - known)


def _cell(value: float) -> str:
    return f"{value:.{_FIGURES}g}"


def _flows(rows: pl.DataFrame, year: str) -> pl.DataFrame:
    """Return tonnes, value and value with tonnes by flow, raw material and partner that is a state."""
    products = rows["product"].unique().to_list()
    goods = {one: raw_material_of(one) for one in products}
    known = pl.col("value").filter(pl.col("tonnes").is_not_null()).sum()
    return (
        rows.filter(~pl.col("partner").is_in(["", WORLD]), pl.col("product").str.len_chars() == DIGITS, year=year)
        .with_columns(commodity=pl.col("product").replace_strict(goods, return_dtype=pl.String))
        .drop_nulls("commodity")
        .group_by("flow", "commodity", "partner")
        .agg(pl.col("tonnes").sum(), pl.col("value").sum(), with_tonnes=known)
        .filter(pl.col("value") > 0)
        .sort("commodity", "flow", "partner")
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return csv_text([columns, *rows])
