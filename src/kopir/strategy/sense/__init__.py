"""Whether a model that is well formed means what its author meant."""
