"""What a fact book is asked: deals, targets, theses, narratives and the figures of a text."""
