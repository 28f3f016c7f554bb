"""Searchable PDF/A: builds it from a scan and its words, and verifies it."""

from __future__ import annotations

TARGET = "searchable.pdf"  # what a PDF is called in the folder of the job that builds it
