"""Whose papers lie where: numbers of owners, what still holds on a day, keeping the index along."""

from __future__ import annotations

from pipeline.owners.found import MOST_PAPERS, HeldPaper, papers_held
from pipeline.owners.numbers import owner_number, owner_papers
from pipeline.owners.published import IndexWithOwners
from pipeline.owners.validity import validity_on

__all__ = [
    "MOST_PAPERS",
    "HeldPaper",
    "IndexWithOwners",
    "owner_number",
    "owner_papers",
    "papers_held",
    "validity_on",
]
