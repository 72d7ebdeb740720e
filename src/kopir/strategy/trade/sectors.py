"""What it costs when partners withhold goods of one product group, and how far its uncertain cells move that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.network.capacity import Horizon
from kopir.model.network.network import Floats
from kopir.model.ties.trade import ALL, TradeBook
from kopir.strategy.value.closed_forms import quantity_loss, variety_loss

HORIZONS: tuple[Horizon, ...] = ("short", "medium", "long")
_STEPS = 9
_PARAMETERS = ("sigma_long", "pace_short", "pace_medium", "cost_share", "cap")
_INHERITED = ("pace_short", "pace_medium", "cap")

Draw = Mapping[CellRef, Floats]
"""Values of uncertain cells, all of one shape; cells left out take their central value."""


@dataclass(frozen=True)
class Sector:
    """Goods of one group bought from some partners in ``year``.

    ``taken`` are the quantities that add up to what the partners sell, ``spending`` what is spent on the group
    with all partners together (``None`` where unknown), both million USD a year. ``cells`` are the row's
    ``sigma_long``, ``pace_short``, ``pace_medium``, ``cost_share`` and ``cap`` where known; pace and cap come
    from the row of all goods where the sector's own are blank.
    """

    code: str
    form: str
    year: str
    spending: Quantity | None
    taken: tuple[Quantity, ...]
    cells: Mapping[str, Quantity]

    def knows(self, horizon: Horizon) -> bool:
        """Return whether an elasticity at ``horizon`` is known, and with it a loss or a floor of it."""
        needed = {"sigma_long"} if horizon == "long" else {"sigma_long", f"pace_{horizon}"}
        return bool(self.taken) and needed <= set(self.cells)

    def behind(self, horizon: Horizon | None) -> tuple[Quantity, ...]:
        """Return the quantities that the loss at ``horizon`` rests on; those of the trade alone for ``None``."""
        trade = self.taken if self.spending is None else (*self.taken, self.spending)
        if horizon is None:
            return trade
        names = ("sigma_long", f"pace_{horizon}", "cost_share", "cap")
        return (*trade, *(self.cells[name] for name in names if name in self.cells))

    def sigma(self, horizon: Horizon, draw: Draw | None = None) -> Floats:
        """Return the elasticity of substitution reached at ``horizon``.

        The share ``pace`` of the long-run response: ``1 + pace * (sigma - 1)`` in the variety form, whose trade
        elasticity is ``sigma - 1``, and ``pace * sigma`` in the quantity form.
        """
        at = draw or {}
        pace = np.float64(1.0) if horizon == "long" else _at(self.cells[f"pace_{horizon}"], at)
        least = 1.0 if self.form == "variety" else 0.0
        reached: Floats = np.asarray(least + pace * (_at(self.cells["sigma_long"], at) - least))
        return reached

    def share(self, draw: Draw | None = None) -> Floats:
        """Return the share of the spending that goes to the partners (0 to 1)."""
        assert self.spending is not None
        at = draw or {}
        whole = np.asarray(_at(self.spending, at), dtype=np.float64)
        part = self.bought(at)
        ratio = np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)
        share: Floats = np.minimum(ratio, 1.0)
        return share

    def bought(self, draw: Draw | None = None) -> Floats:
        """Return what is bought from the partners (million USD a year)."""
        at = draw or {}
        total: Floats = np.asarray(sum((_at(one, at) for one in self.taken), np.float64(0)), dtype=np.float64)
        return total

    def loss(self, horizon: Horizon, severity: float = 1.0, draw: Draw | None = None) -> Floats:
        """Return the loss (million USD a year) when the partners withhold the share ``severity`` of their goods.

        Without known spending it is the first-order floor, which no share can fall below: ``bought / (sigma -
        1)`` in the variety form (Bernoulli's inequality), ``bought`` in the quantity form (Hulten 1978).
        """
        at = draw or {}
        sigma, withheld = self.sigma(horizon, at), severity * self.bought(at)
        cap = _at(self.cells["cap"], at) if "cap" in self.cells else np.float64(np.inf)
        if self.spending is None:
            floor = withheld if self.form == "quantity" else np.minimum(withheld / (sigma - 1), cap * withheld)
            return np.asarray(floor, dtype=np.float64)
        spending = _at(self.spending, at)
        lost = severity * self.share(at)
        if self.form == "variety":
            most = np.where(spending > 0, cap, 0.0) * np.where(spending > 0, spending, 1.0)
            return variety_loss(lost, sigma, spending, most)
        part = _at(self.cells["cost_share"], at)
        whole: Floats = np.asarray(spending / part * quantity_loss(part, lost, sigma))
        return whole


def read_sectors(model: Model) -> dict[str, tuple[str, Mapping[str, Quantity]]]:
    """Return the form and the cells of each row of ``sectors.csv``, pace and cap inherited from all goods."""
    rows = {row["sector"]: row for row in model.table("sectors").iter_rows(named=True)}
    own = {code: _cells(model, row, _PARAMETERS) for code, row in rows.items()}
    shared = {name: cell for name, cell in own.get(ALL, {}).items() if name in _INHERITED}
    return {code: (rows[code]["form"], {**shared, **own[code]}) for code in sorted(rows)}


def sectors_of(model: Model, book: TradeBook, parties: Collection[str]) -> dict[str, Sector]:
    """Return what is bought from ``parties`` together, by product group with figures.

    The year is the last one up to the base year (else the last) for which spending and purchases are known,
    or purchases alone where spending never is; a party without a figure of that year adds nothing.
    """
    found: dict[str, Sector] = {}
    for code, (form, cells) in read_sectors(model).items():
        years = {year for party in parties for year in book.years("import", code, party)}
        known = years & set(book.years("import", code))
        year = _latest(known or years, model.settings.model.base_year)
        if year is not None:
            taken = book.parts("import", code, year, parties)
            found[code] = Sector(code, form, year, book.whole("import", code, year), taken, cells)
    return found


def joint_draw(groups: Iterable[Sequence[Quantity]], fine: Collection[CellRef] = ()) -> dict[CellRef, Floats]:
    """Return every combination of the uncertain quantities of ``groups``, each quantity moving as one.

    Ends of the intervals suffice where a result is monotone in a quantity; those named ``fine`` take nine
    points, ends included. Arrays have one axis of combinations.
    """
    cells = {one.ref: one for group in groups for one in group if one.is_uncertain}
    ranges = [
        np.linspace(cells[ref].low, cells[ref].high, _STEPS) if ref in fine else (cells[ref].low, cells[ref].high)
        for ref in sorted(cells)
    ]
    points = np.array(list(product(*ranges)), dtype=np.float64).reshape(-1, max(len(ranges), 1))
    return {ref: points[:, index] for index, ref in enumerate(sorted(cells))}


def _at(quantity: Quantity, draw: Draw) -> Floats:
    found: Floats = draw.get(quantity.ref, np.float64(quantity.value))  # type: ignore[arg-type]
    return found


def _cells(model: Model, row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Quantity]:
    refs = {name: CellRef("sectors", row["line"], name) for name in names}
    return {name: model.quantities[ref] for name, ref in refs.items() if ref in model.quantities}


def _latest(years: Iterable[str], base_year: int) -> str | None:
    return max(years, key=lambda year: (int(year) <= base_year, int(year)), default=None)
