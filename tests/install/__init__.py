"""As a stranger: built, installed elsewhere, run."""
