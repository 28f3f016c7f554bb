"""Maintenance of store and index: verify, reconcile, reindex, restore the index."""
