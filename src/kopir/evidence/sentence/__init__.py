"""A sentence and what it says of its figures: indicator, kind of change, goods, places, who speaks."""
