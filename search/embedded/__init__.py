"""Searches in this process: a Tantivy index in a folder of the home."""
