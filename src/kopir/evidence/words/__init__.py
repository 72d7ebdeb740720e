"""Words of the text: its view without case, the lexicon of each language, names and phrases."""
