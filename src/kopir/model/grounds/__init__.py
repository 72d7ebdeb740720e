"""What a number rests on: cited numbers and answers, the way to facts and sources, the stock of assumptions."""
