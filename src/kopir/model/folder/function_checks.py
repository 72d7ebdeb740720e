"""What is wrong with functions and ties: elasticities, sums of shares, partners counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from kopir.core.codes import codes
from kopir.core.errors import Fault, UnitError
from kopir.core.folders.folder import Folder
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.ties.functions import HORIZONS, Tie, estimate, quantity_of, read_ties

_ROUNDING = 1e-6  # shares that sum to a little over 1 are rounding, not data
_SUM_MEND = "correct a share, or give the shares intervals that leave room"


def function_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> list[Fault]:
    """Return what is wrong with the meaning of functions.csv and shares.csv."""
    faults = list(chain(_elasticity_faults(folder, quantities), _row_faults(folder, quantities)))
    if faults:
        return faults
    ties = read_ties(folder, quantities)
    return [*_sum_faults(ties), *_overlap_faults(folder, ties)]


def _elasticity_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    for row in folder.tables["functions"].typed.iter_rows(named=True):
        for horizon in HORIZONS:
            sigma = quantity_of(quantities, "functions", row, f"sigma_{horizon}")
            if sigma is None:
                continue
            place = ("functions.csv", row["line"], sigma.ref.column, f"{sigma.low:g}")
            if row["kind"] == "variety" and sigma.low <= 1:
                why = "an elasticity of substitution that is not above 1 in the variety form"
                yield Fault("K0504", why, "write a number above 1, or make the kind quantity", *place)
            elif row["kind"] == "quantity" and sigma.low < 0:
                yield Fault("K0504", "a negative elasticity of substitution", "write at least zero", *place)


def _row_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    for row in folder.tables["shares"].typed.iter_rows(named=True):
        place = ("shares.csv", row["line"])
        if not row["year"].isdecimal():
            yield Fault("K0210", "not a calendar year", "write it as 2025", *place, "year", row["year"])
        if row["partner"] in {folder.settings.model.focal_state, folder.settings.model.home}:
            mend = "name the other side of the tie"
            yield Fault(
                "K0322", "the focal state is no partner of its own", mend, *place, "partner", row["partner"]
            )
        yield from _value_faults(row, quantities)


def _value_faults(row: Mapping[str, Any], quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    value, whole = (quantity_of(quantities, "shares", row, name) for name in ("value", "whole"))
    place = ("shares.csv", row["line"])
    if value is None and whole is not None:
        yield Fault("K0203", "value is blank beside whole", "fill in value, or leave both blank", *place, "value")
    if value is not None and not row["unit"]:
        yield Fault("K0203", "unit is blank", "write the unit of value and whole", *place, "unit")
        return
    try:
        part, total = estimate(value, row["unit"]), estimate(whole, row["unit"])
    except UnitError as error:
        yield from (Fault(one.code, one.why, one.mend, *place, "unit", row["unit"]) for one in error.faults)
        return
    if part is not None and total is not None and (part.low > total.high or total.low <= 0):
        why = f"a part of {part.value:g} {row['unit']} in a whole of {total.value:g}"
        yield Fault("K0305", why, "correct value, whole or unit", *place, "whole", f"{total.value:g}")


def _sum_faults(ties: list[Tie]) -> Iterator[Fault]:
    """Yield a fault for each year in which even the low ends of the partners' shares exceed the whole."""
    groups: dict[tuple[str, str, int], list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.direction == "on_partner" and tie.share is not None:
            groups[tie.function, tie.measure or "", tie.year].append(tie)
    for (function, measure, year), group in sorted(groups.items()):
        total = sum(tie.share.low for tie in group if tie.share is not None)
        if total > 1 + _ROUNDING:
            named = ", ".join(f"{tie.partner} {tie.share.low:.3g}" for tie in group if tie.share is not None)
            why = f"shares of {measure or 'partners'} in {function} of {year} sum to {total:.4g}: {named}"
            yield Fault("K0320", why, _SUM_MEND, "shares.csv", group[-1].line, "share", f"{total:.4g}")


def _overlap_faults(folder: Folder, ties: list[Tie]) -> Iterator[Fault]:
    """Yield a fault for each partner that stands beside a group which already counts it."""
    members = {name: frozenset(code.members) for name, code in codes("groups").items()}
    own = folder.tables["jurisdictions"].typed.select("jurisdiction", "members").iter_rows()
    members |= {name: members.get(name, frozenset()) | frozenset(listed) for name, listed in own}
    groups: dict[tuple[str, str, str, int], list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.share is not None:
            groups[tie.function, tie.measure or "", tie.direction, tie.year].append(tie)
    for _, group in sorted(groups.items()):
        listed = {tie.partner for tie in group}
        for tie in group:
            unions = sorted(name for name in listed if tie.partner in members.get(name, ()))
            if unions:
                why = f"{tie.partner} is counted within {unions[0]} in the same year"
                mend = "list the group or its members, not both"
                yield Fault("K0321", why, mend, "shares.csv", tie.line, "partner", tie.partner)
