"""Tests of kopir, one folder a room."""
