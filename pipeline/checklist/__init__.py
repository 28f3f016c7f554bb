"""The checklist of a dossier as people decided about it."""
