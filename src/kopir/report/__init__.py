"""Brief, charts, maps and texts."""
