"""Defines the port of the search index: publish dossiers, search pages, rebuild from the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.model import Publication, Query, Results, Scope, Suggestion

SUGGESTED = 8  # values


class Rebuild(Protocol):
    """A new index beside the one that serves; searches do not see it until ``serve``."""

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless this index has a newer record of it."""
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        ...

    def serve(self) -> None:
        """Replace the index that serves, in one step; the old one is not deleted."""
        ...

    def abandon(self) -> None:
        """Delete the new index; the one that serves stays."""
        ...


class SearchIndex(Protocol):
    """A full-text index of pages; it can be deleted and rebuilt from the store at any time.

    All methods raise ``SearchUnavailableError`` when the index is away.
    """

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index has a newer record of it."""
        ...

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier's entries; a dossier that is not indexed is fine."""
        ...

    def find(self, query: Query) -> Results:
        """Search; an empty text lists all dossiers that pass the filters, newest first.

        Raises:
            QueryError: a filter is unknown, the limit or offset is negative, or the engine refuses
                the query.
        """
        ...

    def suggest(
        self, text: str, scope: Scope | None = None, limit: int = SUGGESTED
    ) -> tuple[Suggestion, ...]:
        """Return codes, units, procedures and titles that a typed text, marks aside, begins.

        A word inside a value may begin so too. Values with a number as long as those of people,
        phones and firms are never suggested, nor anything of a dossier that is withheld, joined to
        another one, or outside of the scope.

        Args:
            text: the text typed so far; less than two letters or digits begin nothing.
            scope: the dossiers that values may come from; None: all.
            limit: how many values are wanted at most.
        """
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        ...

    def clear(self) -> None:
        """Empty the index, before it is filled again."""
        ...

    def rebuild(self) -> Rebuild:
        """Create an empty index beside this one, which goes on to serve."""
        ...

    def remove_old(self) -> int:
        """Delete the indexes that no longer serve; return how many there were."""
        ...
