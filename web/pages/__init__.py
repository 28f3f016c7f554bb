"""Defines the web pages, one module a page, in a folder for each kind of work."""
