"""Calls about the store of a person or organisation, and at the counter."""
