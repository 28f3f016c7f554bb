"""One suite for each port, run on every form of it."""
