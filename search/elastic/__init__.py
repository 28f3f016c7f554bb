"""The served index: Elasticsearch."""
