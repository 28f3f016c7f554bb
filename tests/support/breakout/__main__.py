"""Stands for a program that was taken over."""

from __future__ import annotations

from tests.support.breakout import main

main()
