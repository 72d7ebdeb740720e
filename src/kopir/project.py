"""The library face: open a model folder and ask it questions."""
