"""Addresses of the reading room, one file a noun; each handler asks a view and fills a template."""
