"""What type checkers and editors must see; `make types` reads it."""
