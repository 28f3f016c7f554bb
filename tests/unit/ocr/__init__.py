"""Unit tests of ocr."""
