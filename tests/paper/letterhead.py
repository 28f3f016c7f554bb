"""The head of an office's paper: body, number, motto, date (NĐ 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.paper.fonts import Style
from tests.paper.places import Issuer
from tests.paper.sheet import LEFT, MM, RIGHT, Sheet, Span
from tests.paper.spelled import printed_date
from tests.paper.writer import Setting, Writer

LEFT_AXIS, RIGHT_AXIS = LEFT + 32 * MM, RIGHT - 46 * MM  # middles of the two columns
_SIZE, _ROW = 12.5, 15.5
_MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Reference:
    """What identifies a paper."""

    number: str  # zero-padded below 10
    symbol: str  # e.g. QĐ-UBND; may be empty
    issued: date
    about: str = ""  # of an official letter: “V/v …” under the number


def letterhead(writer: Writer, issuer: Issuer, reference: Reference, *, modern: bool) -> None:
    """Print the head and move below it.

    Args:
        writer: at the top of its first sheet.
        issuer: whose paper it is.
        reference: number, symbol and date.
        modern: whether the tone stands as in HOÀ rather than HÒA.
    """
    sheet, top = writer.sheet, writer.y
    row = top + _ROW * max(2, len(issuer.parent) + len(issuer.name)) + 22
    _body(sheet, issuer, top)
    _number(sheet, reference, row)
    below = _about(sheet, reference.about, row)
    country(sheet, RIGHT_AXIS, top, modern=modern)
    _place_and_date(sheet, issuer.place, reference.issued, row)
    writer.y = below + 14


def country(sheet: Sheet, axis: float, top: float, *, modern: bool) -> float:
    """Print state and motto around a vertical axis and return the y below them."""
    name = "CỘNG HOÀ" if modern else "CỘNG HÒA"
    sheet.put(
        (Span(f"{name} XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style.BOLD),), (axis, top + _ROW), 12, "centre"
    )
    sheet.put((Span(_MOTTO, Style.BOLD),), (axis, top + 2 * _ROW), 13, "centre")
    length = sheet.typeface.width(_MOTTO, Style.BOLD, 13)
    sheet.rule((axis - length / 2, top + 2 * _ROW + 4.5), length)
    return top + 2 * _ROW + 6


def _body(sheet: Sheet, issuer: Issuer, top: float) -> None:
    y = top
    for text in issuer.parent:
        y += _ROW
        sheet.put((Span(text, field="parent_issuer"),), (LEFT_AXIS, y), _SIZE, "centre")
    for text in issuer.name:
        y += _ROW
        sheet.put((Span(text, Style.BOLD, "issuer"),), (LEFT_AXIS, y), _SIZE, "centre")
    length = sheet.typeface.width(issuer.name[-1], Style.BOLD, _SIZE) * 0.45
    sheet.rule((LEFT_AXIS - length / 2, y + 4.5), length)


def _number(sheet: Sheet, reference: Reference, row: float) -> None:
    spans = [Span("Số: "), Span(reference.number, field="number")]
    if reference.symbol:
        spans += [Span("/"), Span(reference.symbol, field="symbol")]
    sheet.put(spans, (LEFT_AXIS, row), 13, "centre")


def _about(sheet: Sheet, about: str, row: float) -> float:
    if not about:
        return row
    sheet.values["summary"] = about
    spans = (Span("V/v "), Span(about, field="summary"))
    for words in sheet.wrap(spans, 68 * MM, 12):
        row += 15
        width = sheet.natural_width(words, 12)
        sheet.put_words(words, (LEFT_AXIS - width / 2, row), 12, sheet.gap(12))
    return row


def _place_and_date(sheet: Sheet, place: str, day: date, row: float) -> None:
    sheet.values["issued_on"] = day.isoformat()
    spans = (
        Span(place, Style.ITALIC, "place"),
        Span(", ", Style.ITALIC),
        Span(printed_date(day), Style.ITALIC, "issued_on"),
    )
    sheet.put(spans, (RIGHT_AXIS, row), 13, "centre")


def title(writer: Writer, kind: str, summary: str = "") -> None:
    """Print the type of a paper in capitals, its summary in bold, and the rule below."""
    sheet = writer.sheet
    sheet.type = sheet.values["document_type"] = kind
    writer.centred(kind.upper(), 14, name="document_type")
    if not summary:
        return
    sheet.values["summary"] = summary
    spans = (Span("Về việc ", Style.BOLD), Span(summary, Style.BOLD, "summary"))
    writer.paragraph(spans, _balanced(sheet, spans))
    writer.skip(2)
    sheet.rule(((LEFT + RIGHT) / 2 - 35, writer.y), 70)
    writer.skip(6)


def _balanced(sheet: Sheet, spans: Sequence[Span]) -> Setting:
    """Return a centred setting so narrow that no line of a summary stands almost alone."""
    inset, size = 28.0, 14.0
    width = RIGHT - LEFT - 2 * inset
    lines = len(sheet.wrap(spans, width, size))
    while len(sheet.wrap(spans, width - 8, size)) == lines and width > 120:
        width -= 8
    left = (LEFT + RIGHT - width) / 2
    return Setting(size, 1.2, after=4, indent=0, left=left, right=left + width, align="centre")
