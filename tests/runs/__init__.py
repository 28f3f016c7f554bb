"""Whole runs of commands and flows."""
