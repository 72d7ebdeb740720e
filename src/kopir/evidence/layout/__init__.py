"""Layout before language: a file becomes blocks, each with its place in the text of the file."""
