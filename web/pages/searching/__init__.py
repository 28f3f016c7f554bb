"""Serves the search page and the suggestions below its box."""
