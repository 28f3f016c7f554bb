"""Searchable PDF/A: builds it from the scan and its words, and verifies it."""
