"""The schema files are data: they must be whole and agree with each other."""

import pytest

from kopir.core.codes import KINDS
from kopir.core.folders.checks import cell_fault
from kopir.core.folders.schema import ASSET_TABLES, CELL_TYPES, OF_COMMODITY, table_schemas
from kopir.core.units import units

SCHEMAS = table_schemas()
COLUMNS = [
    pytest.param(schema, column, id=f"{name}.{column.name}")
    for name, schema in SCHEMAS.items()
    for column in schema.columns
]
TABLES_OF_THE_MODEL_FOLDER = {
    "baseline_flows",
    "capacity_groups",
    "carries",
    "charges",
    "commodities",
    "contracts",
    "conversions",
    "corrections",
    "deals",
    "denial",
    "events",
    "facts",
    "functions",
    "identities",
    "institutions",
    "jurisdictions",
    "links",
    "markets",
    "names",
    "nodes",
    "obligations",
    "observations",
    "option_gains",
    "options",
    "route_choice",
    "series",
    "shares",
    "sources",
    "storage",
    "supplies",
    "targets",
    "theses",
    "transfers",
}


def test_every_table_of_the_model_folder_has_a_schema():
    assert set(SCHEMAS) >= TABLES_OF_THE_MODEL_FOLDER
    assert list(SCHEMAS) == sorted(SCHEMAS)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_table_has_a_key_and_no_column_twice(schema):
    assert schema.key
    assert len(set(schema.names)) == len(schema.names)
    assert "line" not in schema.names
    with pytest.raises(KeyError):
        schema.column("no such column")


@pytest.mark.parametrize(("schema", "column"), COLUMNS)
def test_a_column_is_described_typed_and_measured(schema, column):
    assert column.type in CELL_TYPES
    assert column.required in {"", "yes", "key", "key?"}
    assert column.description.strip()
    assert column.unit in {"", "year", OF_COMMODITY} or column.unit in units()
    assert not column.unit or column.type in {"number", "quantity"}
    assert (column.type == "choice") == ("|" in column.refers_to)


@pytest.mark.parametrize(("schema", "column"), COLUMNS)
def test_a_default_is_a_valid_cell_of_a_column_that_may_be_blank(schema, column):
    if column.default:
        assert column.may_be_blank
        assert cell_fault(column, column.default, f"{schema.name}.csv", 2) is None


@pytest.mark.parametrize(("schema", "column"), COLUMNS)
def test_a_reference_leads_to_a_key_a_registry_or_an_asset_type(schema, column):
    reference = column.refers_to
    if not reference or column.type == "choice":
        return
    assert column.type in {"id", "ids", "clause", "text"}
    if reference.startswith("code:"):
        assert reference.removeprefix("code:") in KINDS
    elif reference.startswith("@"):
        assert set(schema.column(reference[1:]).choices) <= set(ASSET_TABLES)
    else:
        table, _, key = reference.partition(".")
        assert key in SCHEMAS[table].key


def test_asset_types_lead_to_keys():
    for table, key in ASSET_TABLES.values():
        assert SCHEMAS[table].key == (key,)
