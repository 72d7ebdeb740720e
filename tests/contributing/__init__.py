"""What the contributor's guide says is true: its picture of the house, and the question that it adds."""
