"""What belongs to one dossier although it came in several drops: codes, missing files, merging."""
