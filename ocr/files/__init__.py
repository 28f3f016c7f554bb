"""Opens scans (PDF, TIFF, JPEG, PNG): inspects them, decodes their pages and text layers."""
