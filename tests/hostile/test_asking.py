"""Commands about spoilt models, the same each time, end in clean answers or in faults."""

import pytest

from tests.hostile.asking import run

PARTS = 4


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_command_about_a_spoilt_model_ends_in_an_answer_or_in_faults(part):
    assert run(part * 50, 50, slowest=120) == []
