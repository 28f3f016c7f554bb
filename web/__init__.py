"""The reading room: where staff search, open dossiers and see what could not be read."""
