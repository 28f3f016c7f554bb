"""The foot of an office's paper: recipients on the left, signature and seal on the right."""

from __future__ import annotations

from random import Random

from tests.paper.fonts import Style
from tests.paper.letterhead import RIGHT_AXIS
from tests.paper.marks import seal, signature
from tests.paper.people import make_signer
from tests.paper.places import Signing
from tests.paper.sheet import LEFT, MM, Sheet, Span
from tests.paper.writer import Writer

CLOSING_HEIGHT = 46 * MM  # room that recipients and signature take


def closing(writer: Writer, signing: Signing, recipients: tuple[str, ...], random: Random) -> None:
    """Print recipients, authority, title, seal, signature and name, and move below."""
    writer.need(CLOSING_HEIGHT)
    top = writer.y + 14
    bottom = _recipients(writer.sheet, recipients, top) if recipients else top
    name_at = sign(writer.sheet, RIGHT_AXIS, top, signing, random)
    writer.y = max(bottom, name_at) + 6


def sign(sheet: Sheet, axis: float, top: float, signing: Signing, random: Random) -> float:
    """Print a signature block around an axis from ``top`` on; return the y of its last line."""
    y = top
    if signing.authority:
        sheet.values["authority"] = signing.authority
    for text in signing.lines:
        sheet.put(_title_line(text, is_title=text == signing.title), (axis, y), 13, "centre")
        y += 15.5
    signature(sheet, (axis - 20 * MM, y - 4), random)
    seal(sheet, (axis - 27 * MM, y + 20), random)
    y += 50
    sheet.put((Span(make_signer(random), Style.BOLD, "signer"),), (axis, y), 13.5, "centre")
    return y


def _title_line(text: str, *, is_title: bool) -> tuple[Span, ...]:
    if is_title:
        return (Span(text, Style.BOLD, "signer_title"),)
    head, _, body = text.partition(" ")
    return Span(head, Style.BOLD, "authority"), Span(f" {body}", Style.BOLD)


def _recipients(sheet: Sheet, recipients: tuple[str, ...], top: float) -> float:
    sheet.put((Span("Nơi nhận:", Style.BOLD_ITALIC),), (LEFT, top), 12)
    sheet.values["recipients"] = "; ".join(recipients)
    y = top
    for number, text in enumerate(recipients, start=1):
        y += 13.2
        end = "." if number == len(recipients) else ";"
        sheet.put((Span("- "), Span(text, field="recipients"), Span(end)), (LEFT, y), 11)
    return y
