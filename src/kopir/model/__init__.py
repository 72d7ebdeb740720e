"""The meaning of a model folder: network, owners, denial clauses, functions, options."""
