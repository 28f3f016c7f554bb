"""Defines the port of the review queue: items, leases, skips, and answers about the sample.

It can be dropped and derived from records again, but for leases and skips. All methods raise
``AccountsUnavailableError`` when its database is away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Protocol

from pipeline.model import EVERYTHING, Scope
from pipeline.review.item_names import ScopeKeys, Wanted
from pipeline.review.items import ReviewItem, SampleAnswer

ANY, NO_KEYS = Wanted(), ScopeKeys()


class ReviewQueue(Protocol):
    """The review queue; usable by many processes and threads at once."""

    def sequences(self) -> dict[str, int]:
        """Return the number of the record that was looked at, for each dossier."""
        ...

    def replace(
        self,
        dossier: str,
        sequence: int,
        items: Sequence[ReviewItem],
        answers: Sequence[SampleAnswer],
        keys: ScopeKeys = NO_KEYS,
    ) -> None:
        """Put in what a record of a dossier says, in one step; leases of what stays, stay.

        Args:
            dossier: the dossier's id.
            sequence: the record's number; an older one than that looked at changes nothing.
            items: the fields and pages to look at.
            answers: the answers about its sampled fields.
            keys: units and kinds of papers, by which scopes are compared.
        """
        ...

    def forget(self, dossiers: Collection[str]) -> None:
        """Drop what records of dossiers said, with leases; a record of any number is taken then."""
        ...

    def waiting(self, limit: int) -> tuple[int, tuple[ReviewItem, ...]]:
        """Return how many items wait, and the first of them."""
        ...

    def counted(self, by: str, wanted: Wanted = ANY) -> tuple[int, int]:
        """Return how many fields and how many pages wait that a person may be given."""
        ...

    def take(self, by: str, lasting: timedelta, wanted: Wanted = ANY) -> ReviewItem | None:
        """Lease the first item that nobody has, or one that this person has; None without one.

        Args:
            by: the person; what they skipped is not given to them again.
            lasting: after so long the item is free again, whatever became of the person.
            wanted: the items that the person may be given.
        """
        ...

    def claim(self, item: ReviewItem, by: str, lasting: timedelta) -> bool:
        """Lease one item, unless somebody else has it; tell whether the person has it now."""
        ...

    def holder(self, item: ReviewItem) -> str:
        """Return who has an item leased now; empty when nobody has."""
        ...

    def give_back(self, item: ReviewItem | None, by: str) -> None:
        """Free an item that a person has leased; None: all that they have."""
        ...

    def skip(self, item: ReviewItem, by: str, why: str) -> None:
        """Free an item and give it to this person no more; others still get it."""
        ...

    def unskip(self, item: ReviewItem, by: str) -> bool:
        """Give an item to a person again; tell whether they had skipped it."""
        ...

    def counts(self, scope: Scope = EVERYTHING) -> list[tuple[str, str, int, int]]:
        """Return of the sample: grouping, group, how many were looked at, how many were wrong."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...
