"""What people decide of single pages: mended words, turns, order, and pages that are left out."""
