"""Claims to facts."""
