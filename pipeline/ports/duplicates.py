"""Defines the port of the index of duplicates: papers and pages that the store holds twice.

It can be deleted and is filled again from the store. It holds no word, name or number: what it
compares are hashes under a key. All methods raise ``DuplicatesUnavailableError`` when its database
is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.model import DossierPage, DossierPrints, DuplicatePair, UnsettledMarks


class DuplicateIndex(Protocol):
    """Where what the store holds twice lies. Safe to call from many threads."""

    def key(self) -> bytes:
        """Return the key of all hashes in it."""
        ...

    def sequences(self) -> dict[str, int]:
        """Return the number of the record that was compared, for each dossier."""
        ...

    def keep(self, prints: DossierPrints) -> None:
        """Replace what is known of a dossier; it counts as compared only after ``relate``."""
        ...

    def candidates(self, buckets: Sequence[int], limit: int) -> tuple[DossierPage, ...]:
        """Return the pages that share rare buckets, those that share most of them first."""
        ...

    def relate(self, dossier: str, sequence: int, pairs: Sequence[DuplicatePair]) -> None:
        """Replace the alike pages of a dossier, and note the record that was compared."""
        ...

    def find(self, dossier: str, limit: int) -> tuple[DuplicatePair, ...]:
        """Return the pairs of a dossier; ``one`` lies in it."""
        ...

    def all(self, limit: int) -> tuple[DuplicatePair, ...]:
        """Return the pairs of all dossiers, papers first, those of the newest dossiers first."""
        ...

    def forget(self, dossiers: Sequence[str]) -> None:
        """Forget dossiers that the store has no more."""
        ...

    def marks(self, dossiers: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return what the search index is to say of those of the dossiers that have duplicates."""
        ...

    def unsettled(self, limit: int) -> tuple[UnsettledMarks, ...]:
        """Return dossiers of which the search index may have to say something else."""
        ...

    def unsettle(self, dossiers: Sequence[str]) -> None:
        """Have what the search index says of dossiers, whatever it is, worked out and told anew."""
        ...

    def mark(self, dossier: str, marks: Sequence[str]) -> None:
        """Note what the search index is to say of a dossier; it stays unsettled until told."""
        ...

    def settle(self, told: UnsettledMarks) -> None:
        """Note that the search index says this, unless something changed meanwhile."""
        ...

    def close(self) -> None:
        """Close the database."""
        ...
