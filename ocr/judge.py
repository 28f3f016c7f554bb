"""The opinion on a page: read, blank, doubtful or not read, with reasons for people."""

from __future__ import annotations

from pipeline.model import PageMeasures, PageState, PageText

DOUBT = 0.70  # mean confidence; clean pages have 0.90, handwriting and noise 0.3-0.6
_UNREAD = 0.40


def judge(measures: PageMeasures, text: PageText) -> tuple[PageState, tuple[str, ...]]:
    """Return what became of a page, and why if it is not simply read."""
    if measures.blank:
        return PageState.BLANK, ()
    if not text.words:
        reason = "Không nhận được chữ in nào; có thể chỉ có dấu, chữ ký, chữ viết tay hoặc hình."
        return PageState.NOT_READ, (reason,)
    confidence = text.confidence
    if confidence < _UNREAD:
        reason = "Không đọc được: chữ viết tay, quá mờ hoặc không phải chữ."
        return PageState.NOT_READ, (reason,)
    if confidence < DOUBT:
        reason = f"Đọc không chắc (độ tin cậy {confidence:.0%}), cần người xem lại."
        return PageState.DOUBTFUL, (reason,)
    return PageState.READ, ()
