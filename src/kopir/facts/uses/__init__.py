"""What a fact book is asked: deals, targets, theses and narratives."""
