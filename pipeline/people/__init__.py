"""Rights of people, and the errors of signing in."""
