"""Understands dossiers anew from the words that are kept, when rules or the catalogue improved."""
