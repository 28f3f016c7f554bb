"""Commands about dossiers: take in, read, find, show, hand out, try again."""
