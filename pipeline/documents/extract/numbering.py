"""Extracts number, symbol, date and place of a letterhead, each with its confidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.documents.confusions import DIGIT_LIKE, as_digits
from pipeline.documents.digit_trust import (
    CLEAN_DAY,
    DOUBT,
    RowText,
    digit_confidence,
    stand_as_print,
    without_tail,
)
from pipeline.documents.extract.dates import find_issue_date, find_place
from pipeline.documents.extract.header import Head
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.gazetteer import restore_marks
from pipeline.documents.rows import PageRows, Row, Token, make_finding
from pipeline.documents.symbols import (
    COPIES,
    KNOWN_ABBREVIATIONS,
    TYPE_OF_ABBREVIATION,
    normalise_symbol,
    with_dash,
)
from pipeline.model import CERTAIN, Finding, Source

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
_TWO = re.compile(
    rf"(?P<apart>[{DIGIT_LIKE}]+(?:\s[{DIGIT_LIKE}]+)+)\s?/"  # 417 418/QĐ-UBND
    r"|\d\s?(?:[-–+,;(]|và)\s?\d+\)?\s?/"  # 417; 418/QĐ-UBND and 417 (418)/QĐ-UBND
    r"|\d/(?!(?:19|20)\d\d\b)\d+\s?/"  # 417/418/QĐ-UBND, not 12/2025/QĐ-UBND
    r"|\d\s?/\s?[A-ZĐ][\w&.-]*[,;]?\s(?:\D{0,4}\s)?\d+\s?/\s?[A-ZĐ]"  # each with its symbol
)
_PARTY = re.compile(
    rf"(?P<number>[{DIGIT_LIKE}]{{1,5}})\s?-\s?(?P<symbol>[A-ZĐ][A-Za-zĐ]{{1,3}}\s?/\s?[A-ZĐ]+)"
)


def numbering(head: Head, abbreviation: str | None) -> dict[str, Finding]:
    """Return ``number`` and ``symbol`` of a letterhead; what cannot be read is left out.

    Args:
        head: the letterhead of the paper's first page.
        abbreviation: the abbreviation with which symbols of this document type begin (QĐ for a
            Quyết định); None where the type has none.
    """
    if head.number is None:
        return {}
    row_text = RowText.of(head.number)
    label = _LABEL.match(row_text.text)
    begin = label.end() if label else 0
    slot = _PARTY.match(row_text.text, begin)
    if slot:
        symbol = slot.span("symbol")
    else:
        symbol = _find_symbol(row_text.text, begin)
        slot = _SLOT.fullmatch(row_text.text, begin, symbol[0])
    if symbol == (0, 0):
        return _bare_number(head, row_text, begin)
    found = {"symbol": _symbol(head, row_text, symbol, abbreviation)}
    is_one = slot is not None and not (_are_apart(slot["number"]) or has_two_numbers(head))
    if slot and is_one and as_digits(slot["number"]).strip("0"):
        found["number"] = _number(head, row_text, slot, found["symbol"].confidence)
    return found


def has_two_numbers(head: Head) -> bool:
    """Tell whether two numbers are printed where one belongs: nobody knows which of them holds.

    Figures that somebody wrote may stand apart and be one number, and so may letter-spaced ones.
    """
    if head.number is None:
        return False
    row_text = RowText.of(head.number)
    label = _LABEL.match(row_text.text)
    two = _TWO.search(row_text.text, label.end() if label else 0)
    if two is None or (two["apart"] and not _are_apart(two["apart"])):
        return False
    if two["apart"] and sum(len(each) > 1 for each in two["apart"].split()) > 1:
        return True
    tokens = list(map(without_tail, row_text.tokens_between(*two.span())))
    level = [token for token in tokens if not re.search("[,;]$", token.text)]
    return head.page.source is not Source.OCR or stand_as_print(level, head.tokens)


def _are_apart(figures: str) -> bool:
    """Tell whether a blank parts figures that stand together: those of 4 1 7 do not."""
    parts = figures.split()
    return len(parts) > 1 and any(len(part) > 1 for part in parts)


def dating(head: Head) -> dict[str, Finding]:
    """Return ``issued_on`` (ISO) and ``place`` of a letterhead."""
    return next((found for row in head.right if (found := _dated(head.page, row))), {})


def dating_below(pages: Sequence[PageRows]) -> dict[str, Finding]:
    """Return ``issued_on`` and ``place`` of a citizen paper: above the signature, or by a label.

    Args:
        pages: the pages of one paper, in order; the last date on them counts.
    """
    for page in reversed(pages):
        for row in reversed(page.rows):
            date = find_issue_date(row.text)
            if date and date.day and (find_place(row.text) or _DATED.match(folded_text(row.text))):
                return _dated(page, row)
    return {}


def _bare_number(head: Head, row_text: RowText, begin: int) -> dict[str, Finding]:
    """Return the number of a citizen paper, which may stand without a symbol: ``Số: 441/2025``."""
    slot = _BARE.fullmatch(row_text.text, begin)
    return {"number": _number(head, row_text, slot, CERTAIN)} if slot and head.below else {}


def _dated(page: PageRows, row: Row) -> dict[str, Finding]:
    row_text, found = RowText.of(row), {}
    if place := find_place(row_text.text):
        found["place"] = _place(page, row_text, place)
    if (date := find_issue_date(row_text.text)) and date.day:
        tokens = row_text.tokens_between(date.start, date.end)
        sure = digit_confidence(tokens, row.tokens, page.source, CLEAN_DAY)
        sure = min(sure, DOUBT) if date.doubtful else sure
        found["issued_on"] = make_finding(page, date.day.isoformat(), tokens, sure)
    return found


def _find_symbol(text: str, begin: int) -> tuple[int, int]:
    """Return where the symbol begins and ends: after a slash, of a known type if possible."""
    spans = []
    for slash in re.finditer(r"/\s*", text[begin:]):
        if match := _SYMBOL.match(text, begin + slash.end()):
            if _parts(normalise_symbol(match[0]))[0] in TYPE_OF_ABBREVIATION:
                return match.span()
            spans.append(match.span())
    if not spans and (match := _SYMBOL.search(text, begin)) and "-" in match[0]:
        return match.span()
    return spans[-1] if spans else (0, 0)


def _symbol(
    head: Head, row_text: RowText, where: tuple[int, int], abbreviation: str | None
) -> Finding:
    value = normalise_symbol(row_text.text[slice(*where)])
    if abbreviation is not None:
        value = with_dash(value, abbreviation)
    tokens = row_text.tokens_between(*where)
    read = min(token.confidence for token in tokens)
    glued = any(char.isalnum() for char in tokens[0].text.partition("/")[0])
    if len(tokens) == 1 and glued and all(part in KNOWN_ABBREVIATIONS for part in _parts(value)):
        read = max(read, CERTAIN)  # the engine's doubt is about what is glued to it
    form = _form(value, head, abbreviation)
    if form >= _CONFIRMED and abbreviation is not None:
        read = max(read, _CONFIRMED)  # title and agency say the same
    if re.search(r"[^\W\d_]", row_text.text[where[1] :]):
        form = min(form, DOUBT)  # more stands behind it: cut off, or not a symbol
    return make_finding(head.page, value, tokens, min(form, read), row_text.text[slice(*where)])


def _number(head: Head, row_text: RowText, slot: re.Match[str], symbol: float) -> Finding:
    raw = slot["number"]
    tokens = row_text.tokens_between(*slot.span("number"))
    sure = digit_confidence(tokens, head.tokens, head.page.source)
    if not raw.isdigit() or symbol < _UNKNOWN:
        sure = min(sure, DOUBT)
    number = make_finding(head.page, as_digits(raw), tokens, sure, raw)
    year = slot.groupdict().get("year")
    return replace(number, value=f"{number.value}/{year}") if year else number


def _form(symbol: str, head: Head, abbreviation: str | None) -> float:
    """Return the confidence (0-1) of a symbol's form: known type, agency known or in the head."""
    first, *rest = _parts(symbol)
    if abbreviation is not None and first != abbreviation:
        return DOUBT
    kind = first in TYPE_OF_ABBREVIATION or first in COPIES
    if kind and not rest:
        return _UNKNOWN  # whose? the agency is missing
    agency = rest[0] if kind else first
    letters = agency.rstrip("0123456789").upper()
    if agency in KNOWN_ABBREVIATIONS or (len(letters) > 1 and letters in _initials(head)):
        return 0.97
    return _UNKNOWN if kind or len(letters) > 1 else DOUBT


def _initials(head: Head) -> str:
    """Return the initials of the agencies: Trung tâm Phục vụ … gives TTPV."""
    words = restore_marks([token.text for row in head.agencies for token in row.tokens]).words
    return "".join(word[0] for word in words if word[0].isalnum()).upper()


def _parts(symbol: str) -> list[str]:
    return re.split(r"[-/&]", symbol)


def _place(page: PageRows, row_text: RowText, place: tuple[str, int, int]) -> Finding:
    text, start, end = place
    tokens: list[Token] = row_text.tokens_between(start, end)
    restored = restore_marks(text.split())
    sure = min(token.confidence for token in tokens)
    if all(restored.known):
        sure = max(sure, _CONFIRMED)
    return make_finding(page, restored.text.strip(" ,."), tokens, sure)
