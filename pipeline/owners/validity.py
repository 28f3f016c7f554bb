"""Tells whether a paper still holds on a day, by its type.

What a rule needs must have been read with certainty; else nobody is told that a paper holds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pipeline import clock
from pipeline.model import Document, PaperValidity, ValidityState


class _Term(NamedTuple):
    """How many months after its issue a paper of a type holds."""

    months: int
    rule: str


_TERMS = {
    "Giấy xác nhận tình trạng hôn nhân": _Term(
        6, "6 tháng kể từ ngày cấp (NĐ 123/2015/NĐ-CP, Điều 23)"
    ),
}
_BY_RECEIVER = {  # the law names no term; whoever receives it often does
    "Phiếu lý lịch tư pháp": "Luật không định thời hạn chung; thường đòi cấp trong 6 tháng: "
    "hỏi nơi nhận.",
}
_CARDS = frozenset({"Thẻ căn cước", "Thẻ căn cước công dân"})
_CARD_RULE = "Đổi thẻ khi đủ 25, 40, 60 tuổi (Luật Căn cước 26/2023/QH15, Điều 21)"
_AS_OF_TODAY = "Xét theo hôm nay: xem hết hồ sơ mới biết theo ngày khác"
_AGES = (14, 25, 40, 60)
_EARLY = 2  # years before an age in which a card holds until the next one
_OLD_CARD, _OLD_CARD_ENDS = "Giấy chứng minh nhân dân", date(2024, 12, 31)
_OLD_CARD_RULE = "Hết hiệu lực từ 01/01/2025 (Luật Căn cước 26/2023/QH15, Điều 46)"
_LASTING = frozenset(
    {
        "Giấy khai sinh",
        "Giấy chứng nhận kết hôn",
        "Trích lục khai tử",
        "Trích lục kết hôn",
        "Giấy chứng nhận quyền sử dụng đất",
    }
)


def validity_on(document: Document, day: date) -> PaperValidity:
    """Return whether a paper holds on a day, until when, and by which rule.

    Args:
        document: the paper; its type and the certain ones of its fields count.
        day: the day on which somebody wants to use it.
    """
    kind, issued = document.type, _day(document, "issued_on")
    if kind in _LASTING:
        return PaperValidity(ValidityState.LASTING, rule="Không có thời hạn")
    if kind == _OLD_CARD:
        return _until(_OLD_CARD_ENDS, day, _OLD_CARD_RULE)
    if term := _TERMS.get(kind):
        if not issued:
            return PaperValidity(ValidityState.UNKNOWN, rule=f"Chưa rõ ngày cấp. {term.rule}")
        return _until(_months_later(issued, term.months), day, term.rule)
    if kind in _CARDS:
        return _card(issued, _day(document, "born_on"), day)
    return PaperValidity(ValidityState.UNKNOWN, rule=_BY_RECEIVER.get(kind, ""))


def tells_birthday(document: Document) -> bool:
    """Tell whether the last day of a paper is its owner's birthday, as of identity cards."""
    return document.type in _CARDS


def without_birthday(document: Document, shown: PaperValidity) -> PaperValidity:
    """Return what may be told of a paper to somebody who may not know its owner's birthday.

    Of papers that tell it the state is that of today, whatever day was asked for: of enough days
    the first on which it does not hold would be the birthday.

    Args:
        document: the paper.
        shown: its validity on the day that was asked for.
    """
    if not tells_birthday(document):
        return shown
    today = validity_on(document, clock.today())
    return PaperValidity(today.state, None, f"{today.rule}. {_AS_OF_TODAY}")


def _card(issued: date | None, born: date | None, day: date) -> PaperValidity:
    if not issued or not born:
        return PaperValidity(
            ValidityState.UNKNOWN, rule=f"Chưa rõ ngày sinh, ngày cấp. {_CARD_RULE}"
        )
    for age in _AGES:
        if issued < _months_later(born, 12 * (age - _EARLY)):
            return _until(_months_later(born, 12 * age), day, _CARD_RULE)
    return PaperValidity(ValidityState.LASTING, rule=_CARD_RULE)


def _until(last: date, day: date, rule: str) -> PaperValidity:
    state = ValidityState.VALID if day <= last else ValidityState.EXPIRED
    return PaperValidity(state, last, rule)


def _day(document: Document, name: str) -> date | None:
    """Return a certain day of a paper; None for a year alone, and for what is doubtful."""
    finding = document.findings.get(name)
    if finding is None or not finding.is_certain:
        return None
    try:
        return date.fromisoformat(finding.value)
    except ValueError:
        return None


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month, its last one where that month is shorter (BLDS 148)."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
