"""The local web face."""
