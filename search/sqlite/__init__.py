"""Implements the search index in one SQLite file, with its full-text engine FTS5."""
