"""Disruptions elsewhere as small records: what was hit, for how long, what was known ahead, what was measured.

The record that comes with kopir lies beside this file; a model folder may hold more rows of the same tables
(``precedents.csv``, ``responses.csv``), and its sources stand in its ``sources.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Literal

from kopir.core.errors import Fault, InputError
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import Table, parse_table
from kopir.core.periods import Period, parse_period

TABLES = ("precedents", "responses", "sources")
Cause = Literal["closed", "danger", "law", "water"]
Kind = Literal["chokepoint", "waterway", "pipeline", "rail", "port", "crossing", "output", "refusal"]
Part = Literal["hit", "total", "other", "queue", "price"]


@dataclass(frozen=True, slots=True)
class Precedent:
    """A disruption: first day between ``start`` and ``start_by``, last day between ``end`` and ``end_by``.

    ``end`` is ``None`` while it lasts. ``low`` and ``high`` are the shares known or announced to be lost,
    ``None`` where nothing was. ``gradual`` says that capacity comes back in equal parts. ``opened`` is the day on
    which a disruption kept for scoring was scored: from then on it has been looked at. ``kind`` is what was hit,
    ``collection`` the collection it came with; no rule uses them.
    """

    code: str
    start: date
    start_by: date
    end: date | None
    end_by: date | None
    what: str
    cause: Cause
    low: float | None
    high: float | None
    gradual: bool
    split: Literal["fit", "score"]
    sources: tuple[str, ...]
    opened: date | None = None
    kind: Kind | None = None
    collection: str | None = None

    @property
    def seen(self) -> bool:
        """Whether parameters may be fitted on it: kept for fitting, or scored before."""
        return self.split == "fit" or self.opened is not None


@dataclass(frozen=True, slots=True)
class Response:
    """What was measured of a disruption, and what was known ahead of it (``None`` where nothing was).

    ``share`` is that of the measured whole which goes by the thing hit; ``lost``, ``others`` and ``room`` are in
    the unit of the row; ``spare`` is a share of what is lost; ``arrivals`` are a day.
    """

    code: str
    indicator: str
    part: Part
    before: float
    after: float
    unit: str
    after_period: Period
    share: float | None
    lost: float | None
    others: float | None
    room: float | None
    spare: float | None
    store_days: float | None
    arrivals: float | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Disruptions by code, the responses to each that are to be predicted, and the address of each source."""

    precedents: Mapping[str, Precedent]
    responses: Mapping[str, tuple[Response, ...]]
    addresses: Mapping[str, str]


def bundled_record() -> Record:
    """Return the record that comes with kopir."""
    folder = files("kopir.strategy.precedents").joinpath("record")
    return read_record({name: folder.joinpath(f"{name}.csv").read_text(encoding="utf-8") for name in TABLES})


def read_record(texts: Mapping[str, str]) -> Record:
    """Return the record that the texts of ``precedents``, ``responses`` and ``sources`` (CSV) hold.

    Raises :class:`InputError` with every fault of shape, cells and references.
    """
    tables: dict[str, Table] = {}
    faults: list[Fault] = []
    for name in TABLES:
        tables[name], found = parse_table(texts[name], table_schemas()[name])
        faults += found
    if faults:
        raise InputError(faults)
    return record_of(tables)


def record_of(tables: Mapping[str, Table]) -> Record:
    """Return the record that tables of a folder hold; :class:`InputError` where rows contradict each other."""
    faults = [*_day_faults(tables["precedents"]), *_response_faults(tables["responses"], tables["precedents"])]
    if faults:
        raise InputError(faults)
    precedents = {row["precedent"]: _precedent(row) for row in tables["precedents"].typed.iter_rows(named=True)}
    responses: dict[str, tuple[Response, ...]] = dict.fromkeys(precedents, ())
    for row in tables["responses"].typed.iter_rows(named=True):
        if row["role"] == "scored":
            responses[row["precedent"]] += (_response(row),)
    addresses = {
        row["source"]: row["url"] or row["title"] for row in tables["sources"].typed.iter_rows(named=True)
    }
    return Record(precedents, responses, addresses)


def joined(first: Record, second: Record) -> Record:
    """Return both records as one; a code of the second stands for itself and hides the same code of the first."""
    return Record(
        {**first.precedents, **second.precedents},
        {**first.responses, **second.responses},
        {**first.addresses, **second.addresses},
    )


def _precedent(row: Mapping[str, object]) -> Precedent:
    start, end = _day(row["start"]), _day(row["end"])
    assert start is not None
    return Precedent(
        code=str(row["precedent"]),
        start=start,
        start_by=_day(row["start_by"]) or start,
        end=end,
        end_by=_day(row["end_by"]) or end,
        what=str(row["what"]),
        cause=row["cause"],  # type: ignore[arg-type]
        low=row["severity_low"],  # type: ignore[arg-type]
        high=row["severity_high"],  # type: ignore[arg-type]
        gradual=row["recovery"] == "line",
        split=row["split"],  # type: ignore[arg-type]
        sources=tuple(row["sources"] or ()),  # type: ignore[arg-type]
        opened=_day(row["opened"]),
        kind=row["kind"],  # type: ignore[arg-type]
        collection=row["collection"],  # type: ignore[arg-type]
    )


def _response(row: Mapping[str, object]) -> Response:
    period = parse_period(str(row["after_period"]))
    assert period is not None
    known = {name: row[name] for name in ("share", "lost", "others", "room", "spare", "store_days", "arrivals")}
    return Response(
        code=str(row["response"]),
        indicator=str(row["indicator"]),
        part=row["part"],  # type: ignore[arg-type]
        before=row["before"],  # type: ignore[arg-type]
        after=row["after"],  # type: ignore[arg-type]
        unit=str(row["unit"]),
        after_period=period,
        sources=tuple(row["sources"] or ()),  # type: ignore[arg-type]
        **known,  # type: ignore[arg-type]
    )


def _day(cell: object) -> date | None:
    return None if cell is None else date.fromisoformat(str(cell))


def _day_faults(table: Table) -> list[Fault]:
    faults = []
    for row in table.typed.iter_rows(named=True):
        days = [row[name] for name in ("start", "start_by", "end", "end_by") if row[name] is not None]
        place = (table.file, row["line"])
        if days != sorted(days):
            why, mend = (
                f"the days of {row['precedent']} run backwards",
                "write start, start_by, end, end_by in order",
            )
            faults.append(Fault("K0801", why, mend, *place, "start", row["start"]))
        ends = [row[name] for name in ("severity_low", "severity_high")]
        if None in ends and ends != [None, None]:
            mend = "write both ends, or neither"
            faults.append(Fault("K0302", "one end of the severity is missing", mend, *place, "severity_low"))
        elif None not in ends and not 0 <= ends[0] <= ends[1] <= 1:
            mend = "write least and largest share between 0 and 1"
            faults.append(
                Fault("K0302", "the severity is reversed or outside 0 to 1", mend, *place, "severity_low")
            )
    return faults


def _response_faults(table: Table, precedents: Table) -> list[Fault]:
    known = set(precedents.cells["precedent"])
    faults = []
    for row in table.typed.iter_rows(named=True):
        place = (table.file, row["line"])
        if row["precedent"] not in known:
            mend = "add it to precedents.csv, or correct the code"
            faults.append(Fault("K0207", "no such precedent", mend, *place, "precedent", row["precedent"]))
        for name in ("share", "spare"):
            if row[name] is not None and not 0 <= row[name] <= 1:
                mend = "write a number between 0 and 1"
                faults.append(Fault("K0305", "outside 0 to 1", mend, *place, name, f"{row[name]:g}"))
    return faults
