"""The review queue: doubtful fields in order, a sample of certain ones, and the true error rate."""
