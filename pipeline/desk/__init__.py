"""The scanning desk: what became of each file of a day, and what a person still has to do."""
