"""What one document may take: time and memory."""

from __future__ import annotations

from dataclasses import dataclass

from kopir.core.errors import Fault

PER_MILLION = 20.0
"""Seconds allowed for each million characters that a document turns out to hold, about twice what it takes."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one document: ``characters`` of its text, ``seconds`` of processor time, ``memory`` in MiB.

    The seconds hold for opening it and finding its text, and again for reading the text, with ``PER_MILLION`` more
    for each million characters. Memory is bounded where the system bounds it (not on macOS and Windows).
    """

    characters: int = 2_000_000
    seconds: float = 8.0
    memory: int = 450

    def reading(self, characters: int) -> float:
        """Return the seconds of processor time allowed for a text of so many characters."""
        return self.seconds + PER_MILLION * characters / 1e6

    def late(self, file: str) -> Fault:
        """Return the fault of a document that takes too long."""
        why = f"reading took more than {self.seconds:g} seconds of processor time"
        why += f" and {PER_MILLION:g} for each million characters"
        return Fault("K2018", why, "split it, or allow more with --seconds", file)


def without_memory(file: str) -> Fault:
    """Return the fault of a document that needs more memory than it may take."""
    why = "reading took more memory than a document may take"
    return Fault("K2018", why, "split it, or allow more with --memory", file)


def broken(file: str, why: str) -> Fault:
    """Return the fault of a document on which reading breaks off."""
    return Fault("K2019", f"reading broke off: {why}", "save it anew from its source; tell us of it", file)
