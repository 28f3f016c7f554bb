"""Serves what tells whether the service works."""
