"""Serves the pages of the scanning desk: receipts, what must be mended, the queue."""
