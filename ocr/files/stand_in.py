"""Recognises pages that only stand in for others: covers of portfolios, forms not yet rendered.

Adobe's programs write them for viewers that cannot show the real thing. Such a page is no paper:
taken for one, it would hide that the paper is missing.
"""

from __future__ import annotations

import re

from pipeline.errors import UnsupportedFormatError

_WAIT_WORDS, _COVER_WORDS = 150, 60  # at most; Adobe's own have 90 and 17
_VIEWER = re.compile(r"adobe|acrobat|pdf viewer|foxit|trình (?:xem|đọc) pdf", re.IGNORECASE)
_WAIT = re.compile(
    r"please wait|eventually replaced by the proper contents|vui lòng (?:chờ|đợi)"
    r"|veuillez patienter|bitte warten|por favor,? espere",
    re.IGNORECASE,
)
_COVER = re.compile(r"portfolio|pdf package|bộ tài liệu pdf|gói pdf", re.IGNORECASE)


def is_waiting_page(text: str) -> bool:
    """Tell whether a page says that its content is shown by a certain viewer only (XFA)."""
    is_short = len(text.split()) <= _WAIT_WORDS
    return is_short and bool(_WAIT.search(text) and _VIEWER.search(text))


def is_cover(text: str) -> bool:
    """Tell whether the page of a portfolio says nothing but that it is one."""
    is_short = len(text.split()) <= _COVER_WORDS
    return is_short and bool(_COVER.search(text) or _VIEWER.search(text))


def xfa_refusal() -> UnsupportedFormatError:
    """Return the refusal of a form whose content only Adobe's program shows."""
    return UnsupportedFormatError(
        "Đây là biểu mẫu điện tử XFA: trong tệp chỉ có trang chờ («Please wait…»), nội dung thật "
        "chỉ hiện ra trong Adobe Reader.",
        "Mở bằng Adobe Reader, in ra PDF (Print – Microsoft Print to PDF) rồi thả tệp PDF đó.",
    )


def xfa_remark() -> str:
    """Return what is said of a form whose pages Adobe's program makes anew when it is opened."""
    return (
        "Đây là biểu mẫu điện tử XFA: Adobe Reader có thể hiện nội dung khác với trang đã lưu. Mở "
        "bằng Adobe Reader để đối chiếu; nếu khác, in ra PDF rồi thả tệp PDF đó."
    )
