"""The errors that stand for what an Elasticsearch server refuses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pipeline.errors import QueryError, SearchUnavailableError

Json = dict[str, Any]


class IndexMissingError(SearchUnavailableError):
    """The index, or the alias it is reached by, does not exist."""


class IndexForbiddenError(SearchUnavailableError):
    """The server refuses this to the account; a retry helps once somebody gave it the right."""


class EntryRefusedError(SearchUnavailableError):
    """A document does not fit the index's mapping; a retry does not help."""

    retryable = False


def error_for(why: str, status: int) -> SearchUnavailableError | QueryError:
    """Return our error for an HTTP status; ``why`` is the server's name of its error."""
    if why == "cluster_block_exception":  # 429 or 403, which say something else of other errors
        return SearchUnavailableError(
            "Elasticsearch đang khóa ghi chỉ mục, thường vì ổ đĩa của nó gần đầy.",
            "Dọn chỗ trên máy chủ ấy, rồi bỏ khóa (`index.blocks.*`); tìm kiếm vẫn dùng được.",
        )
    if status == HTTPStatus.BAD_REQUEST:
        return QueryError("Máy tìm kiếm không hiểu câu hỏi này.", "Hãy tìm bằng ít từ hơn.")
    if status == HTTPStatus.NOT_FOUND:
        return IndexMissingError("Chưa có chỉ mục tìm kiếm.", "Chạy `sohoa reindex`.")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return IndexForbiddenError(
            "Elasticsearch không cho phép tài khoản này.",
            "Kiểm tra SOHOA_SEARCH__USER, SOHOA_SEARCH__PASSWORD; `sohoa prepare` đặt lại quyền.",
        )
    return unavailable(why)


def unavailable(why: str) -> SearchUnavailableError:
    """Return the error of a cluster that cannot be used now; ``why`` is one word."""
    return SearchUnavailableError(
        f"Máy tìm kiếm không dùng được ({why}).",
        "Kiểm tra máy chủ Elasticsearch; `sohoa doctor` nói rõ hơn. Sẽ tự thử lại.",
    )


def entry_refusals(item: Json) -> list[EntryRefusedError]:
    """Return the error of a document that was refused; a version conflict is no refusal."""
    status = item["status"]
    if "error" not in item or status == HTTPStatus.CONFLICT:
        return []
    why = item["error"].get("type", "")
    if status != HTTPStatus.BAD_REQUEST:
        raise error_for(why, status)
    remedy = "Chạy `sohoa reindex`; nếu vẫn lỗi, báo người vận hành."
    return [EntryRefusedError(f"Chỉ mục không nhận hồ sơ {item['_id']} ({why}).", remedy)]


def complete(response: Json) -> Json:
    """Return a response that all shards took part in: counts of half of them would be wrong."""
    if response.get("timed_out") or response["_shards"]["failed"]:
        raise unavailable("shards")
    return response
