"""Judges whether a page is read, blank, doubtful or not read, with reasons in Vietnamese."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from pipeline.documents import PageOfDossier
from pipeline.documents.secrecy import find_secrecy_mark
from pipeline.model import CERTAIN, Line, Page, PageMeasures, PageSign, PageState, PageText
from pipeline.model.page import FEW_WORDS, SignKind

_DOUBTFUL = 0.70  # mean confidence; printed pages have 0.85 and more, handwriting and noise 0.3-0.6
_UNREAD = 0.45
_UNPROVEN = CERTAIN - 0.05  # of a figure on a page of figures: one in twenty is another one
_MANY, _FEW_WITH_LETTERS = 30, 0.15  # words; share of them with letters on a page of figures
_FIGURES_ONLY = (
    "Trang hầu như chỉ có chữ số, không có chữ để đối chiếu; số nào cũng cần người xem lại."
)


class Judgement(NamedTuple):
    """State of a page, the words that may be shown and searched, and reasons in Vietnamese."""

    state: PageState
    text: PageText
    reasons: tuple[str, ...] = ()


class Doubts(NamedTuple):
    """What makes a page doubtful, however surely its words were read."""

    damaged: bool  # part of the page's image data could not be decoded
    is_struck: bool  # a line as dark as ink ran through words, which may be struck out
    is_proven: bool  # false when the words are a text layer's that nothing confirms
    is_recognised: bool = True  # false when the words are a text layer's


def judge(measures: PageMeasures, text: PageText, doubts: Doubts) -> Judgement:
    """Judge a page by the mean confidence of its words, weighted by letters.

    A page below the lower threshold keeps no words: handwriting and dirt are read as noise. The
    thresholds are confidences of Tesseract, measured on printed and on handwritten pages.

    Args:
        measures: the page's measures, of which ``blank`` decides.
        text: the words that were recognised on the page.
        doubts: reasons to look at the page.
    """
    if measures.blank:
        return Judgement(PageState.BLANK, PageText())
    if not text.words:
        reason = "Không nhận được chữ in nào; có thể chỉ có dấu, chữ ký, chữ viết tay hoặc hình."
        return Judgement(PageState.NOT_READ, PageText(), (reason,))
    if doubts.is_proven and text.confidence < _UNREAD:
        reason = "Không đọc được: chữ viết tay, quá mờ hoặc không phải chữ."
        return Judgement(PageState.NOT_READ, PageText(), (reason,))
    reason = _doubt(text.confidence, doubts)
    if not reason and doubts.is_recognised and _is_figures(text):
        return Judgement(PageState.READ, _uncertain(text), (_FIGURES_ONLY,))
    return Judgement(
        PageState.DOUBTFUL if reason else PageState.READ, text, (reason,) * bool(reason)
    )


def _doubt(confidence: float, doubts: Doubts) -> str:
    """Say why a person should look at a page that was read; empty when nobody need."""
    if not doubts.is_proven:
        return (
            "Chữ của trang không phải chữ quốc ngữ, máy không đọc kiểm chứng được; giữ lớp chữ có "
            "sẵn trong tệp, cần người xem lại."
        )
    if confidence < _DOUBTFUL:
        return f"Đọc không chắc (độ tin cậy {confidence:.0%}), cần người xem lại."
    if doubts.is_struck:
        return "Có nét kẻ ngang qua chữ, có thể chữ đã bị gạch bỏ; cần người xem lại."
    if doubts.damaged:
        return "Dữ liệu hình của trang bị lỗi, có thể thiếu nội dung; nên quét lại."
    return ""


def _is_figures(text: PageText) -> bool:
    """Tell whether hardly a word of a page has letters; nothing then proves what was read."""
    with_letters = sum(any(map(str.isalpha, word.text)) for word in text.words)
    return len(text.words) >= _MANY and with_letters < _FEW_WITH_LETTERS * len(text.words)


def _uncertain(text: PageText) -> PageText:
    lines = (
        tuple(replace(word, confidence=min(word.confidence, _UNPROVEN)) for word in line.words)
        for line in text.lines
    )
    return PageText(tuple(map(Line, lines)))


def as_separator(page: Page) -> Page:
    """Return a page with bars that part papers; where nothing else is on it, as blank.

    Args:
        page: the page as it was read.
    """
    signs = (*page.signs, PageSign(SignKind.SEPARATOR, "patch"))
    is_paper = len(page.text.words) > FEW_WORDS or find_secrecy_mark(PageOfDossier(1, page))
    if is_paper:  # a secret paper with bars on it is still secret
        return replace(page, signs=signs)
    return replace(page, signs=signs, state=PageState.BLANK, text=PageText(), reasons=())
