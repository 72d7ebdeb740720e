"""Trade files from outside made rows of a model."""
