"""The version of kopir, in every run record."""

__version__ = "0.1.0"
