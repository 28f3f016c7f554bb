"""The JSON API: its shapes, its way in, attacks, uploads."""
