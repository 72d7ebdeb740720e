"""Tables are read cell by cell: what a head, a caption or a unit line licenses, and nothing else."""
