"""Disruptions of other states and years: what happened, what was measured, and where it was read."""
