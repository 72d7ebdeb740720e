"""What a brief rested on, kept beside it so that ``kopir why`` need not solve it again.

The file is named for the model's content, the version of kopir and the question, so that another model, day,
seed or horizon finds nothing. It may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kopir.core.errors import Fault
from kopir.core.folders.textfiles import read_text
from kopir.core.folders.together import write_whole
from kopir.core.runs import RunRecord
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import CitedNumber, Numbers
from kopir.model.grounds.provenance import Trace, trace
from kopir.report.content import Brief

MEMORY = Path(".kopir")
"""Folder of the working directory that holds what may be computed again."""

_FORMAT = 1
_MAX_BYTES = 64 * 2**20


def remember(brief: Brief, run: RunRecord, memory: Path = MEMORY) -> bool:
    """Keep the numbers of ``brief`` and their cells for the question of ``run``; return whether it could."""
    behind = sorted(set(brief.cells.values()))
    place = {cells: index for index, cells in enumerate(behind)}
    content = {
        "format": _FORMAT,
        "behind": [[str(ref) for ref in cells] for cells in behind],
        "numbers": {
            number.id: [number.value, number.low, number.high, number.unit, place[brief.cells[number.id]]]
            for number in brief.numbers()
        },
    }
    try:
        memory.mkdir(parents=True, exist_ok=True)
        write_whole(memory / _file(run), json.dumps(content, sort_keys=True).encode())
    except OSError:
        return False
    return True


def recall(model: Model, run: RunRecord, memory: Path = MEMORY) -> Numbers | None:
    """Return what was kept for the question of ``run``; ``None`` where nothing usable was."""
    if not (memory / _file(run)).is_file():
        return None
    text = read_text(memory, _file(run), limit=_MAX_BYTES)
    if isinstance(text, Fault):
        return None
    try:
        content = json.loads(text)
        if content["format"] != _FORMAT:
            return None
        behind = [tuple(_cell(model, name) for name in cells) for cells in content["behind"]]
        return {
            name: CitedNumber(behind[index], value, low, high, str(unit))
            for name, (value, low, high, unit, index) in content["numbers"].items()
        }
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None


def trace_recalled(model: Model, name: str, run: RunRecord, memory: Path | None) -> Trace | None:
    """Return the way from a number of a brief as ``memory`` kept it; ``None`` where it holds no such number."""
    kept = None if memory is None else recall(model, run, memory)
    if kept is None or name not in kept:
        return None
    return trace(model, name, kept)


def trace_in_brief(model: Model, name: str, brief: Brief) -> Trace:
    """Return the way from a number of ``brief``.

    Raises :class:`kopir.core.errors.InputError` when nothing has this id.
    """
    numbers = {
        one.id: CitedNumber(brief.cells[one.id], one.value, one.low, one.high, one.unit) for one in brief.numbers()
    }
    return trace(model, name, numbers)


def _file(run: RunRecord) -> str:
    text = json.dumps(run.as_record(), ensure_ascii=False, sort_keys=True)
    return f"brief-{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"


def _cell(model: Model, name: str) -> CellRef:
    table, line, column = name.split(":")
    known = model.folder.tables[table]
    ref = CellRef(table, int(line), column)
    if column not in known.schema.names or ref.line not in known.cells["line"]:
        raise ValueError(name)
    return ref
