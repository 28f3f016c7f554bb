"""Searchable PDF/A: builds it from a scan and its words, and verifies it."""
