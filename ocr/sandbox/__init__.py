"""Runs untrusted work in child processes under limits of time and memory."""
