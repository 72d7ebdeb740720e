"""Errors, units, periods, codes, schema-driven tables and folders of them; under every other room."""
