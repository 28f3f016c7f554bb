"""Commands about dossiers: ingest, read, search, show, history, export, retry."""
