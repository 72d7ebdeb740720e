"""The sections of a brief: answer, volumes, money, exchange, portfolio, trust and assumptions."""
