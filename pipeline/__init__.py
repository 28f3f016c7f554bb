"""Holds the domain model, ports, rules and stages of digitisation; knows no framework or engine."""

from __future__ import annotations
