"""Losses of assets: any set of them, every set up to a size, and the worst."""
