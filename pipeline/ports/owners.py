"""Defines the port of the index of owners: whose papers lie where, by keyed hash of their number.

It can be deleted and rebuilt from the store. It holds no number, name or word of anybody. All
methods raise ``OwnersUnavailableError`` when its database is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from pipeline.model import OwnedPaper, OwnerPapers


class OwnerIndex(Protocol):
    """Where the papers of each person and organisation lie. Safe to call from many threads."""

    def keep(self, dossiers: Sequence[OwnerPapers]) -> None:
        """Replace what is known of dossiers, unless a newer record of them was kept before."""
        ...

    def find(
        self, number: str, limit: int, after: OwnedPaper | None = None
    ) -> tuple[OwnedPaper, ...]:
        """Return where papers of the owner of a number lie, those of the newest dossiers first.

        Args:
            number: an identity number or tax code, as ``owner_number`` gives it.
            limit: how many are wanted at most.
            after: the last place that was told before; None: from the first.
        """
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield the dossiers that are known, with the numbers of the records that said so."""
        ...

    def keep_only(self, dossiers: Iterable[str]) -> None:
        """Forget all other dossiers: the store has them no more."""
        ...

    def is_behind(self) -> bool:
        """Tell whether the store is known to have more: a damaged database was begun anew."""
        ...

    def caught_up(self) -> None:
        """Note that all of the store was kept here."""
        ...

    def close(self) -> None:
        """Close the database."""
        ...
