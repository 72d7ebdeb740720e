"""Refusals of partners: leverage, coalitions, curves, moves."""
