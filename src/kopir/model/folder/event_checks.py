"""What recorded events and fitted parameters must satisfy to be replayed."""

from __future__ import annotations

from collections.abc import Iterator

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.core.folders.tables import Table


def event_faults(folder: Folder) -> list[Fault]:
    """Return events that end before they begin or lose no possible share, and fits that try nothing."""
    return [*_event_faults(folder.tables["events"]), *_fit_faults(folder.tables["fitted"])]


def _event_faults(table: Table) -> Iterator[Fault]:
    for row in table.typed.iter_rows(named=True):
        place = (table.file, row["line"])
        if row["end"] is not None and row["end"] < row["start"]:
            why = f"{row['event']} ends on {row['end']}, before it begins on {row['start']}"
            yield Fault("K0801", why, "exchange start and end", *place, "end", row["end"])
        low, high = row["severity_low"], row["severity_high"]
        for name, value in (("severity_low", low), ("severity_high", high)):
            if value is not None and not 0 <= value <= 1:
                mend = "write a number between 0 and 1"
                yield Fault("K0305", "outside 0 to 1", mend, *place, name, f"{value:g}")
        if low is not None and high is not None and low > high:
            yield Fault("K0302", "the interval is reversed", f"write {high:g} to {low:g}", *place, "severity_low")


def _fit_faults(table: Table) -> Iterator[Fault]:
    for row in table.typed.iter_rows(named=True):
        place = (table.file, row["line"])
        if row["low"] >= row["high"]:
            mend = "write the least value to try in low and the largest in high"
            yield Fault("K0302", "the interval is reversed or empty", mend, *place, "low", f"{row['low']:g}")
        elif not 0 < row["step"] <= row["high"] - row["low"]:
            mend = f"write a step above 0 and at most {row['high'] - row['low']:g}"
            yield Fault("K0803", "no values to try", mend, *place, "step", f"{row['step']:g}")
