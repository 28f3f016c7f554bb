"""What a query may ask at all, whatever the form of the index."""

from __future__ import annotations

from pipeline.errors import QueryError
from pipeline.model import Query
from pipeline.vietnamese import nfc
from search.records import FACETS


def check(query: Query) -> None:
    """Check the names of filters, and the numbers.

    Raises:
        QueryError: a filter is unknown, or the limit or offset is negative.
    """
    if query.limit < 0 or query.offset < 0:
        raise QueryError("Số kết quả và vị trí bắt đầu không được âm.", "Hãy nhập số từ 0 trở lên.")
    if unknown := sorted(set(query.filters) - set(FACETS)):
        raise QueryError(
            f"Không có bộ lọc “{unknown[0]}”.", f"Các bộ lọc có thể dùng: {', '.join(FACETS)}."
        )


def chosen(filters: dict[str, str]) -> dict[str, str]:
    """Return the filters that choose something, their values as the index keeps them."""
    return {
        name: nfc(value.encode(errors="replace").decode())
        for name, value in filters.items()
        if value
    }
