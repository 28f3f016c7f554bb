"""Serves the web pages, called the reading room, where staff search and open dossiers."""
