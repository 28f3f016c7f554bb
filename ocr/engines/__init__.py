"""Recognisers of text: the port they share, and Tesseract behind it."""
