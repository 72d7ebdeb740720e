"""The network of a model: capacities, denial clauses, obligations, recorded flows and dated scenarios."""
