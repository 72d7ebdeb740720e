"""The optimal flow of a model as a table: what moves where, for whom, under a denial and a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from kopir.flow.value import Flow
from kopir.model.grounds.cited import CitedNumber, Numbers, union
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import goods_of
from kopir.model.network.network import Kind
from kopir.strategy.value.behind import cells_of_assets
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span

MOVED = 1e-6
"""Mt a year below which nothing moves."""

_SCHEMA = {
    **dict.fromkeys(
        ("kind", "asset_type", "asset", "commodity", "owner", "from_node", "to_node"),
        pl.String,
    ),
    "flow_mt": pl.Float64,
}


@dataclass(frozen=True)
class FlowResult:
    """An optimal flow of a year.

    ``table`` has a row for each activity that moves anything (``flow_mt`` in Mt a year, counted where it is
    taken up), sorted by kind, asset, commodity and owner. ``value_musd`` is million USD a year;
    ``goods`` has by commodity what is ``supplied`` to the focal state, what is sold (``sold_mt``, of it in its
    own market ``home_mt``) and what stays unmet (Mt a year); ``produced_mt``, ``sold_mt`` and ``unmet_mt`` are the
    same of all commodities, ``None`` where these are of several kinds, whose tonnes are not added. Where several
    flows are optimal one is shown: compare values, not flows.
    """

    horizon: str
    calibrated: bool
    value_musd: float
    produced_mt: float | None
    sold_mt: float | None
    unmet_mt: float | None
    goods: pl.DataFrame
    table: pl.DataFrame
    setup: Setup = field(repr=False, compare=False)

    @cached_property
    def numbers(self) -> Numbers:
        """Each flow as ``flow:asset_type:asset:commodity:owner``, without its value, and what these sum to.

        Sums are ``flow:value_musd``, ``flow:produced_mt`` and ``flow:sold_mt``; where goods are several, these are
        ``flow:COMMODITY:supplied_mt`` and ``flow:COMMODITY:sold_mt``. A flow rests on the cells of its own asset,
        a sum on those of every asset that moves anything.
        """
        found: dict[str, CitedNumber] = {}
        for row in self.table.iter_rows(named=True):
            name = ":".join(("flow", *(row[part] for part in ("asset_type", "asset", "commodity", "owner"))))
            cells = cells_of_assets(self.setup, [(row["asset_type"], row["asset"])])
            found[name] = CitedNumber(tuple(sorted(cells)))
        every = union(number.cells for number in found.values())
        return found | {name: CitedNumber(every) for name in ("flow:value_musd", *self.volumes)}

    @property
    def volumes(self) -> dict[str, float]:
        """Mt a year supplied and sold, by id: of all goods where tonnes of these may be added, and by goods."""
        told = {f"flow:{name}": getattr(self, name) for name in ("produced_mt", "sold_mt")}
        by_goods = {
            f"flow:{row['commodity']}:{name}": row[name]
            for row in self.goods.iter_rows(named=True)
            for name in ("supplied_mt", "sold_mt")
        }
        return {name: value for name, value in told.items() if value is not None} or by_goods


def optimal_flow(
    setup: Setup, *, span: Span = "short", denial: Denial = NOBODY, plan: Iterable[str] = ()
) -> FlowResult:
    """Return the flow that earns most under ``denial`` with the options of ``plan`` built.

    Raises :class:`kopir.core.errors.ModelError` when there is none and
    :class:`kopir.core.errors.InputError` for an unknown party or option.
    """
    flow = setup.valuation(span).flow(denial, plan)
    state = setup.focal_state
    kinds = goods_of(setup.network, state)
    whole = kinds[0].commodities if len(kinds) == 1 else None
    return FlowResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        calibrated=setup.calibration is not None,
        value_musd=flow.value,
        produced_mt=None if whole is None else flow.produced(state, whole),
        sold_mt=None if whole is None else flow.sold(state, whole),
        unmet_mt=None if whole is None else flow.unmet(state, whole),
        goods=_goods(setup, flow),
        table=_table(flow),
        setup=setup,
    )


def _goods(setup: Setup, flow: Flow) -> pl.DataFrame:
    network, markets = setup.network, setup.model.table("markets")
    own = network.owned_by(setup.focal_state)
    at_home = set(markets.filter(pl.col("kind") == "domestic")["market"].to_list())
    home = np.array([asset in at_home for _, asset in network.assets], dtype=np.bool_)[network.activities.asset]
    sales = network.of_kind(Kind.SALE) & own
    parts = {
        "supplied_mt": network.of_kind(Kind.SUPPLY) & own,
        "sold_mt": sales,
        "home_mt": sales & home,
        "unmet_mt": network.of_kind(Kind.UNMET) & own,
    }
    names = sorted({cargo.commodity for cargo in network.cargoes if cargo.owner == setup.focal_state})
    rows = []
    for name in names:
        carried = network.carrying(frozenset([name]))
        rows.append((name, *(float(flow.total[chosen & carried].sum()) for chosen in parts.values())))
    return pl.DataFrame(rows, schema={"commodity": pl.String, **dict.fromkeys(parts, pl.Float64)}, orient="row")


def _table(flow: Flow) -> pl.DataFrame:
    network = flow.network
    columns = network.activities
    rows = []
    for index, moved in enumerate(flow.total):
        if moved <= MOVED:
            continue
        cargo = network.cargoes[columns.cargo[index]]
        rows.append(
            (
                Kind(columns.kind[index]).name.lower(),
                *network.assets[columns.asset[index]],
                cargo.commodity,
                cargo.owner,
                _node(flow, columns.taken[index]),
                _node(flow, columns.put[index]),
                float(moved),
            )
        )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("kind", "asset", "commodity", "owner")


def _node(flow: Flow, balance: int) -> str | None:
    return None if balance < 0 else flow.network.nodes[balance // len(flow.network.cargoes)]
