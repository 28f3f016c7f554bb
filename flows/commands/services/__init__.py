"""Commands that run until they are stopped, and the one that registers them."""
