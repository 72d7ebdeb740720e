"""Figures: numbers, money, units and rates, and the periods that belong to them."""
