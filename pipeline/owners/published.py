"""Keeps the index of owners along with the search index: what is published goes to both.

What the search index is to say of duplicates is added on the way, so that whoever publishes a
dossier says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.duplicates.partners import tell_again, with_partners
from pipeline.model import Publication, Query, Results, Scope, Suggestion
from pipeline.owners.numbers import owner_papers
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.ports.index import SUGGESTED, Rebuild, SearchIndex
from pipeline.ports.owners import OwnerIndex


class IndexWithOwners:
    """A search index whose publications, and rebuilds, reach an index of owners, too.

    Publishing to either may fail; it is then repeated as a whole, and both take it twice.

    Args:
        index: the search index.
        owners: the index of owners.
        duplicates: the index of duplicates, which knows what is to be said of them.
    """

    def __init__(self, index: SearchIndex, owners: OwnerIndex, duplicates: DuplicateIndex) -> None:
        self._index, self._owners, self._duplicates = index, owners, duplicates

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries in both. Raises ``OwnersUnavailableError`` as well."""
        told = with_partners(publications, self._duplicates)
        self._index.publish(told)
        _keep(publications, self._owners)
        tell_again({each.dossier.id: each.partners for each in told}, self._duplicates)

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier's entries; whose papers it had shows in its newest record."""
        self._index.withdraw(dossier)

    def find(self, query: Query) -> Results:
        """Search, see ``SearchIndex``."""
        return self._index.find(query)

    def suggest(
        self, text: str, scope: Scope | None = None, limit: int = SUGGESTED
    ) -> tuple[Suggestion, ...]:
        """Suggest values, see ``SearchIndex``."""
        return self._index.suggest(text, scope, limit)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield what is indexed for searching."""
        return self._index.sequences()

    def clear(self) -> None:
        """Empty the search index; owners are replaced as it is filled again."""
        self._index.clear()

    def rebuild(self) -> Rebuild:
        """Create an empty search index; what is published to it reaches the owners at once."""
        return _RebuildWithOwners(self._index.rebuild(), self._owners, self._duplicates)

    def remove_old(self) -> int:
        """Delete the search indexes that no longer serve."""
        return self._index.remove_old()


class _RebuildWithOwners:
    def __init__(self, build: Rebuild, owners: OwnerIndex, duplicates: DuplicateIndex) -> None:
        self._build, self._owners, self._duplicates = build, owners, duplicates
        self._marks: dict[str, Sequence[str]] = {}  # of the dossiers that were told some

    def publish(self, publications: Sequence[Publication]) -> None:
        told = with_partners(publications, self._duplicates)
        self._build.publish(told)
        _keep(publications, self._owners)
        for each in told:
            if each.partners or each.dossier.id in self._marks:
                self._marks[each.dossier.id] = each.partners

    def sequences(self) -> Iterator[tuple[str, int]]:
        return self._build.sequences()

    def serve(self) -> None:
        self._owners.keep_only(dossier for dossier, _ in self._build.sequences())
        self._owners.caught_up()
        dossiers = [dossier for dossier, _ in self._build.sequences()]
        self._build.serve()
        # Whoever told newer marks meanwhile told them to the index that served.
        tell_again({each: self._marks.get(each, ()) for each in dossiers}, self._duplicates)

    def abandon(self) -> None:
        self._build.abandon()


def _keep(publications: Sequence[Publication], owners: OwnerIndex) -> None:
    owners.keep([owner_papers(each.dossier, each.sequence) for each in publications])
