"""Optimal flows and their value; the only room that knows the solver."""
