"""PyPSA's example networks in transport form: links, losses, stores and periods, with the optimum of PyPSA."""

from importlib.util import find_spec

import pytest

from benchmarks.pypsa_examples import ac_dc_meshed, by_kopir, by_pypsa, opf_storage_hvdc

FOUND = {"ac-dc-meshed": 40_411_937.293708, "opf-storage-hvdc": 984_539.563759}
"""The optimum of PyPSA 1.4.0 (HiGHS) for the figures of ``benchmarks.pypsa_examples``."""
EXAMPLES = pytest.mark.parametrize("example", [ac_dc_meshed(), opf_storage_hvdc()], ids=lambda one: one.name)


@EXAMPLES
def test_the_optimum_is_what_pypsa_found(example):
    assert by_kopir(example) == pytest.approx(FOUND[example.name], rel=1e-12)


@pytest.mark.slow
@EXAMPLES
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(find_spec("pypsa") is None, reason="PyPSA is not installed (make bench installs it)")
def test_the_optimum_is_that_of_pypsa_in_one_run(example):
    assert by_kopir(example) == pytest.approx(by_pypsa(example), rel=1e-9)


def test_batteries_matter_and_every_hour_is_its_own():
    """Without batteries the hours stand apart, and the example costs more."""
    example = opf_storage_hvdc()
    without = type(example)(**{**vars(example), "batteries": ()})
    assert by_kopir(without) > by_kopir(example) + 1
