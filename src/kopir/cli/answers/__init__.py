"""Commands that ask a question with a face of its own."""
