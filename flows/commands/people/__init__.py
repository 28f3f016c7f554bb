"""Commands for the accounts of people."""
