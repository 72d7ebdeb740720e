"""Settings of all tests."""

from hypothesis import settings

# A deadline would time the machine, not test the code; derandomised, a run that fails fails again.
settings.register_profile("kopir", deadline=None, derandomize=True)
settings.register_profile("quick", settings.get_profile("kopir"), max_examples=20)
settings.load_profile("kopir")
