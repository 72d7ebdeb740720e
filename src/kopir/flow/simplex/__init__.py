"""A compiled bounded dual simplex for very many programmes that differ in a few bounds."""
