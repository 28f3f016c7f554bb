"""Serves the pages of signing in and out, of sessions and of purposes."""
