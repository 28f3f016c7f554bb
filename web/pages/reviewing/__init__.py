"""Serves the pages on which doubtful fields and pages are looked at one after the other."""
