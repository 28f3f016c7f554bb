"""The embedded index: SQLite FTS5."""
