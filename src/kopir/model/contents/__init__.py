"""What an opened model holds: facts, every cell as a number with its interval, rows as they stood on a day."""
