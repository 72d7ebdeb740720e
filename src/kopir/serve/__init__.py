"""A model in a browser on this machine: pages, and the same as JSON, CSV and XLSX."""
