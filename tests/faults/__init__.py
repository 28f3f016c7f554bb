"""Tests that kill, starve and take away."""
