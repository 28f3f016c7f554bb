"""The review queue as people and programs of the room work on it."""
