"""Numbers and dates that people wrote: the model, its decoding, and reading them on a page."""
