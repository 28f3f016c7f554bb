"""Keeps what can be rebuilt in step with the store: reindex, verify, reconcile."""
