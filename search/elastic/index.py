"""Implements ``SearchIndex`` on Elasticsearch: one index behind an alias, rebuilt beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from pipeline.errors import SearchUnavailableError
from pipeline.model import Publication, Query, Results, Scope, Suggestion
from pipeline.ports.index import SUGGESTED
from search.elastic import documents, mapping
from search.elastic.client import Cluster, Json
from search.elastic.refusals import IndexForbiddenError, IndexMissingError
from search.elastic.searching import find, sequences
from search.elastic.suggesting import IndexValues
from search.query.parser import check
from search.query.suggesting import suggestions
from search.text.hidden_numbers import NumberHash

_T = TypeVar("_T")


class OutdatedIndexError(SearchUnavailableError):
    """The alias points at an index of another version, which must be rebuilt."""

    retryable = False


class ServedIndex:
    """The search index on a cluster; creating the object sends no request.

    Args:
        cluster: where the index is.
        alias: the name that it is reached by.
        hashing: hashes numbers of people.
        key: fingerprint of the key that the settings give, for all machines; empty for none.
    """

    def __init__(self, cluster: Cluster, alias: str, hashing: NumberHash, key: str = "") -> None:
        self._cluster = cluster
        self._alias = alias
        self._hashing = hashing
        self._key = key
        self._is_ready = False

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index has a newer record of it."""
        self._run(
            lambda: publish(self._cluster, self._alias, publications, self._hashing, is_alias=True)
        )

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier's entries; a dossier that is not indexed is fine."""
        self._run(lambda: withdraw(self._cluster, self._alias, dossier))

    def find(self, query: Query) -> Results:
        """Search; an empty text lists all dossiers that pass the filters, newest first.

        Raises:
            QueryError: a filter is unknown, or the limit or offset is negative.
        """
        check(query)
        started = time.perf_counter()
        results = self._run(lambda: find(self._cluster, self._alias, query, self._hashing))
        return replace(results, took_ms=(time.perf_counter() - started) * 1000)

    def suggest(
        self, text: str, scope: Scope | None = None, limit: int = SUGGESTED
    ) -> tuple[Suggestion, ...]:
        """Return values of dossiers of a scope that a typed text begins."""
        source = IndexValues(self._cluster, self._alias)
        return tuple(self._run(lambda: suggestions(source, text, scope, limit)))

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        yield from self._run(lambda: list(sequences(self._cluster, self._alias)))

    def clear(self) -> None:
        """Empty the index, whatever its version: a new one takes its place."""
        old = self._cluster.mappings(self._alias)
        new = new_index(self._cluster, self._alias, self._key)
        self._cluster.point_alias(self._alias, new)
        for name in old:
            self._cluster.delete_index(name)

    def rebuild(self) -> AliasRebuild:
        """Create an empty index beside the one that serves."""
        return AliasRebuild(self._cluster, self._alias, self._hashing, self._key)

    def remove_old(self) -> int:
        """Delete the indexes that the alias no longer points at; return how many there were."""
        serving = self._cluster.mappings(self._alias)
        existing = self._cluster.mappings(f"{self._alias}-*")
        old = [name for name in existing if name not in serving]
        for name in old:
            self._cluster.delete_index(name)
        return len(old)

    def _run(self, operation: Callable[[], _T]) -> _T:
        """Run an operation on the index; a second time when the index was deleted meanwhile."""
        self._prepare()
        try:
            return operation()
        except IndexMissingError:
            self._is_ready = False
            self._prepare()
            return operation()

    def _prepare(self) -> None:
        """Create the index when there is none, and check its version; once a process.

        Raises:
            OutdatedIndexError: the index was made by another version.
        """
        if self._is_ready:
            return
        existing = self._cluster.mappings(self._alias)
        if not existing:
            with _creating(f"Chưa có chỉ mục {self._alias}", "Chạy `sohoa prepare`."):
                first_index(self._cluster, self._alias, self._key)
        elif any(is_outdated(about, self._key) for about in existing.values()):
            raise OutdatedIndexError(
                f"Chỉ mục {self._alias} thuộc phiên bản khác của phần mềm, hoặc được lập bằng "
                "SOHOA_SEARCH__KEY khác.",
                "Chạy `sohoa reindex`: chỉ mục mới được lập bên cạnh rồi mới thay.",
            )
        self._is_ready = True


class AliasRebuild:
    """A new index that is filled beside the one that serves, then takes over the alias."""

    def __init__(self, cluster: Cluster, alias: str, hashing: NumberHash, key: str) -> None:
        self._cluster = cluster
        self._alias = alias
        self._hashing = hashing
        self._name = new_index(cluster, alias, key)

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries; searches may see them later."""
        publish(self._cluster, self._name, publications, self._hashing, is_alias=False)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        self._cluster.refresh(self._name)
        yield from sequences(self._cluster, self._name)

    def serve(self) -> None:
        """Point the alias at this index; the index that served until now is not deleted."""
        self._cluster.merge(self._name)
        self._cluster.refresh(self._name)
        self._cluster.point_alias(self._alias, self._name)

    def abandon(self) -> None:
        """Delete this index; the one that serves stays."""
        self._cluster.delete_index(self._name)


def publish(
    cluster: Cluster,
    index: str,
    publications: Sequence[Publication],
    hashing: NumberHash,
    *,
    is_alias: bool,
) -> None:
    """Index dossiers with their records' numbers as document versions.

    Args:
        cluster: where the index is.
        index: its name, or its alias.
        publications: the dossiers.
        hashing: hashes numbers of people.
        is_alias: whether ``index`` is an alias; then searches see the dossiers at once.
    """
    cluster.bulk_index(index, (_action(one, hashing) for one in publications), is_alias=is_alias)


def withdraw(cluster: Cluster, index: str, dossier: str) -> None:
    """Delete a dossier's document, unless a newer record of it comes meanwhile."""
    version = cluster.document_version(index, dossier)
    if version is not None:
        cluster.delete_document(index, dossier, version)


def first_index(cluster: Cluster, alias: str, key: str) -> None:
    """Create the template, and an empty index that the alias points at."""
    cluster.put_template(alias, mapping.template(alias, key))
    # A fixed name, so that of two processes that start at once only one creates it.
    cluster.create_index(f"{alias}-{mapping.version()}-first", [alias])


def is_outdated(about: Json, key: str) -> bool:
    """Tell from an index's mapping whether another version created it, or one with another key."""
    made_by = about.get("_meta", {})
    return (made_by.get("version"), made_by.get("key", "")) != (mapping.version(), key)


def new_index(cluster: Cluster, alias: str, key: str) -> str:
    """Create an empty index that no alias points at yet, and return its name."""
    name = f"{alias}-{mapping.version()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    remedy = "Chạy `sohoa reindex` bằng tài khoản quản trị (docs/deployment.md, «Roles»)."
    with _creating("Cần lập chỉ mục mới", remedy):
        cluster.put_template(alias, mapping.template(alias, key))
        cluster.create_index(name)
    return name


@contextmanager
def _creating(what: str, remedy: str) -> Iterator[None]:
    """Say who can create an index when this account may not."""
    try:
        yield
    except IndexForbiddenError as error:
        raise IndexForbiddenError(f"{what}; tài khoản này không được tạo.", remedy) from error


def _action(publication: Publication, hashing: NumberHash) -> Json:
    """Return the bulk action that replaces a dossier's document, unless its version is higher."""
    return {
        "_id": publication.dossier.id,
        "version": publication.sequence,
        "version_type": "external_gte",
        "_source": documents.document(publication, hashing),
    }
