"""Parses queries and plans searches: ranked expressions, relaxation, matching, snippets."""
