"""Pages of a PDF: words, lines, columns and ruled tables from where characters stand."""
