"""How text becomes terms: tokens, keywords, the entry of a page."""
