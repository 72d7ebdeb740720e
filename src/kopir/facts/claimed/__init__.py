"""What claims say: keys, measures, wording as intervals, identities among them, where they are read from."""
