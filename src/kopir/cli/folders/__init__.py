"""Commands about model folders: start, check, fill, list, trace."""
