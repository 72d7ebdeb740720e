"""Every doubt about a model that is well formed: warnings, which stop nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from kopir.core.errors import Fault, ModelError
from kopir.model.contents.model import Model
from kopir.model.folder.geometry import geometry_doubts
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import read_clauses
from kopir.strategy.sense.needs import need_doubts
from kopir.strategy.sense.places import place_doubts
from kopir.strategy.sense.reach import reach_doubts
from kopir.strategy.sense.records import record_doubts
from kopir.strategy.sense.refusals import refusal_doubts
from kopir.strategy.sense.sizes import size_doubts
from kopir.strategy.sense.twice import twice_doubts
from kopir.strategy.sense.undisturbed import flow_doubts
from kopir.strategy.sense.ways import Ways
from kopir.strategy.value.setup import prepare

__all__ = ["Sense", "make_sense"]


@dataclass(frozen=True)
class Sense:
    """What is doubtful about a model, by file and line, and what keeps it from being solved.

    ``stops`` are the faults of a baseline that has no flow or is not reproduced; every question would meet them.
    """

    warnings: tuple[Fault, ...]
    stops: tuple[Fault, ...] = ()


def make_sense(model: Model) -> Sense:
    """Return what is doubtful about ``model``: first of its structure, then of its undisturbed flow."""
    network = build_network(model)
    ways, clauses = Ways(network), read_clauses(model)
    found = [
        *chain(
            reach_doubts(model, ways),
            need_doubts(model),
            twice_doubts(model),
            size_doubts(model, network),
            refusal_doubts(model, ways, clauses),
            place_doubts(model),
            record_doubts(model, network),
            geometry_doubts(model.folder),
        )
    ]
    stops: tuple[Fault, ...] = ()
    try:
        found += flow_doubts(prepare(model))
    except ModelError as error:
        stops = error.faults
    return Sense(tuple(sorted(found, key=_place)), stops)


def _place(fault: Fault) -> tuple[str, int, str, str]:
    return fault.file or "", fault.line or 0, fault.column or "", fault.code
