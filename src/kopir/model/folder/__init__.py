"""A model folder opened: read, checked in meaning and made a model."""
