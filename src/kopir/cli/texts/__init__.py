"""Commands about documents, claims and facts."""
