"""What a search means: the parser, the plan of ranked expressions, matching, snippets."""
