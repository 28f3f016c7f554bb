"""Dates and numbers as offices print them, in digits and in words.

Zero padding is that of NĐ 30/2020/NĐ-CP: days below 10 and the months 1 and 2; numbers of papers
below 10.
"""

from __future__ import annotations

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def printed_date(day: date) -> str:
    """Return e.g. “ngày 05 tháng 01 năm 2026”."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(day: date) -> str:
    """Return e.g. “05/01/2026”."""
    return f"{day:%d/%m/%Y}"


def spelled_date(day: date) -> str:
    """Return e.g. “Ngày năm tháng một năm hai nghìn không trăm hai mươi sáu”."""
    month = "tư" if day.month == 4 else spelled(day.month)
    return f"Ngày {spelled(day.day)} tháng {month} năm {spelled(day.year)}"


def spelled(number: int) -> str:
    """Return a number from 0 to 9999 in words."""
    if number >= 1000:
        rest = number % 1000
        head = f"{_DIGITS[number // 1000]} nghìn"
        return head if not rest else f"{head} {_hundreds(rest, padded=True)}"
    return _hundreds(number, padded=False)


def dotted(number: int) -> str:
    """Return e.g. “1.245”."""
    return f"{number:,}".replace(",", ".")


def percent(share: float) -> str:
    """Return e.g. “95,3%” for 0.953."""
    return f"{share * 100:.1f}%".replace(".", ",")


def _hundreds(number: int, *, padded: bool) -> str:
    hundreds, rest = divmod(number, 100)
    head = f"{_DIGITS[hundreds]} trăm" if hundreds or padded else ""
    if not rest:
        return head or _DIGITS[0]
    return f"{head} {_tens(rest, after=bool(head))}".strip()


def _tens(number: int, *, after: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[ones]}" if after else _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if not ones:
        return head
    last = {5: "lăm", 1: "mốt" if tens > 1 else "một"}.get(ones, _DIGITS[ones])
    return f"{head} {last}"
