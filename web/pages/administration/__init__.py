"""Serves the pages for accounts, for the audit log and for withheld dossiers."""
