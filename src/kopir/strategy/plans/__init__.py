"""Plans: which options together lower residual loss most, within a budget and by several rules."""
