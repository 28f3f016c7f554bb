"""Opens scans (PDF, TIFF, JPEG, PNG): what they are, their pages as rasters, their text layers."""
