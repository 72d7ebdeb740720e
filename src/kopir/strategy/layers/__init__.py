"""Layers counted without money: routes, volumes, who controls them."""
