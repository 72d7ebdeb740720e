"""What a draft names around each figure, and what sources state: the two sides of a verdict."""
