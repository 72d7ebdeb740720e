"""The optimal flow of a model as a table: what moves where, for whom, under a denial and a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kopir.core.runs import RunRecord
from kopir.flow.value import Flow
from kopir.model.clauses import Denial
from kopir.model.model import Model
from kopir.model.network import Kind
from kopir.model.provenance import Inputs, asset_cells
from kopir.model.quantities import CellRef
from kopir.strategy.valuation import NOBODY, Valuation

MOVED = 1e-6
"""Mt a year below which nothing moves."""

_COLUMNS: Mapping[str, type[pl.DataType]] = {
    "id": pl.String,
    "kind": pl.String,
    "asset": pl.String,
    "commodity": pl.String,
    "owner": pl.String,
    "from_node": pl.String,
    "to_node": pl.String,
    "flow": pl.Float64,
}


@dataclass(frozen=True)
class FlowResult:
    """An optimal flow of one year.

    ``table`` has a row for each activity that moves anything (``flow`` in Mt a year, counted where it is taken
    up), sorted by kind, asset, commodity and owner. ``value`` is million USD a year; ``produced``, ``sold``
    and ``unmet`` are Mt a year of the focal state. Of several optimal flows one is shown: compare values.
    """

    table: pl.DataFrame
    value: float
    produced: float
    sold: float
    unmet: float
    inputs: Inputs
    run: RunRecord

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values."""
        return {
            "value": self.value,
            "produced": self.produced,
            "sold": self.sold,
            "unmet": self.unmet,
            "units": {"value": "million USD/yr", "flow": "Mt/yr"},
            "flows": self.table.to_dicts(),
        }

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def optimal_flow(
    model: Model, valuation: Valuation, run: RunRecord, denial: Denial = NOBODY, plan: Iterable[str] = ()
) -> FlowResult:
    """Return the flow that earns most under ``denial`` with the options of ``plan`` built.

    Raises :class:`kopir.core.errors.ModelError` when there is none and
    :class:`kopir.core.errors.InputError` for an unknown party or option.
    """
    flow = valuation.flow(denial, plan)
    table = _table(flow)
    assets = {row["id"]: (row["id"].split(":")[1], row["asset"]) for row in table.iter_rows(named=True)}
    inputs: dict[str, tuple[CellRef, ...]] = {name: asset_cells(model, asset) for name, asset in assets.items()}
    inputs["flow:value"] = tuple(
        sorted({ref for asset in flow.network.assets for ref in asset_cells(model, asset)})
    )
    state = model.focal_state
    return FlowResult(
        table=table,
        value=flow.value,
        produced=flow.produced(state),
        sold=flow.sold(state),
        unmet=flow.unmet(state),
        inputs=inputs,
        run=run,
    )


def _table(flow: Flow) -> pl.DataFrame:
    network = flow.network
    columns = network.activities
    rows = []
    for index, moved in enumerate(flow.total):
        if moved <= MOVED:
            continue
        asset_type, asset = network.assets[columns.asset[index]]
        cargo = network.cargoes[columns.cargo[index]]
        kind = Kind(columns.kind[index]).name.lower()
        rows.append(
            (
                f"flow:{asset_type}:{asset}:{cargo.commodity}:{cargo.owner}:{kind}",
                kind,
                asset,
                cargo.commodity,
                cargo.owner,
                *(_node(flow, end) for end in (columns.taken[index], columns.put[index])),
                float(moved),
            )
        )
    frame = pl.DataFrame(rows, schema=dict(_COLUMNS), orient="row")
    return frame.sort("kind", "asset", "commodity", "owner")


def _node(flow: Flow, balance: int) -> str | None:
    return None if balance < 0 else flow.network.nodes[balance // len(flow.network.cargoes)]
