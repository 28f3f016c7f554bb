"""Knows what image formats look like inside: TIFF directories, JPEG markers, deep samples."""
