"""The search index: finds pages, and can be made anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.model import Publication, Query, Results


class Rebuild(Protocol):
    """An index being built beside the one that serves; nobody sees it before it does."""

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless it holds a newer record of it."""
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of the record that is held of it, any order."""
        ...

    def serve(self) -> None:
        """Take the place of the index that serves, at once; that one is kept."""
        ...

    def abandon(self) -> None:
        """Forget what was built."""
        ...


class SearchIndex(Protocol):
    """Finds pages; can be deleted and rebuilt from the object store at any time.

    All verbs raise ``SearchUnavailableError`` when the index is away.
    """

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index holds a newer record of it."""
        ...

    def withdraw(self, dossier: str) -> None:
        """Forget a dossier."""
        ...

    def find(self, query: Query) -> Results:
        """Search. An empty text lists everything the filters leave, newest first.

        Raises:
            QueryError: the query cannot be understood.
        """
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of the record that is held of it, any order."""
        ...

    def clear(self) -> None:
        """Forget everything, before a rebuild."""
        ...

    def rebuild(self) -> Rebuild:
        """Begin an empty index beside this one, which goes on to serve."""
        ...

    def remove_old(self) -> int:
        """Forget the indexes that no longer serve; return how many there were."""
        ...
