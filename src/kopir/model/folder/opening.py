"""Opening a model: a folder read and checked, every quantity resolved to a number, as it stood on a day."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder, read_folder
from kopir.core.spelling import nearest
from kopir.model.bundled import bundled_models, bundled_path
from kopir.model.contents.as_of import as_it_stood
from kopir.model.contents.facts import read_facts
from kopir.model.contents.flow_units import read_flow_units
from kopir.model.contents.model import Model
from kopir.model.contents.publication import vintage_faults
from kopir.model.contents.quantities import CellRef, Quantity, resolve_table
from kopir.model.folder.meaning import meaning_faults
from kopir.model.folder.warnings import model_warnings

_LOG = logging.getLogger("kopir.model")


def open_model(path: Path | str, *, as_of: date | None = None) -> Model:
    """Open a model folder, or the bundled model of that name.

    ``as_of`` opens it as :func:`kopir.model.contents.as_of.as_it_stood` says. Raises
    :class:`kopir.core.errors.InputError` with every fault found in form, references, quantities, facts and
    meaning, and, as of a day, with every cell that was not known then and that nothing stands for. Warnings of the
    model are logged.
    """
    bundled = bundled_path(str(path))
    if bundled is None and not Path(path).exists() and len(Path(path).parts) == 1:
        meant = nearest(str(path), bundled_models())
        if meant is not None:
            mend = f'did you mean the bundled model "{meant}"? or give a model folder'
            raise InputError(Fault("K0101", "no such folder", mend, str(path)))
    return opened(read_folder(bundled or Path(path)), as_of=as_of)


def opened(folder: Folder, *, as_of: date | None = None) -> Model:
    """Return the model of a folder that has been read; ``as_of`` and what is raised as :func:`open_model` says."""
    model = model_of(folder)
    for warning in model.warnings:
        _LOG.warning("%s", warning)
    return model if as_of is None else as_it_stood(model, as_of)


def model_of(folder: Folder) -> Model:
    """Return the model that the tables of a folder make.

    Raises :class:`kopir.core.errors.InputError` with every fault found in quantities, facts and meaning.
    """
    facts, faults = read_facts(folder.tables["facts"])
    quantities: dict[CellRef, Quantity] = {}
    flow_units = read_flow_units(folder.tables)
    for _, table in sorted(folder.tables.items()):
        resolved, table_faults = resolve_table(table, facts, flow_units)
        quantities |= {quantity.ref: quantity for quantity in resolved.values()}
        faults += table_faults
    faults += meaning_faults(folder, quantities)
    faults += vintage_faults(facts, folder.tables["vintages"])
    if faults:
        raise InputError(faults)
    return Model(folder, facts, quantities, warnings=tuple(model_warnings(folder)))
