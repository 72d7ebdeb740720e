"""Two thousand mutations, the same each time, end in an answer or in faults with a mend."""

import pytest

from tests.hostile.mutations import run

PARTS = 8


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_mutated_ends_in_an_answer_or_in_faults(part):
    assert run(part * 250, 250, slowest=60) == []
