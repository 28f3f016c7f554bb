"""Unit tests of the web application."""
