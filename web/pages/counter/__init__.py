"""Pages on which people at the counter answer who asks: S8 of the screens."""
