"""Hostile input: mutations by the thousand, kills at every step of a change, many writers at once."""
