"""Number, symbol, date and place of a head, and how far each may be believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.documents.confusions import DIGIT_LIKE, as_digits
from pipeline.documents.digit_trust import DOUBT, Span, trust
from pipeline.documents.extract.dates import find_issue_date, find_place
from pipeline.documents.extract.header import Head
from pipeline.documents.fuzzy import plain
from pipeline.documents.gazetteer import restore
from pipeline.documents.rows import PageRows, Row, Token, finding
from pipeline.documents.symbols import (
    COPIES,
    KNOWN,
    TYPE_OF_ABBREVIATION,
    tidy_symbol,
    with_dash,
)
from pipeline.model import CERTAIN, Finding

_UNKNOWN = CERTAIN - 0.05  # a symbol in good form, of an agency nobody listed
_CONFIRMED = 0.9  # a symbol that agrees with the title and with the agency's name
_LABEL = re.compile(r"^\W*(?:luật\s+)?s[ốôoóồổỗò6]\s*[:.;„]*\s*", re.IGNORECASE)
_SLOT = re.compile(
    rf"[\s.:_]*(?P<number>[{DIGIT_LIKE}](?:\s?[{DIGIT_LIKE}]){{0,5}}[a-z]?)\s*"
    r"(?:/\s*(?P<year>(?:19|20)\d{2})\s*)?/?\s*"
)
_SYMBOL = re.compile(
    r"[A-ZĐ](?:\s?Đ){0,2}[A-Za-zĐđ]{0,11}\d{0,3}(?:\s?[-&.]\s?[A-ZĐƯ][A-Za-zĐƯđư0-9]*)*"
)
_BARE = re.compile(r"\W*(?P<number>\d{1,6})(?:\s?/\s?(?P<year>(?:19|20)\d{2}))?[\s.]*")
_DATED = re.compile(r"(?:ngay thang nam )?(?:dang ky|cap)\b")
_PARTY = re.compile(
    rf"(?P<number>[{DIGIT_LIKE}]{{1,5}})\s?-\s?(?P<symbol>[A-ZĐ][A-Za-zĐ]{{1,3}}\s?/\s?[A-ZĐ]+)"
)


def numbering(head: Head, abbreviation: str | None) -> dict[str, Finding]:
    """Return ``number`` and ``symbol`` of a head; what cannot be read is absent, not invented.

    Args:
        head: the head of the first page.
        abbreviation: what symbols of this type of paper begin with (QĐ for a Quyết định), if any.
    """
    if head.number is None:
        return {}
    span = Span.of(head.number)
    label = _LABEL.match(span.text)
    begin = label.end() if label else 0
    slot = _PARTY.match(span.text, begin)
    if slot:
        symbol = slot.span("symbol")
    else:
        symbol = _find_symbol(span.text, begin)
        slot = _SLOT.fullmatch(span.text, begin, symbol[0])
    if symbol == (0, 0):
        return _bare_number(head, span, begin)
    found = {"symbol": _symbol(head, span, symbol, abbreviation)}
    if slot and as_digits(slot["number"]).strip("0"):
        found["number"] = _number(head, span, slot, found["symbol"].confidence)
    return found


def dating(head: Head) -> dict[str, Finding]:
    """Return ``issued_on`` (ISO) and ``place`` of a head."""
    return next((found for row in head.right if (found := _dated(head.sheet, row))), {})


def dating_below(sheets: Sequence[PageRows]) -> dict[str, Finding]:
    """Return date and place of a citizen paper, which stand over its signature or have a label."""
    for sheet in reversed(sheets):
        for row in reversed(sheet.rows):
            date = find_issue_date(row.text)
            if date and date.day and (find_place(row.text) or _DATED.match(plain(row.text))):
                return _dated(sheet, row)
    return {}


def _bare_number(head: Head, span: Span, begin: int) -> dict[str, Finding]:
    """Return the number of a citizen paper, which may stand without a symbol: ``Số: 441/2025``."""
    slot = _BARE.fullmatch(span.text, begin)
    return {"number": _number(head, span, slot, CERTAIN)} if slot and head.below else {}


def _dated(sheet: PageRows, row: Row) -> dict[str, Finding]:
    span, found = Span.of(row), {}
    if place := find_place(span.text):
        found["place"] = _place(sheet, span, place)
    if (date := find_issue_date(span.text)) and date.day:
        tokens = span.between(date.start, date.end)
        sure = trust(tokens, row.tokens, sheet.source)
        sure = min(sure, DOUBT) if date.doubtful else sure
        found["issued_on"] = finding(sheet, date.day.isoformat(), tokens, sure)
    return found


def _find_symbol(text: str, begin: int) -> tuple[int, int]:
    """Return where the symbol stands: after a slash, of a known kind if there is a choice."""
    spans = []
    for slash in re.finditer(r"/\s*", text[begin:]):
        if match := _SYMBOL.match(text, begin + slash.end()):
            if _parts(tidy_symbol(match[0]))[0] in TYPE_OF_ABBREVIATION:
                return match.span()
            spans.append(match.span())
    if not spans and (match := _SYMBOL.search(text, begin)) and "-" in match[0]:
        return match.span()
    return spans[-1] if spans else (0, 0)


def _symbol(head: Head, span: Span, where: tuple[int, int], abbreviation: str | None) -> Finding:
    value = tidy_symbol(span.text[slice(*where)])
    if abbreviation is not None:
        value = with_dash(value, abbreviation)
    tokens = span.between(*where)
    read = min(token.confidence for token in tokens)
    glued = any(char.isalnum() for char in tokens[0].text.partition("/")[0])
    if len(tokens) == 1 and glued and all(part in KNOWN for part in _parts(value)):
        read = max(read, CERTAIN)  # the reader's doubt is about what is glued to it
    form = _form(value, head, abbreviation)
    if form >= _CONFIRMED and abbreviation is not None:
        read = max(read, _CONFIRMED)  # title and agency say the same
    if re.search(r"[^\W\d_]", span.text[where[1] :]):
        form = min(form, DOUBT)  # more stands behind it: cut off, or not a symbol
    return finding(head.sheet, value, tokens, min(form, read), span.text[slice(*where)])


def _number(head: Head, span: Span, slot: re.Match[str], symbol: float) -> Finding:
    raw = slot["number"]
    tokens = span.between(*slot.span("number"))
    sure = trust(tokens, head.tokens, head.sheet.source)
    if not raw.isdigit() or symbol < _UNKNOWN:
        sure = min(sure, DOUBT)
    number = finding(head.sheet, as_digits(raw), tokens, sure, raw)
    year = slot.groupdict().get("year")
    return replace(number, value=f"{number.value}/{year}") if year else number


def _form(symbol: str, head: Head, abbreviation: str | None) -> float:
    """Judge a symbol's form: its first part known, its agency known or spelled in the head."""
    first, *rest = _parts(symbol)
    if abbreviation is not None and first != abbreviation:
        return DOUBT
    kind = first in TYPE_OF_ABBREVIATION or first in COPIES
    if kind and not rest:
        return _UNKNOWN  # whose? the agency is missing
    agency = rest[0] if kind else first
    letters = agency.rstrip("0123456789").upper()
    if agency in KNOWN or (len(letters) > 1 and letters in _initials(head)):
        return 0.97
    return _UNKNOWN if kind or len(letters) > 1 else DOUBT


def _initials(head: Head) -> str:
    """Return the initials of the agencies: Trung tâm Phục vụ … gives TTPV."""
    words = restore([token.text for row in head.agencies for token in row.tokens]).words
    return "".join(word[0] for word in words if word[0].isalnum()).upper()


def _parts(symbol: str) -> list[str]:
    return re.split(r"[-/&]", symbol)


def _place(sheet: PageRows, span: Span, place: tuple[str, int, int]) -> Finding:
    text, start, end = place
    tokens: list[Token] = span.between(start, end)
    restored = restore(text.split())
    sure = min(token.confidence for token in tokens)
    if all(restored.known):
        sure = max(sure, _CONFIRMED)
    return finding(sheet, restored.text.strip(" ,."), tokens, sure)
