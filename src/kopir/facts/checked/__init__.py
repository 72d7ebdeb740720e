"""Checking a text: each figure read, set against what sources state, judged and mended."""
