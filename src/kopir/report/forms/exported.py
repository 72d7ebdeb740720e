"""A model in the form of a neighbour: workbook, map, columns, PyPSA network, data package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.network.capacity import Horizon
from kopir.strategy.value.setup import Setup

Form = Literal["datapackage", "geojson", "parquet", "pypsa", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by name (one, called as the model, where the form is a single file) and what is to be said of them."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


def exported(model: Model, setup: Callable[[], Setup], form: str, horizon: Horizon) -> Exported:
    """Return a model in a form of :data:`FORMS`; only ``pypsa`` needs a ``setup``, and stands at ``horizon``.

    Raises :class:`InputError` for another form, and :class:`kopir.core.errors.ModelError` where the model cannot
    be calibrated.
    """
    folder, name = model.folder, model.settings.model.name
    if form == "xlsx":
        from kopir.model.neighbours.workbook import as_workbook

        book = as_workbook(folder)
        left = f"left out, as no text: {', '.join(book.left_out)}"
        return Exported({f"{name}.xlsx": book.data}, (left,) if book.left_out else ())
    if form == "geojson":
        from kopir.model.neighbours.maps import as_geojson

        return Exported({f"{name}.geojson": as_geojson(model)})
    if form == "parquet":
        from kopir.model.neighbours.columns import as_parquet

        return Exported(as_parquet(model))
    if form == "datapackage":
        from kopir.model.neighbours.packages import as_data_package

        return Exported(as_data_package(folder))
    if form == "pypsa":
        return _pypsa(model, setup(), horizon)
    raise InputError(
        Fault("K0505", f"unknown form {form!r}", did_you_mean(form, FORMS, "one of them"), value=form)
    )


def _pypsa(model: Model, setup: Setup, horizon: Horizon) -> Exported:
    from kopir.flow.pypsa import as_pypsa
    from kopir.strategy.value.valuation import NOBODY

    if len(setup.network.triggers):
        mend = "let the clauses of form triggers in obligations.csv end, or leave them out"
        raise InputError(Fault("K0390", "uses that close other assets: PyPSA has nothing like it", mend))
    valuation = setup.valuation(horizon)
    places = {
        row["node"]: (row["lon"], row["lat"])
        for row in model.folder.tables["nodes"].typed.iter_rows(named=True)
        if row["lon"] is not None and row["lat"] is not None
    }
    tables = as_pypsa(valuation.formulation, valuation.situation(NOBODY), places)
    files = {f"{name}.csv": frame.write_csv().encode() for name, frame in tables.items()}
    worth = valuation.usual().value
    note = f"its optimum is {-worth:,.8g} million USD: minus the value of `kopir flow`, horizon {horizon}"
    return Exported(files, (note, "a unit of power is one Mt a year, the one snapshot a year, costs are USD/t"))
