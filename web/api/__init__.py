"""Answers programs: the JSON API under ``/api/v1``, with a token in place of a session."""
