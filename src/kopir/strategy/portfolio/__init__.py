"""Partner by function: shares, concentration, vectors, alignment."""
