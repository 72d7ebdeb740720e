"""What the network is worth: setup, valuation, whose loss, own cost, closed forms and games."""
