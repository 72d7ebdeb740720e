"""What is bought and sold abroad: imports by sector, replacement, losses of functions."""
