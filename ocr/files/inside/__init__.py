"""Takes files out of files: ZIP, PDF attachments, e-mail; turns office documents into PDF."""
