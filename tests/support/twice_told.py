"""A store whose search index is told which dossiers may be duplicates, as the watcher does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.upkeep.duplicates import Comparing
from owners import open_duplicates, open_owners
from pipeline.duplicates.told import tell_search, with_duplicates
from pipeline.model import EVERYTHING, Query, Record, Scope
from pipeline.owners import IndexWithOwners
from pipeline.ports import SearchIndex
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.stages import publish
from tests.support.twice_held import DECISION, ONE, OTHER, filled_in, keep, open_backend
from tests.support.web_backend import Backend


@dataclass
class Told:
    """A store whose search index is told of duplicates."""

    backend: Backend
    duplicates: DuplicateIndex
    index: SearchIndex

    def refresh(self) -> int:
        """Compare and tell, as the watcher does; return how many dossiers were published."""
        Comparing(self.backend.archive, self.duplicates).refresh()
        return tell_search(self.backend.archive, self.duplicates, lambda: self.index)

    def keep(self, dossier: str, unit: str = "Sở Mẫu", **values: str) -> None:
        """Store and publish a dossier with a decision; nobody has compared it yet."""
        sheet = filled_in(ONE if values else OTHER)
        record = keep(self.backend, dossier, sheet, unit=unit, **DECISION | values)
        self.publish(record)

    def publish(self, record: Record) -> None:
        """Publish a record."""
        publish(record, self.backend.archive, self.index)

    def found(self, scope: Scope | None = None) -> list[str]:
        """Return the dossiers that somebody finds who asks for duplicates."""
        hits = self.index.find(Query("", {"duplicate": "1"}, scope=scope)).hits
        found = sorted(hit.dossier for hit in hits)
        all_of_it = [hit.dossier for hit in self.index.find(Query("", scope=scope)).hits]
        shown = with_duplicates(
            all_of_it, scope or EVERYTHING, self.backend.archive, self.duplicates
        )
        assert sorted(shown) == found, "a chip stands where the filter finds"
        return found


@contextmanager
def open_told(home: Path) -> Iterator[Told]:
    """Open an empty store in a home, and the indexes of duplicates and owners beside it."""
    backend = open_backend(home)
    settings = backend.settings.owners
    with (
        closing(open_duplicates(settings, home)) as index,
        closing(open_owners(settings, home)) as owners,
    ):
        yield Told(backend, index, IndexWithOwners(backend.index, owners, index))
