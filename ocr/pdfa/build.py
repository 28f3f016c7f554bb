"""Make a searchable PDF/A of a scan: its pages as they came, our words invisible over them.

Runs in a cell (``ocr.pdfa.worker``): whatever the file does to the libraries that open it happens
there. What comes out was read back: a PDF whose words are not ours is not handed over.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, pdfa

from ocr.pdfa import strip_text, verify
from ocr.pdfa.glyphless_font import InvisibleFont
from ocr.pdfa.source import PDF, PdfSource, open_source
from ocr.pdfa.text_layer import LaidWord, PageWords, content, onto_page
from pipeline.errors import ReadingError
from pipeline.model import Box

log = logging.getLogger(__name__)

_NAMED = 10  # pages that a reason lists
_WHY_PLAIN = {  # words of a finding of pikepdf's validator: what it means, in their order
    "jpeg 2000": "ảnh JPEG 2000",
    "embedded": "phông chữ không nằm trong tệp",
    "font": "phông chữ sai chuẩn",
    "cmyk": "màu CMYK",
    "colour": "hệ màu không được khai báo",
}
_MALFORMED = (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made."""

    source: Path
    media_type: str
    words: Path  # a line of JSON for each page
    target: Path
    level: str  # 1b, 2b, 3b
    title: str
    code: str
    seconds: float


def make(order: Order) -> dict[str, Any]:
    """Make the PDF and return what it is: its level, reasons, words, unequal pages.

    Raises:
        ReadingError: the file cannot be written on.
        RefusedScanError: poppler cannot read it, or what was made of it.
    """
    try:
        with ExitStack() as opened:
            source = open_source(order.source, order.media_type, opened)
            pages = _read_words(order.words)
            if len(pages) != len(source.pdf.pages):
                raise _unsuited(f"{len(source.pdf.pages)} pages, {len(pages)} read")
            shown = _write(source.pdf, pages)
            reasons = _save(source, order)
    except (pikepdf.PdfError, *_MALFORMED) as error:
        raise _unsuited(repr(error)) from error
    unequal = _unequal(order, pages, shown)
    level = "" if reasons else order.level
    if source.is_signed:
        reasons.append(_signed(order))
    return {
        "level": level,
        "words": sum(len(page.tokens) for page in pages if not page.is_own),
        "reasons": reasons if not unequal else [_not_ours(unequal)],
        "sound": not unequal,
    }


def _read_words(path: Path) -> list[PageWords]:
    pages = []
    with path.open(encoding="utf-8") as stream:
        for row in stream:
            said = json.loads(row)
            lines = tuple(
                tuple(LaidWord(text, Box(*box)) for text, *box in line)
                for line in said.pop("lines")
            )
            pages.append(PageWords(**said, lines=lines))
    return pages


def _write(pdf: pikepdf.Pdf, pages: Sequence[PageWords]) -> list[bool]:
    """Write the words on the pages; tell of each page whether it shows text of its own."""
    font = InvisibleFont(pdf)
    shown = []
    for page, words in zip(pdf.pages, pages, strict=True):
        strip_text.tidy(page)
        left = strip_text.strip(page, pdf, keeps_text=words.is_own)
        shown.append(left.has_text)
        if words.tokens and not words.is_own:
            _lay(pdf, page, words, font)
            page.contents_add(b"q\n" * (1 + left.overclosed), prepend=True)
            page.contents_add(b"\nQ" * (1 + left.unclosed) + b"\nq /SohoaWords Do Q")
    font.finish()
    return shown


def _lay(pdf: pikepdf.Pdf, page: pikepdf.Page, words: PageWords, font: InvisibleFont) -> None:
    """Put the words into a form of the page's resources."""
    box = _visible(page)
    layer = pdf.make_stream(content(words, onto_page(box, page.rotation, words), font.code))
    layer.Type, layer.Subtype = Name.XObject, Name.Form
    layer.BBox = [*box]
    layer.Resources = Dictionary(Font=Dictionary(F=font.reference))
    resources = page.obj["/Resources"]
    if "/XObject" not in resources:
        resources["/XObject"] = Dictionary()
    resources["/XObject"]["/SohoaWords"] = layer


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Return what viewers show of a page: its crop box, as far as it lies on the sheet."""
    x0, y0, x1, y1 = _sorted(page.cropbox)
    left, bottom, right, top = _sorted(page.mediabox)
    if min(x1, right) <= max(x0, left) or min(y1, top) <= max(y0, bottom):
        return left, bottom, right, top
    return max(x0, left), max(y0, bottom), min(x1, right), min(y1, top)


def _sorted(box: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (float(side) for side in box)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _save(source: PdfSource, order: Order) -> list[str]:
    """Save as PDF/A, or else as a plain PDF; return why it is none."""
    pdf = source.pdf
    pdf.Root.Lang = pikepdf.String("vi-VN")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = "".join(char for char in order.title if char.isprintable())
        meta["dc:identifier"] = order.code
        meta["xmp:CreatorTool"] = "Sohoa"
    if source.is_signed and order.level == "3b":
        _attach(source, order)
    try:
        pdfa.save(pdf, order.target, order.level, deterministic_id=True)
    except pdfa.PdfaError as error:
        log.info("no PDF/A: %s", error.report.summary(3))
        _disown(pdf)
        pdf.save(order.target, deterministic_id=True)
        return [_why_plain(error.report)]
    return []


def _attach(source: PdfSource, order: Order) -> None:
    """Attach the signed original: only there its signature holds."""
    original = pikepdf.AttachedFileSpec(
        source.pdf,
        order.source.read_bytes(),
        filename="ban-goc.pdf",
        mime_type=PDF,
        relationship=Name.Source,
    )
    source.pdf.attachments["ban-goc.pdf"] = original


def _disown(pdf: pikepdf.Pdf) -> None:
    """Take back the claim to be PDF/A."""
    if "/OutputIntents" in pdf.Root:
        del pdf.Root.OutputIntents
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        for claim in ("pdfaid:part", "pdfaid:conformance"):
            if claim in meta:
                del meta[claim]


def _unequal(
    order: Order, pages: Sequence[PageWords], shown: Sequence[bool]
) -> list[verify.Unequal]:
    found = verify.tokens_by_page(order.target, order.seconds)
    before: list[list[str]] = []
    if any(page.is_own for page in pages):
        before = verify.tokens_by_page(order.source, order.seconds)
    return verify.compare(pages, shown, found, before)


def _why_plain(report: pdfa.Report) -> str:
    found = [finding for finding in report.findings if finding.kind == "violation"]
    first = (found or report.findings)[0]
    said = f"{first.rule} {first.message}".lower()
    what = next((what for word, what in _WHY_PLAIN.items() if word in said), "cấu trúc của tệp")
    return f"Không thành PDF/A được vì {what} ({first.rule}). Tệp này là PDF thường, vẫn tìm được."


def _signed(order: Order) -> str:
    where = "đính kèm trong tệp này" if order.level == "3b" else "ở mục «Tệp gốc»"
    return f"Chữ ký số chỉ còn giá trị trên bản gốc, {where}."


def _not_ours(unequal: Sequence[verify.Unequal]) -> str:
    listed = "; ".join(
        f"trang {each.page} thiếu {each.missing} từ, thừa {each.extra} từ"
        for each in unequal[:_NAMED]
    )
    more = f"; và {len(unequal) - _NAMED} trang nữa" if len(unequal) > _NAMED else ""
    return f"Chữ lấy lại từ PDF không đúng chữ đã đọc: {listed}{more}. Dùng bản gốc."


def _unsuited(detail: str) -> ReadingError:
    log.warning("cannot be written on: %s", detail)
    return ReadingError("Cấu trúc tệp không cho phép ghi thêm lớp chữ.", "Dùng bản gốc.")
