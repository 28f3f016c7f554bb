"""Extracts the fields of a paper, one module for each family of fields."""
