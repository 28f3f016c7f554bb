"""The served index: Elasticsearch behind an alias, for any number of machines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from pipeline.errors import SearchUnavailableError
from pipeline.model import Publication, Query, Results
from search.elastic import mapping
from search.elastic.client import Cluster, IndexMissingError, Json
from search.elastic.searching import find, sequences
from search.query.parser import check

_T = TypeVar("_T")


class OutdatedIndexError(SearchUnavailableError):
    """The alias stands for an index of another version; it must be built anew."""

    retryable = False


class ServedIndex:
    """Finds pages in a cluster, which is asked nothing before it is needed."""

    def __init__(self, cluster: Cluster, alias: str) -> None:
        self._cluster = cluster
        self._alias = alias
        self._is_ready = False

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index holds a newer record of it."""
        self._lasting(lambda: publish(self._cluster, self._alias, publications, is_alias=True))

    def withdraw(self, dossier: str) -> None:
        """Forget a dossier."""
        self._lasting(lambda: withdraw(self._cluster, self._alias, dossier))

    def find(self, query: Query) -> Results:
        """Search. An empty text lists everything the filters leave, newest first.

        Raises:
            QueryError: a filter is unknown, or the limit or offset is negative.
        """
        check(query)
        started = time.perf_counter()
        total, hits, facets = self._lasting(lambda: find(self._cluster, self._alias, query))
        return Results(total, (time.perf_counter() - started) * 1000, hits, facets)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of the record that is held of it, any order."""
        yield from self._lasting(lambda: list(sequences(self._cluster, self._alias)))

    def clear(self) -> None:
        """Forget everything, before a rebuild; an index of another version is made anew."""
        old = self._cluster.mappings(self._alias)
        fresh = new_index(self._cluster, self._alias)
        self._cluster.switch(self._alias, fresh)
        for name in old:
            self._cluster.drop(name)

    def rebuild(self) -> AliasRebuild:
        """Begin an empty index beside the one that serves."""
        return AliasRebuild(self._cluster, self._alias)

    def remove_old(self) -> int:
        """Forget the indexes that the alias no longer stands for."""
        serving = self._cluster.mappings(self._alias)
        made = self._cluster.mappings(f"{self._alias}-*")
        old = [name for name in made if name not in serving]
        for name in old:
            self._cluster.drop(name)
        return len(old)

    def _lasting(self, verb: Callable[[], _T]) -> _T:
        """Carry out a verb; once more when somebody deleted the index meanwhile."""
        self._prepare()
        try:
            return verb()
        except IndexMissingError:
            self._is_ready = False
            self._prepare()
            return verb()

    def _prepare(self) -> None:
        """Make the index when it is not there; once a process."""
        if self._is_ready:
            return
        held = self._cluster.mappings(self._alias)
        if not held:
            self._cluster.put_template(self._alias, mapping.template(self._alias))
            # One name, so that of two processes that come first one makes it.
            self._cluster.make(f"{self._alias}-{mapping.version()}-first", [self._alias])
        elif any(
            about.get("_meta", {}).get("version") != mapping.version() for about in held.values()
        ):
            raise OutdatedIndexError(
                f"Chỉ mục {self._alias} thuộc phiên bản khác của phần mềm.",
                "Chạy `sohoa reindex`: chỉ mục mới được lập bên cạnh rồi mới thay.",
            )
        self._is_ready = True


class AliasRebuild:
    """An index being filled that an alias will stand for."""

    def __init__(self, cluster: Cluster, alias: str) -> None:
        self._cluster = cluster
        self._alias = alias
        self._name = new_index(cluster, alias)

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries; searches need not see them yet."""
        publish(self._cluster, self._name, publications, is_alias=False)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of the record that is held of it."""
        self._cluster.refresh(self._name)
        yield from sequences(self._cluster, self._name)

    def serve(self) -> None:
        """Let the alias stand for this index alone; what it stood for is kept."""
        self._cluster.refresh(self._name)
        self._cluster.switch(self._alias, self._name)

    def abandon(self) -> None:
        """Forget what was built."""
        self._cluster.drop(self._name)


def publish(
    cluster: Cluster, index: str, publications: Sequence[Publication], *, is_alias: bool
) -> None:
    """Bring dossiers to an index under their records' numbers."""
    cluster.write(index, map(_action, publications), is_alias=is_alias)


def withdraw(cluster: Cluster, index: str, dossier: str) -> None:
    """Take a dossier out of an index, unless a newer record of it comes meanwhile."""
    version = cluster.version_of(index, dossier)
    if version is not None:
        cluster.delete(index, dossier, version)


def new_index(cluster: Cluster, alias: str) -> str:
    """Make an empty index that nothing stands for yet, and return its name."""
    cluster.put_template(alias, mapping.template(alias))
    name = f"{alias}-{mapping.version()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    cluster.make(name)
    return name


def _action(publication: Publication) -> Json:
    """Return what replaces a dossier's document, unless that has a higher number."""
    return {
        "_id": publication.dossier.id,
        "version": publication.sequence,
        "version_type": "external_gte",
        "_source": mapping.document(publication),
    }
