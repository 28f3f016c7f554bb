"""Places of a paper that people fill in by hand or by stamp: where they are, what they say."""
