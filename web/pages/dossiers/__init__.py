"""Serves the pages of a dossier and of its pages."""
