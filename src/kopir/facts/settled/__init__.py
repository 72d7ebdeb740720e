"""Claims that disagree settled: one system of what was seen, its bounds, copies, deviations and estimate."""
