"""Builds what a search page shows, and keeps what was typed out of addresses."""
