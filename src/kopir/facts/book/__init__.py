"""The fact book: facts, comparisons, conflicts, equations, what is written and what moved."""
