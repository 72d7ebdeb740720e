"""Documents that want more than their share are faults of their own; `make nightly` reads the whole list."""

import sys

import pytest

from tests.hostile.papers import PAPERS, ended

QUICK = (
    "a pipe", "a circle of links", "a link out of the folder", "names that turn, break or command",
    "three encodings in one file", "a PDF whose pages hold themselves", "a PDF of objects within objects",
    "a Word file of entities in UTF-16", "a workbook with its last cell", "a page of 1,000,000 nested tags",
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded where the system bounds it")
@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_document_that_is_none_costs_no_other(tmp_path, name):
    one = ended(PAPERS[name], tmp_path)
    assert not one.told
    assert one.mebibytes < 500
