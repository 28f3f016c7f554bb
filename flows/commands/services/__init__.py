"""Commands that run services until they are stopped, and `deploy`, which registers the pool."""
