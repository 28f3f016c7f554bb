"""Wraps the Elasticsearch client in the operations that the index needs, with our own errors.

The only module that imports the client. Its own retries are off: an outage shows within seconds,
and the caller decides whether to try again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from elasticsearch import (
    ApiError,
    BadRequestError,
    ConnectionTimeout,
    Elasticsearch,
    NotFoundError,
    TransportError,
)
from elasticsearch.helpers import parallel_bulk

from pipeline.settings import SearchSettings
from search.elastic.refusals import complete, entry_refusals, error_for, unavailable

Json = dict[str, Any]

BULK_BYTES = 4 << 20  # of one bulk request; a dossier that is larger goes alone
_WRITERS = 2  # bulk requests under way while further documents are built
_BULK_SECONDS = 120.0  # a large request is not an outage
_MERGE_SECONDS = 3600.0  # ten million pages
_CONNECTIONS = 32
_PORT = 9200
_NAMES = {"_source": "source", "from": "from_"}


class Cluster:
    """An Elasticsearch cluster; creating the object sends no request.

    All methods raise ``SearchUnavailableError`` when the cluster is away, ``IndexForbiddenError``
    when it refuses the account, ``IndexMissingError`` when the index does not exist.
    """

    def __init__(self, settings: SearchSettings) -> None:
        self.address = settings.url
        password = settings.password.get_secret_value()
        authority: Json = {"ca_certs": str(settings.ca_file)} if settings.ca_file else {}
        self._client = Elasticsearch(
            _with_port(settings.url),
            basic_auth=(settings.user, password) if settings.user else None,
            **authority,
            request_timeout=settings.timeout_seconds,
            connections_per_node=_CONNECTIONS,
            max_retries=0,
            retry_on_status=(),
            retry_on_timeout=False,
        )

    def search(self, index: str, body: Json) -> Json:
        """Run a search and return the response.

        Args:
            index: the name of an index, or of an alias.
            body: the request in Elasticsearch's query language.

        Raises:
            QueryError: the server does not understand the request.
        """
        with translated():
            return complete(self._client.search(index=index, **_named(body)).body)

    def multi_search(self, index: str, bodies: Sequence[Json]) -> list[Json]:
        """Run several searches in one request; return a response each, in order."""
        lines: list[Json] = []
        for body in bodies:
            lines += [{}, body]
        with translated():
            responses = self._client.msearch(index=index, searches=lines).body["responses"]
        for response in responses:
            if "error" in response:
                raise error_for(response["error"].get("type", ""), response["status"])
        return [complete(response) for response in responses]

    def frequencies(self, index: str, field: str, terms: list[str]) -> tuple[str, dict[str, int]]:
        """Return the name behind an alias, and how many documents of one shard have each term.

        Terms of none are left out. Documents that were deleted count until the server has tidied
        up after them. The field's analyser splits at spaces, and no term has one.
        """
        with translated():
            response = self._client.termvectors(
                index=index,
                doc={field: " ".join(terms)},
                fields=[field],
                term_statistics=True,
                field_statistics=False,
                positions=False,
                offsets=False,
            ).body
        about: dict[str, Json] = response["term_vectors"].get(field, {"terms": {}})["terms"]
        found = {term: of["doc_freq"] for term, of in about.items() if of.get("doc_freq")}
        return response["_index"], found

    def number_of_shards(self, index: str) -> int:
        """Return how many shards an index has."""
        with translated():
            told = self._client.indices.get_settings(index=index, name="index.number_of_shards")
        return int(told.body[index]["settings"]["index"]["number_of_shards"])

    def bulk_index(self, index: str, actions: Iterable[Json], *, is_alias: bool) -> None:
        """Index documents in bulk requests of bounded size; a newer version there is no error.

        Args:
            index: the name of an index, or the alias it is reached by.
            actions: a document each, in the form of the client's bulk helpers.
            is_alias: whether ``index`` is an alias; then searches see the documents at once.

        Raises:
            EntryRefusedError: a document does not fit the mapping; the others are indexed.
        """
        with translated():
            results = parallel_bulk(
                self._client.options(request_timeout=_BULK_SECONDS),
                actions,
                thread_count=_WRITERS,
                max_chunk_bytes=BULK_BYTES,
                raise_on_error=False,
                ignore_status=HTTPStatus.CONFLICT,
                index=index,
                require_alias=is_alias,
                refresh=is_alias,
            )
            failed = [item["index"] for is_indexed, item in results if not is_indexed]
        refused = [refusal for item in failed for refusal in entry_refusals(item)]
        if refused:
            raise refused[0]

    def document_version(self, index: str, key: str) -> int | None:
        """Return the version of the document with an id; None when there is none."""
        with translated():
            try:
                return int(self._client.get(index=index, id=key, source=False).body["_version"])
            except NotFoundError as error:
                if "found" not in error.body:
                    raise
                return None

    def delete_document(self, index: str, key: str, version: int) -> None:
        """Delete the document with an id, unless its version is newer; none there is fine."""
        with translated():
            try:
                self._client.delete(
                    index=index, id=key, version=version, version_type="external_gte", refresh=True
                )
            except ApiError as error:
                if error.status_code not in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
                    raise

    def put_template(self, name: str, body: Json) -> None:
        """Create or replace an index template."""
        with translated():
            self._client.indices.put_index_template(name=name, **_named(body))

    def create_index(self, index: str, aliases: Sequence[str] = ()) -> None:
        """Create an index from its template; one that exists is left as it is."""
        with translated():
            try:
                self._client.indices.create(index=index, aliases={alias: {} for alias in aliases})
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def mappings(self, pattern: str) -> dict[str, Json]:
        """Return the mappings of the indexes that a name, alias or wildcard matches, by name."""
        with translated():
            try:
                indexes = self._client.indices.get_mapping(index=pattern).body
            except NotFoundError:
                return {}
        return {name: about["mappings"] for name, about in indexes.items()}

    def point_alias(self, alias: str, index: str) -> None:
        """Point an alias at this index alone, in one step; the old index is not deleted."""
        actions: list[Json] = [{"remove": {"index": f"{alias}-*", "alias": alias}}]
        if not self.mappings(alias):
            actions = []
        actions.append({"add": {"index": index, "alias": alias}})
        with translated():
            self._client.indices.update_aliases(actions=actions)

    def refresh(self, index: str) -> None:
        """Make all that was indexed visible to searches."""
        with translated():
            self._client.options(request_timeout=_BULK_SECONDS).indices.refresh(index=index)

    def merge(self, index: str) -> None:
        """Make one segment of an index, which halves what a search costs.

        Who waits in vain has lost nothing: the server goes on.
        """
        with translated(), suppress(ConnectionTimeout):
            patient = self._client.options(request_timeout=_MERGE_SECONDS)
            patient.indices.forcemerge(index=index, max_num_segments=1)

    def delete_index(self, index: str) -> None:
        """Delete an index; none there is fine."""
        with translated():
            self._client.indices.delete(index=index, ignore_unavailable=True)

    def server_version(self) -> str:
        """Return the server's version, such as 8.16.1."""
        with translated():
            return str(self._client.info().body["version"]["number"])

    def roles(self) -> list[str]:
        """Return the names of the account's roles."""
        with translated():
            return list(self._client.security.authenticate().body["roles"])

    def missing_privileges(self, pattern: str, needed: Sequence[str]) -> list[str]:
        """Return those of the needed privileges that the account lacks on matching indexes."""
        with translated():
            question: list[Json] = [{"names": [pattern], "privileges": list(needed)}]
            response = self._client.security.has_privileges(index=question).body
        granted = response["index"][pattern]
        return [privilege for privilege in needed if not granted[privilege]]


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client's errors into our own."""
    try:
        yield
    except ApiError as error:
        raise error_for(str(error.error), error.status_code) from error
    except TransportError as error:
        raise unavailable(type(error).__name__) from error


def _named(body: Json) -> Json:
    """Return a request as the client's keyword arguments, which Python's words are not."""
    return {_NAMES.get(name, name): value for name, value in body.items()}


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.port else parts._replace(netloc=f"{parts.netloc}:{_PORT}").geturl()
