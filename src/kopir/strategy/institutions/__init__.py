"""What memberships and agreements ask, and what cannot hold together."""
