"""Knows who visits: cookies, visits with their rights, what routes need, and what is recorded."""
