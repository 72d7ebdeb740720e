"""A tracker's file told by its head, and read row by row, however long, to rows of facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder
from kopir.facts.trackers._layouts import LAYOUTS, Layout, Wanted, folded
from kopir.facts.trackers._series import Figure, Row, Series, gathered, month

_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
MAX_ROWS = 50_000_000
_HEAD_LINES = 5
_EIA_SERIES = re.compile(r"INTL\.57-(1|3|4)-([A-Z]{3})-TBPD\.([AM])")
_EIA_INDICATORS = {"1": "oil_production", "3": "import", "4": "oil_export"}


def is_tracker(path: Path) -> bool:
    """Tell whether a file has the head of a tracker that kopir knows."""
    return path.suffix.lower() in {".csv", ".dat", ".txt"} and path.is_file() and _name(path) is not None


def tracker_rows(path: Path, folder: Folder) -> list[Row]:
    """Return the rows of facts.csv that a tracker's file holds for the model of ``folder``.

    Ids are the same for the same figure whenever a later issue is dropped. Raises :class:`InputError` where the
    file is too long, is no text, or holds nothing that the model names.
    """
    wanted = _wanted(folder)
    layout = _layout(path)
    try:
        figures = _eia(path, wanted) if layout is None else _figures(path, layout, wanted)
        rows = gathered(figures, f"{path.name}, {_name(path)}")
    except (UnicodeDecodeError, csv.Error) as error:
        why = f"cannot be read as a table: {error}"
        raise InputError(Fault("K0103", why, "save it anew as CSV in UTF-8", path.name)) from error
    if not rows:
        mend = "look whether it has states or places that the model names"
        raise InputError(Fault("K3007", "the file holds no figure of use to the model", mend, path.name))
    return rows


def _wanted(folder: Folder) -> Wanted:
    focal = folder.settings.model.focal_state
    states = {code for code in folder.tables["jurisdictions"].cells["jurisdiction"].to_list() if len(code) == 3}
    places: dict[str, str] = {}
    for row in folder.tables["nodes"].records():
        places |= {folded(name): row["node"] for name in (row["node"], row.get("name", "")) if name}
    return Wanted(focal, frozenset(states | {focal}), places)


def _name(path: Path) -> str | None:
    layout = _layout(path)
    return layout.name if layout is not None else "eia" if _is_eia(path) else None


def _layout(path: Path) -> Layout | None:
    head = _first_lines(path, 1)
    names = frozenset(cell.strip() for cell in head[0]) if head else frozenset()
    return next((layout for layout in LAYOUTS if layout.columns <= names), None)


def _is_eia(path: Path) -> bool:
    return any(row and row[0].strip() == "API" for row in _first_lines(path, _HEAD_LINES))


def _first_lines(path: Path, count: int) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row for row, _ in zip(csv.reader(file), range(count), strict=False)]
    except (UnicodeDecodeError, csv.Error, OSError):
        return []


def _figures(path: Path, layout: Layout, wanted: Wanted) -> Iterator[Figure]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, cells in enumerate(csv.DictReader(file)):
            if number == MAX_ROWS:
                why = f"more than {MAX_ROWS:,} rows"
                raise InputError(Fault("K0103", why, "keep the rows of your states", path.name, number))
            yield from layout.figures({name: cell or "" for name, cell in cells.items() if name}, wanted)


def _eia(path: Path, wanted: Wanted) -> Iterator[Figure]:
    """Yield the figures of an export of EIA's international data: a row ``API`` with periods, then series."""
    periods: Sequence[tuple[date, date] | None] = ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if row and row[0].strip() == "API":
                periods = [_eia_period(cell) for cell in row[1:]]
                continue
            told = _EIA_SERIES.fullmatch(row[0].strip()) if row else None
            if told is None or told[2] not in wanted.states:
                continue
            indicator = _EIA_INDICATORS[told[1]]
            name = f"EIA_{told[2]}_{indicator.upper()}"
            series = Series(
                name, indicator, told[2], "bbl/d", "mean", commodity="crude", perimeter="eia", scale=1e3
            )
            for span, cell in zip(periods, row[1:], strict=False):
                text = cell.strip().replace(",", "")
                if span is not None and re.fullmatch(r"\d+(\.\d+)?", text):
                    yield Figure(series, *span, float(text))


def _eia_period(text: str) -> tuple[date, date] | None:
    """Return first and last day of ``Jan 2026``, ``2026-01`` or ``2026``."""
    name, _, year = text.strip().partition(" ")
    number = _MONTHS.find(name.casefold()) // 3 + 1
    return month(f"{year}-{number:02}") if len(name) == 3 and number else month(text)
