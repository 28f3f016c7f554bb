"""A summary ends where its block of lines ends, whatever stands below it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.documents import assemble
from pipeline.documents.extract.dates import find_dates
from pipeline.model import Box, Word
from tests.support.typeset import LETTER, changed, page
from tests.unit.pipeline.test_documents_heads import MOTTO, NATIONAL

HEAD = [
    f"SỞ XÂY DỰNG || {NATIONAL}",
    f"Số: 47/TB-SXD || {MOTTO}",
    " || Hà Nội, ngày 20/02/2026",
    "",
]
TITLE = ["^THÔNG BÁO", "^Về việc kết quả giải quyết hồ sơ"]
WIDTH = 84  # letters of a full row


def full(text: str) -> str:
    """Return a row that reaches both margins, as justified text does."""
    return text + "a" * (WIDTH - len(text))


BODY = [full("Xây dựng thành phố Hà Nội thông báo cho các tổ chức và cá nhân có liên quan"),
        full("việc giải quyết hồ sơ: mọi hồ sơ được nhận ở một nơi, theo phiếu")]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "indent"),
    [
        (full("Để nâng cao chất lượng phục vụ tổ chức và cá nhân tại Bộ phận Một cửa của")[5:], 5),
        (full("MT, Vu TIỆ Phời-giah qua, các cấp và các ngành đã có nhiều cố gắng trong"), 0),
    ],
    ids=["an indented paragraph", "debris of a stamp"],
)
def test_a_body_without_a_rule_above_it_is_no_summary(first: str, indent: int) -> None:
    set_rows = page([*HEAD, *TITLE, first, *BODY * 4])
    row_top = next(
        line.words[0].box.top
        for line in set_rows.page.text.lines
        if line.words[0].text == first.split()[0]
    )

    def indented(word: Word) -> Word:
        box = word.box
        moved = Box(box.left + indent * LETTER, box.top, box.width, box.height)
        return replace(word, box=moved) if box.top == row_top else word

    text = changed(set_rows.page.text, indented)
    (document,) = assemble([set_rows._replace(page=replace(set_rows.page, text=text))])
    assert document.findings["summary"].value == "Về việc kết quả giải quyết hồ sơ"


def test_a_month_torn_apart_is_one_month() -> None:
    (found,) = find_dates("Ngày, tháng, năm sinh: 23/1 1/2002 Giới tính: Nam")
    assert found.day is not None
    assert found.day.isoformat() == "2002-11-23"
