"""Layouts of open trackers: what each column of their files means.

========== ================================================= =========================================
tracker    told by its head                                  facts
========== ================================================= =========================================
portwatch  ``portid``, ``n_total`` (daily transits) or       ships a day through a chokepoint; calls a
           ``portcalls`` (daily calls)                       day, tonnes landed and loaded at a port
jodi       ``REF_AREA``, ``FLOW_BREAKDOWN``                  crude produced, exported, imported (bbl/d),
                                                             refined, in store (bbl)
eia        a row that begins with ``API``                    crude produced, imported, exported (bbl/d)
comext     ``PRODUCT_NC``, ``FLOW``                          exports and imports of the union with a
                                                             state, by chapter (EUR, t)
cpmm       ``bcp``, ``indicator``, ``mode``                  hours and dollars at a border crossing
========== ================================================= =========================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from kopir.core.codes import state_called
from kopir.facts.trackers._series import Figure, Series, month

Cells = Mapping[str, str]
How = Literal["mean", "sum", "last"]


@dataclass(frozen=True)
class Wanted:
    """What of a tracker a model has use for: the focal state, states it names, and places by folded name."""

    focal: str
    states: frozenset[str]
    places: Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """A tracker: its name, the columns that tell it, and what a row holds."""

    name: str
    columns: frozenset[str]
    figures: Callable[[Cells, Wanted], Iterator[Figure]]


@lru_cache(maxsize=1 << 10)
def _state(word: str) -> str | None:
    """Return the state of a code; a file names the same few in millions of rows."""
    return state_called(word.strip()) if word.strip() else None


def _number(text: str | None) -> float | None:
    try:
        return float((text or "").replace(",", ""))
    except ValueError:
        return None  # JODI writes "-", "x" and "N/A", EIA "--", where it has nothing


def _day(cells: Cells) -> date | None:
    text = cells["date"].strip().replace("/", "-")[:10]
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=None).date()
    except ValueError:
        return None


def folded(name: str) -> str:
    """Return a name as it is compared: letters and digits alone, without case."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _chokepoint(cells: Cells, _: Wanted) -> Iterator[Figure]:
    day = _day(cells)
    code = folded(cells["portname"]).upper()
    for column, kind in (("n_total", ""), ("n_tanker", "tankers"), ("n_container", "container_ships")):
        value = _number(cells.get(column))
        if day is not None and value is not None and code:
            name = f"PW_{code}" + (f"_{kind.upper()}" if kind else "")
            series = Series(
                name, "traffic_rate", code, "count/d", "mean", route=code, perimeter=kind or "all_ships"
            )
            yield Figure(series, day, day, value)


def _port(cells: Cells, wanted: Wanted) -> Iterator[Figure]:
    state = _state(cells.get("ISO3", ""))
    place = wanted.places.get(folded(cells["portname"]))
    day = _day(cells)
    if day is None or (place is None and state != wanted.focal):
        return
    code = place or folded(cells["portname"]).upper()
    measures: tuple[tuple[str, str, str, How, str], ...] = (
        ("portcalls", "traffic_rate", "count/d", "mean", "calls"),
        ("import", "port_throughput", "t", "sum", "landed"),
        ("export", "port_throughput", "t", "sum", "loaded"),
    )
    for column, indicator, unit, how, perimeter in measures:
        value = _number(cells.get(column))
        if value is not None:
            name = f"PW_{code}_{perimeter.upper()}"
            series = Series(name, indicator, code, unit, how, perimeter=perimeter)
            yield Figure(series, day, day, value)


_JODI: Mapping[tuple[str, str], tuple[str, str, How, float]] = {
    ("INDPROD", "KBD"): ("oil_production", "bbl/d", "mean", 1e3),
    ("TOTEXPSB", "KBD"): ("oil_export", "bbl/d", "mean", 1e3),
    ("TOTIMPSB", "KBD"): ("import", "bbl/d", "mean", 1e3),
    ("REFINOBS", "KBD"): ("refinery_intake", "bbl/d", "mean", 1e3),
    ("CLOSTLV", "KBBL"): ("stocks", "bbl", "last", 1e3),
}


def _jodi(cells: Cells, wanted: Wanted) -> Iterator[Figure]:
    known = _JODI.get((cells["FLOW_BREAKDOWN"].strip(), cells["UNIT_MEASURE"].strip()))
    state = _state(cells["REF_AREA"])
    span, value = month(cells["TIME_PERIOD"]), _number(cells["OBS_VALUE"])
    if known is None or cells["ENERGY_PRODUCT"].strip() != "CRUDEOIL" or span is None or value is None:
        return
    if state is None or state not in wanted.states:
        return
    indicator, unit, how, scale = known
    name = f"JODI_{state}_{indicator.upper()}"
    series = Series(
        name,
        indicator,
        state,
        unit,
        how,
        commodity="crude",
        perimeter="jodi",
        scale=scale,
    )
    yield Figure(series, *span, value)


_COMEXT_VALUES = (("VALUE_EUR", "EUR", 1.0), ("VALUE_IN_EUROS", "EUR", 1.0))
_COMEXT_MASSES = (("QUANTITY_KG", "t", 1e-3), ("QUANTITY_IN_KG", "t", 1e-3))


def _comext(cells: Cells, wanted: Wanted) -> Iterator[Figure]:
    partner = _state(cells.get("PARTNER_ISO") or cells["PARTNER"])
    product, span = cells["PRODUCT_NC"].strip(), month(cells["PERIOD"])
    if partner != wanted.focal or span is None or len(product) != 8:
        return  # totals and confidential groups have other lengths; eight digits add up once
    indicator = {"1": "export", "2": "import"}.get(cells["FLOW"].strip())
    for column, unit, scale in (*_COMEXT_VALUES, *_COMEXT_MASSES):
        value = _number(cells.get(column))
        if value is not None and indicator is not None:
            name = f"COMEXT_{partner}_{indicator.upper()}_HS{product[:2]}_{unit}"
            series = Series(
                name,
                indicator,
                partner,
                unit,
                "sum",
                "EU",
                commodity=f"HS{product[:2]}",
                perimeter="customs_partner_side",
                scale=scale,
            )
            yield Figure(series, *span, value)


def _cpmm(cells: Cells, wanted: Wanted) -> Iterator[Figure]:
    state = _state(cells["country"])
    span, value = month(cells["year"]), _number(cells["value"])
    unit = {"h": "hour", "hour": "hour", "hours": "hour", "USD": "USD"}.get(cells["unit"].strip())
    if state is None or state not in wanted.states or span is None or value is None or unit is None:
        return
    what = cells["indicator"].split()[0].upper()
    direction = folded(cells["indicator"].rpartition(",")[2]) if "," in cells["indicator"] else "all"
    crossing = folded(cells.get("bcp") or "").upper()
    indicator = "customs_time" if unit == "hour" else "border_cost"
    mode = cells["mode"].strip()
    name = "_".join(part for part in ("CPMM", state, crossing, what, mode.upper(), direction.upper()) if part)
    series = Series(name, indicator, crossing or state, unit, "mean", perimeter=f"{mode}_{direction}")
    yield Figure(series, *span, value)


LAYOUTS: Sequence[Layout] = (
    Layout("portwatch", frozenset({"portid", "portname", "n_total"}), _chokepoint),
    Layout("portwatch", frozenset({"portid", "portname", "portcalls"}), _port),
    Layout("jodi", frozenset({"REF_AREA", "TIME_PERIOD", "FLOW_BREAKDOWN", "OBS_VALUE"}), _jodi),
    Layout("comext", frozenset({"PARTNER", "PRODUCT_NC", "FLOW", "PERIOD"}), _comext),
    Layout("cpmm", frozenset({"country", "bcp", "indicator", "mode", "year", "value"}), _cpmm),
)
