"""Misread marks of printed titles are mended from the list of titles; nothing else is touched."""

from __future__ import annotations

import pytest

from ocr.page.title_marks import repaired_titles
from pipeline.documents.document_types import DOCUMENT_TYPES
from pipeline.vietnamese import canonical, fold

PRINTED = sorted(
    {title for kind in DOCUMENT_TYPES for title in kind.printed if len(title.split()) > 1}
)


@pytest.mark.parametrize("title", PRINTED)
def test_a_title_without_its_marks_gets_them_back(title: str) -> None:
    words = title.upper().split()
    read = [fold(word).upper() for word in words]
    mended = repaired_titles([["Số:", "12"], read])
    shown = [mended.get((1, column), word) for column, word in enumerate(read)]
    assert [canonical(word) for word in shown] == [canonical(word) for word in words]


@pytest.mark.parametrize("title", PRINTED)
def test_a_title_that_was_read_right_stays(title: str) -> None:
    assert repaired_titles([title.upper().split()]) == {}


def test_a_title_over_two_lines_is_one() -> None:
    lines = [["GIẦY", "TIẾP", "NHẬN", "HỒ", "SƠ"], ["VÀ", "HẸN", "TRA", "KẾT", "QUẢ."]]
    assert repaired_titles(lines) == {(0, 0): "GIẤY", (1, 2): "TRẢ"}


@pytest.mark.parametrize(
    "line",
    [
        "Giầy khai sinh",  # running text is the language model's
        "GIẦY DÉP DA",
        "GIẦY",
        "GIẦY TIẾP NHẬN HỒ SƠ VÀ HẸN",  # a part of a title may be anything
        "GIẦY KHAI - SINH",
        "ĐỖ TRÌNH LAM",
        "",
    ],
)
def test_what_is_no_title_is_left_alone(line: str) -> None:
    assert repaired_titles([line.split()]) == {}
