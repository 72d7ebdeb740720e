"""What denying costs the one who denies: lost income, against the price that the denial moves."""

from __future__ import annotations

from dataclasses import dataclass

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity


@dataclass(frozen=True, slots=True)
class PriceFeedback:
    """What a denial's effect on the world price earns (positive) or costs a jurisdiction, million USD a year."""

    low: float
    high: float


def price_feedback(model: Model, world_market: str, party: str, lost: float, price: float) -> PriceFeedback | None:
    """Return what losing ``lost`` Mt a year of world supply does for ``party`` at ``price`` USD/t.

    The price rises by ``lost / world supply / combined elasticity`` (supply and demand elasticities added;
    the first-order incidence of a supply cut in a competitive market), and the party gains that on its net
    exports. ``None`` when world supply, elasticity or its net exports are not in the model: unknown is not
    zero.
    """
    market = _row(model, "world_markets", world_market=world_market)
    trade = _row(model, "partner_exports", partner=party, world_market=world_market)
    if market is None or trade is None:
        return None
    supply, elasticity = market["world_supply"], market["elasticity"]
    exports = trade["net_exports"]
    ends = [
        exported * price * lost / supplied / response
        for exported in (exports.low, exports.high)
        for supplied in (supply.low, supply.high)
        for response in (elasticity.low, elasticity.high)
    ]
    return PriceFeedback(min(ends), max(ends))


def _row(model: Model, table: str, **key: str) -> dict[str, Quantity] | None:
    for row in model.table(table).iter_rows(named=True):
        if all(row[column] == value for column, value in key.items()):
            refs = (
                CellRef(table, row["line"], column.name) for column in model.folder.tables[table].schema.columns
            )
            return {ref.column: model.quantities[ref] for ref in refs if ref in model.quantities}
    return None
