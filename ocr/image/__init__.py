"""Image processing on arrays of pixels: preprocessing, measuring, page crop, deskew, seals."""
