"""Implements the search index on Elasticsearch, for any number of machines."""
