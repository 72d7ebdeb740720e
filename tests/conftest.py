"""Settings of all tests."""

import gc

import pytest
from hypothesis import settings

from kopir.cli import NEW_OBJECTS
from tests.budget import Budget

# A deadline would time the machine, not test the code; derandomised, a run that fails fails again.
settings.register_profile("kopir", deadline=None, derandomize=True)
settings.register_profile("quick", settings.get_profile("kopir"), max_examples=20)
settings.load_profile("kopir")


# What a command holds is looked through as seldom as where it runs by itself.
gc.set_threshold(NEW_OBJECTS)


def pytest_configure(config: pytest.Config) -> None:
    """Count what tests do, so that quick ones stay quick."""
    quick = config.getoption("hypothesis_profile", None) == "quick"
    config.pluginmanager.register(Budget(quick=quick), "budget")


def pytest_collection_finish() -> None:
    """Imported modules and collected tests stay to the end: the collector need not go through them again."""
    gc.collect()
    gc.freeze()
