"""OCR engines: the port they share, and the adapters of Tesseract behind it."""
