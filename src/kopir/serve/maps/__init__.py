"""The map of a choice: its land and lines, what links carry, and where its words stand."""
