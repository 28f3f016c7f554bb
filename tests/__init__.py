"""Tests: everything real, each in a folder of its own."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]  # of the checkout
