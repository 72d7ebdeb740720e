"""Names of cells of a sheet, by hand."""

import pytest

from kopir.core.officefiles import cell_place


@pytest.mark.parametrize(
    ("label", "place"),
    [("A1", (0, 0)), ("B7", (6, 1)), ("Z2", (1, 25)), ("AA10", (9, 26)), ("XFD1048576", (1_048_575, 16_383))],
)
def test_a_cell_is_named_by_column_and_row(label, place):
    assert cell_place(label) == place


@pytest.mark.parametrize("label", ["", "A", "7", "A0", "a1", "A1:B2", "ABCD1", "А1"])
def test_other_names_are_no_cell(label):
    assert cell_place(label) is None
