"""A cluster of Elasticsearch; the only module that speaks to its client.

The client's own retries are off: an outage is an outage within seconds, and who calls decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import parallel_bulk

from pipeline.errors import QueryError, SearchUnavailableError
from pipeline.settings import SearchSettings

Json = dict[str, Any]

BULK_BYTES = 1 << 20  # of one request; a dossier that is larger goes alone
_WRITERS = 2  # requests on their way while further documents are made
_BULK_SECONDS = 120.0  # a large request is not an outage
_CONNECTIONS = 32
_PORT = 9200


class IndexMissingError(SearchUnavailableError):
    """The index, or the alias it is reached by, is not there."""


class Cluster:
    """What the index asks of Elasticsearch, in its terms. Nothing is asked when it is opened."""

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
        """Answer a search.

        Raises:
            QueryError: the server does not understand it.
        """
        with _translated():
            return self._asked(self._client.search(index=index, **_named(body)).body)

    def searches(self, index: str, bodies: Sequence[Json]) -> list[Json]:
        """Answer several searches in one request."""
        lines: list[Json] = []
        for body in bodies:
            lines += [{}, body]
        with _translated():
            answers = self._client.msearch(index=index, searches=lines).body["responses"]
        for answer in answers:
            if "error" in answer:
                raise _refused(answer["error"].get("type", ""), answer["status"])
        return [self._asked(answer) for answer in answers]

    def write(self, index: str, actions: Iterable[Json], *, is_alias: bool) -> None:
        """Index documents, by bytes; that a newer version is there is no error.

        Args:
            index: its name, or the alias it is reached by.
            actions: a document each, as the client's bulk helpers want it.
            is_alias: whether it must be an alias, behind which searches see the documents at once.
        """
        with _translated():
            answers = parallel_bulk(
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
            failed = [item["index"] for is_taken, item in answers if not is_taken]
        refused = [refusal for item in failed for refusal in _refusal(item)]
        if refused:  # the others are in the index
            raise refused[0]

    def version_of(self, index: str, key: str) -> int | None:
        """Return the version of a document; None when there is none."""
        with _translated():
            try:
                return int(self._client.get(index=index, id=key, source=False).body["_version"])
            except NotFoundError as error:
                if "found" not in error.body:
                    raise
                return None

    def delete(self, index: str, key: str, version: int) -> None:
        """Delete a document, unless it is newer or gone."""
        with _translated():
            try:
                self._client.delete(
                    index=index, id=key, version=version, version_type="external_gte", refresh=True
                )
            except ApiError as error:
                if error.status_code not in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
                    raise

    def put_template(self, name: str, body: Json) -> None:
        """Keep an index template."""
        with _translated():
            self._client.indices.put_index_template(name=name, **_named(body))

    def make(self, index: str, aliases: Sequence[str] = ()) -> None:
        """Make an index after its template; one that is there stays."""
        with _translated():
            try:
                self._client.indices.create(index=index, aliases={alias: {} for alias in aliases})
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def mappings(self, pattern: str) -> dict[str, Json]:
        """Return the mappings of the indexes that a name or alias stands for; none is fine."""
        with _translated():
            try:
                found = self._client.indices.get_mapping(index=pattern).body
            except NotFoundError:
                return {}
        return {name: about["mappings"] for name, about in found.items()}

    def switch(self, alias: str, index: str) -> None:
        """Let an alias stand for this index alone, at once; what it stood for is kept."""
        actions: list[Json] = [{"remove": {"index": f"{alias}-*", "alias": alias}}]
        if not self.mappings(alias):
            actions = []
        actions.append({"add": {"index": index, "alias": alias}})
        with _translated():
            self._client.indices.update_aliases(actions=actions)

    def refresh(self, index: str) -> None:
        """Let searches see all that was written."""
        with _translated():
            self._client.options(request_timeout=_BULK_SECONDS).indices.refresh(index=index)

    def drop(self, index: str) -> None:
        """Delete an index; one that is not there is fine."""
        with _translated():
            self._client.indices.delete(index=index, ignore_unavailable=True)

    def bytes_of(self, index: str) -> int:
        """Return what an index takes on disk."""
        with _translated():
            stats = self._client.indices.stats(index=index, metric="store").body
        return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])

    def server_version(self) -> str:
        """Return the version of the server."""
        with _translated():
            return str(self._client.info().body["version"]["number"])

    def lacks(self, pattern: str, needed: Sequence[str]) -> list[str]:
        """Return which of these rights the user lacks on indexes of this name."""
        with _translated():
            wanted: list[Json] = [{"names": [pattern], "privileges": list(needed)}]
            answer = self._client.security.has_privileges(index=wanted).body
        held = answer["index"][pattern]
        return [right for right in needed if not held[right]]

    @staticmethod
    def _asked(answer: Json) -> Json:
        """Return an answer that is whole: counts of half the shards would be no counts."""
        if answer.get("timed_out") or answer["_shards"]["failed"]:
            raise _away("shards")
        return answer


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the client says into our own errors."""
    try:
        yield
    except ApiError as error:
        raise _refused(str(error.error), error.status_code) from error
    except TransportError as error:
        raise _away(type(error).__name__) from error


def _refused(why: str, status: int) -> SearchUnavailableError | QueryError:
    if status == HTTPStatus.BAD_REQUEST:
        return QueryError("Máy tìm kiếm không hiểu câu hỏi này.", "Hãy tìm bằng ít từ hơn.")
    if status == HTTPStatus.NOT_FOUND:
        return IndexMissingError("Chưa có chỉ mục tìm kiếm.", "Chạy `sohoa reindex`.")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return SearchUnavailableError(
            "Elasticsearch không cho phép tài khoản này.",
            "Kiểm tra SOHOA_SEARCH__USER, SOHOA_SEARCH__PASSWORD và quyền của tài khoản.",
        )
    return _away(why)


def _away(why: str) -> SearchUnavailableError:
    return SearchUnavailableError(
        f"Máy tìm kiếm không dùng được ({why}).",
        "Kiểm tra máy chủ Elasticsearch; `sohoa doctor` nói rõ hơn. Sẽ tự thử lại.",
    )


def _refusal(item: Json) -> list[EntryRefusedError]:
    """Return why an entry is refused, if it is; that a newer record is there is no refusal."""
    status = item["status"]
    if "error" not in item or status == HTTPStatus.CONFLICT:
        return []
    why = item["error"].get("type", "")
    if status != HTTPStatus.BAD_REQUEST:
        raise _refused(why, status)
    remedy = "Chạy `sohoa reindex`; nếu vẫn lỗi, báo người vận hành."
    return [EntryRefusedError(f"Chỉ mục không nhận hồ sơ {item['_id']} ({why}).", remedy)]


class EntryRefusedError(SearchUnavailableError):
    """The index does not take an entry as it is; the same again does not help."""

    retryable = False


def _named(body: Json) -> Json:
    """Return a body as the client's arguments, whose names may not begin with an underscore."""
    return {("source" if name == "_source" else name): value for name, value in body.items()}


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.port else parts._replace(netloc=f"{parts.netloc}:{_PORT}").geturl()
