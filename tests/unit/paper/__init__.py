"""Unit tests of paper."""
