"""What an error says: on one line, with its remedy, and with its page where it has one."""

from __future__ import annotations

import pytest

from pipeline.errors import ReadingError, about


def test_a_reason_is_message_and_remedy_on_one_line() -> None:
    assert ReadingError("Trang hỏng.", "Quét lại.").reason == "Trang hỏng. Quét lại."
    assert ReadingError("Trang hỏng.").reason == "Trang hỏng."


def test_the_page_stands_before_the_text_but_not_in_the_reason() -> None:
    with pytest.raises(ReadingError) as caught, about(7), about(3):
        raise ReadingError("Trang hỏng.", "Quét lại.")
    assert caught.value.page == 3
    assert str(caught.value) == "Trang 3: Trang hỏng. Quét lại."
    assert caught.value.reason == "Trang hỏng. Quét lại."
