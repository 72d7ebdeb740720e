"""What is sound in form and meaning and yet makes answers nought by construction: said with every answer."""

from __future__ import annotations

from collections.abc import Iterator

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.model.contents.accounting import accounting_links

_PARTS = {
    "carries": "no link carries anything",
    "denial": "nobody can refuse anything",
    "markets": "nothing can be sold or bought",
    "supplies": "nothing enters the network",
}
"""Tables without which a model with links moves or loses nothing, and why."""


def model_warnings(folder: Folder) -> list[Fault]:
    """Return what is missing in a sound model so that losses are nought by construction (K0318, K0325)."""
    return [*_missing_parts(folder), *_no_slopes(folder)]


def _missing_parts(folder: Folder) -> Iterator[Fault]:
    if set(folder.tables["links"].cells["link"].to_list()) <= accounting_links(folder):
        return
    for name, effect in _PARTS.items():
        if not folder.tables[name].cells.height:
            why = f"the model has links but no row of {name}.csv: {effect}, and losses are nought by construction"
            yield Fault("K0318", why, f"write {name}.csv", f"{name}.csv")


def _no_slopes(folder: Folder) -> Iterator[Fault]:
    table = folder.tables["baseline_flows"]
    optimised = table.cells.filter(table.cells["asset_type"] != "route")  # layers have no costs to calibrate
    if optimised.height and not any(optimised["elasticity"].to_list()):
        why = "flows are recorded but no row has an elasticity: routes are calibrated without rising costs"
        yield Fault("K0325", why, "fill in the column elasticity", table.file, 1, "elasticity")
