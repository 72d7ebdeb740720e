"""Trade files of sources that are not read: named, with what to download instead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kopir.core.errors import Fault, InputError


@dataclass(frozen=True)
class Layout:
    """A layout known by ``columns`` (lower case), of ``source``; ``instead`` says what to download."""

    source: str
    columns: frozenset[str]
    instead: str


_NEW = (
    "download it anew from UN Comtrade as CSV (columns reporterISO, partnerISO, flowCode, cmdCode, primaryValue)"
)
LAYOUTS = (
    Layout("the UN Comtrade site as it was until 2022", frozenset({"trade flow code", "reporter iso"}), _NEW),
    Layout(
        "a bulk file of UN Comtrade, which has no letters of states",
        frozenset({"refperiodid", "reportercode", "flowcode", "isaggregate", "primaryvalue"}),
        _NEW,
    ),
    Layout(
        "Direction of Trade Statistics of the IMF, which ended in 2025",
        frozenset({"counterpart country name", "indicator code"}),
        "download International Merchandise Trade Statistics (IMTS) from the IMF data portal as CSV",
    ),
    Layout(
        "WITS of the World Bank",
        frozenset({"reporter", "partner", "product categories", "indicator type"}),
        "download the same from UN Comtrade as CSV, or a year of BACI",
    ),
    Layout(
        "Comext of Eurostat, in euro and by the Combined Nomenclature",
        frozenset({"declarant", "product_nc", "value_in_euros"}),
        "download the same from UN Comtrade as CSV, or a year of BACI",
    ),
    Layout(
        "the Observatory of Economic Complexity",
        frozenset({"exporter id", "importer id", "trade value"}),
        "download a year of BACI from CEPII, on which it rests",
    ),
)


def refuse_layout(columns: Collection[str], file: str) -> None:
    """Raise :class:`InputError` where ``columns`` (lower case) are those of a source that is not read."""
    for layout in LAYOUTS:
        if layout.columns <= set(columns):
            raise InputError(Fault("K0351", f"a file of {layout.source}: it is not read", layout.instead, file, 1))
