"""What is wrong with the meaning of the tables of trade and of product groups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.core.folders.tables import Table
from kopir.core.periods import parse_period
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.ties.trade import ALL

ROUNDING = 1e-3
"""Relative excess of parts over their whole that rounding explains."""


def trade_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> list[Fault]:
    """Return what is wrong with the meaning of ``sectors.csv`` and ``trade.csv``."""
    faults = [
        *_elasticity_faults(folder.tables["sectors"], quantities),
        *_product_faults(folder.tables["sectors"]),
    ]
    rows = list(folder.tables["trade"].typed.iter_rows(named=True))
    faults += [fault for row in rows for fault in _row_faults(row, folder)]
    return faults + list(_whole_faults(rows, folder, quantities))


def _elasticity_faults(table: Table, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    for row in table.typed.iter_rows(named=True):
        cells = {
            name: quantities[ref]
            for name in ("sigma_long", "pace_short", "pace_medium", "cost_share")
            if (ref := CellRef("sectors", row["line"], name)) in quantities
        }
        sigma = cells.get("sigma_long")
        least = 1.0 if row["form"] == "variety" else 0.0
        if sigma is not None and sigma.low <= least:
            why = f"the {row['form']} form needs an elasticity above {least:g}"
            mend = "write one above 1 with its interval, or form quantity" if least else "write one above 0"
            yield Fault("K0504", why, mend, table.file, row["line"], "sigma_long", f"{sigma.low:g}")
        for name in ("pace_short", "pace_medium", "cost_share"):
            share = cells.get(name)
            if share is not None and not (share.low > 0 and share.high <= 1):
                worst = share.low if share.low <= 0 else share.high
                mend = "write a number above 0 and at most 1"
                yield Fault("K0305", "outside 0 to 1", mend, table.file, row["line"], name, f"{worst:g}")
        short, medium = cells.get("pace_short"), cells.get("pace_medium")
        if short is not None and medium is not None and medium.value < short.value:
            why, mend = (
                f"below the {short.value:g} of pace_short",
                "more adjusts in a longer time: exchange the two",
            )
            place = (table.file, row["line"], "pace_medium", f"{medium.value:g}")
            yield Fault("K0346", why, mend, *place)
        if row["form"] == "quantity" and sigma is not None and "cost_share" not in cells:
            mend = "write the share of these goods in the cost of what needs them"
            yield Fault("K0203", "cost_share is blank", mend, table.file, row["line"], "cost_share")


def _product_faults(table: Table) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for row in table.typed.iter_rows(named=True):
        for code in row["hs"]:
            place = (table.file, row["line"], "hs", code)
            if not code.isdecimal() or len(code) not in {2, 4, 6}:
                yield Fault("K0341", "no code of the Harmonised System", "write 2, 4 or 6 digits", *place)
            elif code in owner:
                mend = f"leave it to {owner[code]} or to {row['sector']}"
                yield Fault("K0342", f"products that {owner[code]} holds already", mend, *place)
            owner.setdefault(code, row["sector"])


def _row_faults(row: Mapping[str, Any], folder: Folder) -> Iterator[Fault]:
    period = parse_period(row["year"])
    if period is None or not period.is_calendar_year or len(row["year"]) != 4:
        yield Fault("K0210", "not a calendar year", "write 2024", "trade.csv", row["line"], "year", row["year"])
    own = {folder.settings.model.focal_state, folder.settings.model.home}
    if row["partner"] in own:
        why, mend = "the focal state is no partner of its own", "name the partner, or leave it blank for all"
        yield Fault("K0343", why, mend, "trade.csv", row["line"], "partner", row["partner"])


def _whole_faults(
    rows: Iterable[Mapping[str, Any]], folder: Folder, quantities: Mapping[CellRef, Quantity]
) -> Iterator[Fault]:
    """Yield a fault where partners are worth more than all together, or sectors more than all goods."""
    jurisdictions = folder.tables["jurisdictions"].typed.iter_rows(named=True)
    unions = {row["jurisdiction"] for row in jurisdictions if row["kind"] == "union"}
    partners: dict[tuple[str, str, str], list[tuple[str, float]]] = {}
    wholes: dict[tuple[str, str, str], tuple[Quantity, int]] = {}
    for row in rows:
        quantity = quantities.get(CellRef("trade", row["line"], "value"))
        group = (row["flow"], row["year"], row["sector"])
        if quantity is not None and row["partner"]:
            partners.setdefault(group, []).append((row["partner"], quantity.low))
        elif quantity is not None:
            wholes[group] = (quantity, row["line"])
    for (flow, year, sector), (whole, line) in wholes.items():
        place = ("trade.csv", line, "value", f"{whole.value:g}")
        shares = partners.get((flow, year, sector), [])
        states = math.fsum(low for partner, low in shares if partner not in unions)
        most = max([states, *(low for _, low in shares)])
        if most > whole.high * (1 + ROUNDING):
            why = f"partners come to {most:g} of {sector} in {year}, more than all together"
            yield Fault("K0344", why, "correct this row or those of the partners", *place)
        groups = [value.low for key, (value, _) in wholes.items() if key[:2] == (flow, year) and key[2] != ALL]
        if sector == ALL and math.fsum(groups) > whole.high * (1 + ROUNDING):
            why = f"sectors come to {math.fsum(groups):g} in {year}, more than all goods"
            yield Fault("K0344", why, "correct this row or those of the sectors", *place)
