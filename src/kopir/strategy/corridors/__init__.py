"""Container corridors: cost, time, shares within limits, and their record."""
