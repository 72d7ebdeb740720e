"""What changes if an option opens, and for whom: value, leverage and flows in the network, ways on layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.accounting import accounting_options
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import CitedNumber, Numbers
from kopir.model.network.capacity import Horizon
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Kind
from kopir.strategy.layers.new_ways import NewWays, new_ways
from kopir.strategy.outlook.relief import Relief
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Valuation

_MOVED = 1e-3
"""Mt or million USD a year below which a change is not shown."""

TABLE_SCHEMA = {
    **dict.fromkeys(("option", "kind", "provider", "status"), pl.String),
    **dict.fromkeys(("lead_time", "lead_low", "lead_high"), pl.Float64),
    "in_time": pl.Boolean,
    **dict.fromkeys(
        ("annual_cost_musd", "capital_cost_musd", "capital_low_musd", "capital_high_musd"), pl.Float64
    ),
    **dict.fromkeys(("value_gain_musd", "net_gain_musd"), pl.Float64),
    **dict.fromkeys(("refused_change_musd", "outages_change_musd", "most_change_musd"), pl.Float64),
    "most_party": pl.String,
    **dict.fromkeys(("layers", "focal_state"), pl.String),
}
PARTIES_SCHEMA = {
    **dict.fromkeys(("option", "party"), pl.String),
    **dict.fromkeys(("leverage_before_musd", "leverage_after_musd", "leverage_change_musd"), pl.Float64),
    **dict.fromkeys(("residual_before_musd", "residual_after_musd"), pl.Float64),
}
FLOWS_SCHEMA = {
    **dict.fromkeys(("option", "link", "commodity", "owner"), pl.String),
    **dict.fromkeys(("before_mt", "after_mt", "change_mt"), pl.Float64),
}
GAINERS_SCHEMA = {**dict.fromkeys(("option", "jurisdiction", "account"), pl.String), "change_musd": pl.Float64}


@dataclass(frozen=True)
class OpeningsResult:
    """What each option changes when it alone is built or signed; million USD and Mt a year.

    - ``table``: kind, provider, status, lead time in months with its interval, whether it fits the horizon, costs
      where they are sourced, what it adds to the value when nobody refuses (before and after its cost), by how
      much it changes the residual loss (cost included; below 0: less is lost) under the refusals ``refused`` and,
      on the mean of a year, under the ``outages`` on record, the single refusal under which it lowers it most, the
      layers it touches, and the role of the focal state there (see
      :class:`kopir.strategy.layers.new_ways.NewWays`). Value stays blank for an option of layers without costs.
    - ``parties``: leverage of each player without and with it, and the residual loss against today's undisturbed
      value, cost included: lower leverage alone proves nothing, since closing the best route lowers it too.
    - ``flows``: links whose flow changes undisturbed. ``gainers``: income by jurisdiction and account at recorded
      costs.
    - ``links``, ``ways``, ``stranded``: what it opens on accounting layers.
    """

    horizon: Horizon
    refused: tuple[str, ...]
    outages: int
    table: pl.DataFrame
    parties: pl.DataFrame
    flows: pl.DataFrame
    gainers: pl.DataFrame
    links: pl.DataFrame
    ways: pl.DataFrame
    stranded: pl.DataFrame
    model: Model = field(repr=False, compare=False)

    @property
    def numbers(self) -> Numbers:
        """Each option of the model, as :func:`option_numbers` names them."""
        return option_numbers(self.model)


def openings(
    model: Model,
    prepared: Callable[[], Setup],
    names: Sequence[str] = (),
    *,
    horizon: Horizon = "medium",
    deny: Sequence[str] = (),
) -> OpeningsResult:
    """Return what each of the options ``names`` (all unless named) changes over ``horizon``.

    Residual losses are those under a refusal of ``deny`` together, of whoever alone takes most unless named.
    ``prepared`` gives the setup and is only called where an option changes what is optimised. Raises
    :class:`kopir.core.errors.InputError` (K0505) for an unknown option and as :meth:`Valuation.flow` does.
    """
    known = model.table("options")["option"].sort().to_list()
    for name in names:
        if name not in known:
            mend = did_you_mean(name, known, "an option of options.csv")
            raise InputError(Fault("K0505", f"unknown option {name!r}", mend, value=name))
    chosen = sorted(set(names)) or known
    beyond = accounting_options(model.folder)
    within = [name for name in chosen if name not in beyond]
    ways = new_ways(model, chosen)
    parties: list[dict[str, object]] = []
    flows: list[dict[str, object]] = []
    gainers: list[dict[str, object]] = []
    values: dict[str, dict[str, object]] = {}
    relief: Relief | None = None
    if within:
        setup = prepared()
        valuation = setup.valuation(horizon)
        relief = Relief(setup, valuation, deny)
        for name in within:
            values[name] = _values(valuation, name) | relief.of(name)
            parties += _parties(valuation, model.settings.players, name)
            flows += _flows(valuation, name)
            gainers += _gainers(setup, valuation, name)
    reach = {"short": model.settings.horizons.short[1], "medium": model.settings.horizons.medium[1]}.get(horizon)
    rows = model.table("options").filter(pl.col("option").is_in(chosen)).sort("option")
    return OpeningsResult(
        horizon=horizon,
        refused=() if relief is None else relief.refused,
        outages=0 if relief is None or relief.record is None else len(relief.record.outages),
        table=pl.DataFrame(
            [_row(model, row, values, ways, reach) for row in rows.iter_rows(named=True)], schema=TABLE_SCHEMA
        ),
        parties=pl.DataFrame(parties, schema=PARTIES_SCHEMA),
        flows=pl.DataFrame(flows, schema=FLOWS_SCHEMA),
        gainers=pl.DataFrame(gainers, schema=GAINERS_SCHEMA),
        links=ways.links,
        ways=ways.ways,
        stranded=ways.stranded,
        model=model,
    )


def option_numbers(model: Model) -> Numbers:
    """Return each option of ``model`` as ``option:CODE``, without a value: its own row and its gains."""
    lines = {
        (table, line): f"option:{option}"
        for table in ("options", "option_gains")
        for option, line in model.table(table).select("option", "line").iter_rows()
    }
    found: dict[str, list[CellRef]] = {name: [] for name in lines.values()}
    for ref in sorted(model.quantities):
        if (ref.table, ref.line) in lines:
            found[lines[ref.table, ref.line]].append(ref)
    return {name: CitedNumber(tuple(refs)) for name, refs in found.items()}


def _values(valuation: Valuation, name: str) -> dict[str, object]:
    gain = valuation.value(NOBODY, (name,)) - valuation.value()
    return {"value_gain_musd": gain, "net_gain_musd": gain - valuation.plan_cost((name,))}


def _parties(valuation: Valuation, players: Sequence[str], name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for party in players:
        denial = Denial(frozenset([party]))
        before, after = valuation.leverage(denial), valuation.leverage(denial, (name,))
        if max(abs(before), abs(after)) > _MOVED:
            rows.append(
                {
                    "option": name,
                    "party": party,
                    "leverage_before_musd": before,
                    "leverage_after_musd": after,
                    "leverage_change_musd": after - before,
                    "residual_before_musd": valuation.residual_loss(denial),
                    "residual_after_musd": valuation.residual_loss(denial, (name,)),
                }
            )
    return rows


def _flows(valuation: Valuation, name: str) -> list[dict[str, object]]:
    network = valuation.network
    before, after = valuation.flow().total, valuation.flow(NOBODY, (name,)).total
    rows: list[dict[str, object]] = []
    for index in np.flatnonzero((network.activities.kind == Kind.FLOW) & (np.abs(after - before) > _MOVED)):
        cargo = network.cargoes[network.activities.cargo[index]]
        moved = {"before_mt": float(before[index]), "after_mt": float(after[index])}
        _, link = network.assets[network.activities.asset[index]]
        change = {"change_mt": float(after[index] - before[index])}
        rows.append(
            {"option": name, "link": link, "commodity": cargo.commodity, "owner": cargo.owner, **moved, **change}
        )
    return rows


def _gainers(setup: Setup, valuation: Valuation, name: str) -> list[dict[str, object]]:
    before = setup.ledger.book(valuation.flow().total)
    after = setup.ledger.book(valuation.flow(NOBODY, (name,)).total)
    return [
        {"option": name, "jurisdiction": key[0], "account": key[1], "change_musd": change}
        for key in sorted({*before, *after})
        if abs(change := after.get(key, 0.0) - before.get(key, 0.0)) > _MOVED
    ]


def _row(
    model: Model,
    row: dict[str, object],
    values: dict[str, dict[str, object]],
    ways: NewWays,
    reach: int | None,
) -> dict[str, object]:
    name, line = str(row["option"]), row["line"]
    assert isinstance(line, int)
    lead = model.quantities[CellRef("options", line, "lead_time")]
    capital = model.quantities.get(CellRef("options", line, "capital_cost"))
    layers = sorted(set(ways.links.filter(option=name)["layer"].to_list()))
    return {
        **{column: row[column] for column in ("option", "kind", "provider", "status")},
        "lead_time": lead.value,
        "lead_low": lead.low,
        "lead_high": lead.high,
        "in_time": reach is None or lead.value <= reach,
        "annual_cost_musd": row["annual_cost"],
        "capital_cost_musd": None if capital is None else capital.value,
        "capital_low_musd": None if capital is None else capital.low,
        "capital_high_musd": None if capital is None else capital.high,
        **values.get(name, {}),
        "layers": " ".join(layers),
        "focal_state": ways.roles().get(name, ""),
    }
