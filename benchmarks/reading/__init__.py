"""How well documents are read, on text that the reader's makers have seen and on text that they have not.

``python -m benchmarks.reading`` prints the figures as pairs seen / unseen; ``draw``, ``place``, ``check`` and
``take`` make the annotation that they rest on. docs/annotating.md is the guide.
"""
