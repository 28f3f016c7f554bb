"""Turns text into index terms: tokens, keywords, and the index entry of a page."""
