"""Files opened and read one by one, each within bounds; what goes wrong in one stops no other."""
