"""Charts of single answers, as Vega-Lite specifications in the manner of the brief."""
