"""Repairs words in fixed places of letters and decisions: V/v, Nơi nhận:, (để b/c), Cổng TTĐT.

They are small, short and beside signs, so their marks are lost first, and statistics of syllables
know nothing of abbreviations. Each frame is closed: outside of it nothing is touched. A capital
that looks like its small letter is a small one after a small one: gỠ is gỡ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.vietnamese.language_model import is_attested
from pipeline.vietnamese.text import canonical, fold

Lines = Sequence[Sequence[str]]
Repaired = dict[tuple[int, int], str]  # by index of the line, and of the word in it

_SUBJECTS = frozenset("VW Vw V/w W/v Wv V/V V/y Vv V/v: Viv Vív".split())  # what V/v is read as
_RECIPIENTS = re.compile(r"[NM][oơớờóò][iíì]", re.IGNORECASE)  # what Nơi is read as
_PURPOSE = re.compile(r"\(([dđ][eéèẻẽẹêếềểễệ])")  # what (để is read as
_PURPOSES = frozenset("bc b/c th t/h biết báo thực phối chỉ theo".split())
_RAISED = re.compile(r"(\W*)([^\W\d_]+)(\W*)")
_ALIKE = frozenset("CKOPSUVX")  # capitals that differ from small letters in size alone
_PORTAL = re.compile(r"TT[-–]?ĐT\w*")  # thông tin điện tử


def repaired_frames(lines: Lines) -> Repaired:
    """Return the words of such frames that were misread, mended.

    Args:
        lines: the page's words as read, in reading order, line by line.
    """
    found: Repaired = {}
    for row, texts in enumerate(lines):
        for at, (text, after) in enumerate(zip(texts, [*texts[1:], ""], strict=False)):
            mended = _mended(text, after, is_first=at == 0, is_last=at + 2 >= len(texts))
            if mended and mended != text:
                found[row, at] = mended
    return found


def _mended(text: str, after: str, *, is_first: bool, is_last: bool) -> str:
    """Return what a word was printed as before the one after it; empty where no frame is."""
    if is_first and text in _SUBJECTS and after.islower():
        return "V/v"
    if is_first and is_last and after == "nhận:" and _RECIPIENTS.fullmatch(text):
        return "Nơi"
    if _PURPOSE.fullmatch(text) and after.rstrip(".,;:)") in _PURPOSES:
        return "(để"
    is_portal = text.istitle() and fold(text) == "cong" and _PORTAL.match(after)
    return "Cổng" if is_portal else _lowered(text)


def _lowered(text: str) -> str:
    """Return a word with a capital after a small letter in small letters; empty for others."""
    match = _RAISED.fullmatch(text)
    if not match or not match[2][0].islower() or match[2].islower():
        return ""
    raised = {fold(char).upper() for char in match[2] if char.isupper()}
    is_word = raised <= _ALIKE and is_attested(canonical(match[2]))
    return match[1] + match[2].lower() + match[3] if is_word else ""
