"""The one JSON object in which answers leave: run, result, units and faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kopir.core.errors import Fault
from kopir.core.outward import as_json

SCHEMA_VERSION = 1
"""Version of the object."""


def as_envelope(run: object, result: object, faults: Sequence[Fault], units: Mapping[str, str]) -> str:
    """Return the JSON text of an answer, or of what stood in its way."""
    whole = {
        "schema_version": SCHEMA_VERSION,
        "run": run,
        "result": result,
        "units": units,
        "faults": [fault.as_record() for fault in faults],
    }
    return as_json(whole, indent=2) + "\n"
