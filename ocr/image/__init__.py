"""Image processing: preprocessing, measuring, page crop, deskew, seals."""
