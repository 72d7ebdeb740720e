"""kopir: who could squeeze a bridge state, through what, and by how much after it reacts."""

__version__ = "0.1.0"
