"""Settings of all tests."""

from hypothesis import settings

# A deadline would time the machine, not test the code; derandomised, a run that fails fails again.
settings.register_profile("kopir", deadline=None, derandomize=True)
settings.load_profile("kopir")
