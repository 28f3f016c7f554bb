"""What is suggested or counted as a facet holds nothing that would be masked beside it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.model import Dossier, IndexEntry, PageState, Publication
from search.text.beginnings import suggestible
from search.text.entries import dossier_entry
from tests.unit.search.understood import HASHING

PERSONAL = [
    "Khai sinh ông A sinh ngày 01/02/1990",
    "V/v hộ chiếu số B1234567 của ông A",
    "CCCD O79O9OOO1234",
    "CCCD 079–090–001–234",
    "Giấy tờ của bà B, thường trú tại số 12 ngõ 5 phố Huế, phường Láng, Hà Nội",
    "số tài khoản 12345678",
    "Công ty An Phú ĐT 0903123456",
    "079,090,001,234",
]


@pytest.mark.parametrize("value", PERSONAL)
def test_it_is_neither_suggested_nor_counted(value: str) -> None:
    assert not any(suggestible(None, value, value, value))
    page = IndexEntry(1, "", PageState.READ, value, {"issuer": value})
    dossier = Dossier("0a", "tệp.pdf", datetime(2026, 3, 2, tzinfo=UTC), unit=value)
    values = dossier_entry(Publication(dossier, 1, (page,)), HASHING).values
    assert not {"unit", "document_type", "issuer"} & values.keys()


def test_names_codes_and_offices_are() -> None:
    code, unit = "H26.19.25-260105-0007", "Phường Cầu Giấy"
    title = "Nguyễn Thị Mẫu · Đăng ký khai sinh"
    assert suggestible(code, unit, "1.004873", title) == (code, unit, "1.004873", title)
