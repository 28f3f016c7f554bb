"""What people may see of a dossier: all of it, or with personal data hidden."""
