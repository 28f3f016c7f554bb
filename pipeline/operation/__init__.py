"""What operators look at: the figures of a day, notes of upkeep, and what must be told."""
