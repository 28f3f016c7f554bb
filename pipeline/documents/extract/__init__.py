"""Extracts fields from a paper, one file a family of fields."""
