"""Tests of the room of accounts that need no server."""
