"""The contract of accounts, on SQLite and on a real PostgreSQL."""
