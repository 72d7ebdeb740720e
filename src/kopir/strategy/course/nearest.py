"""The recorded events nearest to an incident, and what the model says of the nearest that it can replay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from kopir.model.network.clauses import Asset
from kopir.strategy.course.hindcast import event_scenario, predict, replay
from kopir.strategy.value.setup import Setup

NEAREST = 4
RECORD = {
    **dict.fromkeys(("observation", "event", "indicator", "unit", "split"), pl.String),
    **dict.fromkeys(("before", "predicted", "seen"), pl.Float64),
}


def nearest_events(setup: Setup, lost: Sequence[Asset], severity: float) -> pl.DataFrame:
    """Return the recorded events that hit the lost assets, their group or their ends, nearest severity first."""
    return _events(setup, lost, severity).drop("split").head(NEAREST)


def record_beside(setup: Setup, lost: Sequence[Asset], severity: float) -> pl.DataFrame:
    """Return what was predicted and what was seen of the nearest event that the model can replay.

    A row for each scored response (``observation``): ``indicator``, ``before`` the event, ``predicted`` by its
    replay on the flows of its own year, ``seen``, in ``unit``; ``split`` is ``fit`` where parameters were fitted
    on the event. Empty where no near event can be replayed. Raises as
    :func:`kopir.strategy.course.hindcast.replay` does.
    """
    model = setup.model
    observed = model.table("observations").filter(role="scored").sort("observation")
    for event, split in _events(setup, lost, severity).select("event", "split").iter_rows():
        path, rows = event_scenario(model, event), observed.filter(event=event)
        if path is None or rows.is_empty():
            continue
        found = replay(model, path)
        said = [(one, predict(found, one)) for one in rows.iter_rows(named=True)]
        told = [
            (one["observation"], event, one["indicator"], one["unit"], split, one["before"], value, one["after"])
            for one, value in said
            if value is not None
        ]
        if told:
            return pl.DataFrame(told, schema=RECORD, orient="row")
    return pl.DataFrame(schema=RECORD)


def _events(setup: Setup, lost: Sequence[Asset], severity: float) -> pl.DataFrame:
    links = setup.model.table("links")
    ends = {row["link"]: {row["from_node"], row["to_node"]} for row in links.iter_rows(named=True)}
    codes = {asset for _, asset in lost}
    near = codes.union(*(ends.get(code, set()) for code in codes))
    rows = []
    for row in setup.model.table("events").iter_rows(named=True):
        if near & set(row["assets"] or ()):
            low, high = row["severity_low"] or 0.0, row["severity_high"] or 1.0
            away = max(abs(low - severity), abs(high - severity))
            rows.append(
                (row["event"], row["start"], row["end"], row["what"], low, high, row["note"], row["split"], away)
            )
    names = ("event", "start", "end", "what", "severity_low", "severity_high", "seen", "split", "away")
    schema = {name: pl.Float64 if name.startswith(("sev", "away")) else pl.String for name in names}
    frame = pl.DataFrame([tuple(map(_text, row)) for row in rows], schema=schema, orient="row")
    return frame.sort("away", "event").drop("away")


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
