"""What changes if something planned opens, and what targets are within reach."""
