"""Frames: who, to whom and when, bound by constructions; what is published."""
