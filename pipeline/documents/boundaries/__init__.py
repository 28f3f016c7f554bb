"""Boundaries between the papers of a scan: where they begin, why, and which page has its place."""
