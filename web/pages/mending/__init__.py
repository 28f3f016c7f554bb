"""Pages of the reading room on which people mend what machines read."""
