"""Tests of the index of owners, and of what is told of their papers."""
