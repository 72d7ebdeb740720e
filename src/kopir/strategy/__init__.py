"""Leverage, coalitions, portfolio and the other questions asked of a model."""
