"""Calls by which people decide: fields, pages, joins, review, duplicates."""
