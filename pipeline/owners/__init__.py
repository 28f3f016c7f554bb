"""Whose papers lie where: numbers of owners, what still holds on a day, keeping the index along."""

from __future__ import annotations

from pipeline.owners.found import (
    MOST_PAPERS,
    HeldPaper,
    dossiers_found,
    papers_held,
    papers_suggested,
)
from pipeline.owners.numbers import owner_fields, owner_number, owner_papers, owners_of
from pipeline.owners.published import IndexWithOwners
from pipeline.owners.validity import validity_on

__all__ = [
    "MOST_PAPERS",
    "HeldPaper",
    "IndexWithOwners",
    "dossiers_found",
    "owner_fields",
    "owner_number",
    "owner_papers",
    "owners_of",
    "papers_held",
    "papers_suggested",
    "validity_on",
]
