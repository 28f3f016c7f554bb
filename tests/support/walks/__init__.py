"""Walks through the jobs of users in a real browser, with what each took counted by the page."""
