"""Builds a searchable PDF/A from a scan: its pages unchanged, the read words invisible over them.

Runs in a worker process (``ocr.pdfa.worker``): whatever the file does to the libraries that open it
happens there. The result is read back: a PDF whose words are not ours, or in which anything is
left that the allow-list does not name, is not handed over.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pikepdf
from pikepdf import Dictionary, Name, pdfa

from ocr.pdfa import inert, strip_text, verify
from ocr.pdfa.glyphless_font import GlyphlessFont
from ocr.pdfa.image_source import small_pdf
from ocr.pdfa.source import open_source
from ocr.pdfa.srgb_profile import output_profile
from ocr.pdfa.text_layer import PlacedWord, TextLayer, content_stream, page_matrix, read_layers
from pipeline.errors import ReadingError
from pipeline.model import Box

log = logging.getLogger(__name__)

T = TypeVar("T")

_MAX_LISTED = 10  # pages that a reason lists
_MAX_UNLISTED = 3  # places of a PDF that a reason lists
_CAUSES = {  # words in a finding of pikepdf's validator and what they mean, in order of precedence
    "jpeg 2000": "ảnh JPEG 2000",
    "embedded": "phông chữ không nằm trong tệp",
    "font": "phông chữ sai chuẩn",
    "cmyk": "màu CMYK",
    "colour": "hệ màu không được khai báo",
}
_MALFORMED = (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class PdfJob:
    """What a searchable PDF is built from, and where to."""

    source: Path
    media_type: str
    words: Path  # a line of JSON for each page, as ``binder`` writes it
    target: Path
    level: str  # of PDF/A: 1b, 2b, 3b
    title: str
    code: str
    seconds: float  # the longest time that reading the PDF back may take


class WrittenPdf(NamedTuple):
    """A PDF that was written, and what was found out on the way."""

    pages: list[TextLayer]
    shows_text: list[bool]  # whether each page that is in it shows text of its own
    reasons: list[str]  # why it is no PDF/A
    unlisted: list[str]  # where it has something that the allow-list does not name
    notes: list[str]  # what people must know of the scan that is not in it


def prepare() -> None:
    """Build a small PDF, so that copies of this process find made what a first call makes.

    No file is written: QPDF ends its process where the temporary folder is full.
    """
    words, level = ((PlacedWord("MẪU", Box(10, 10, 20, 20)),),), "2b"
    with pikepdf.open(small_pdf()) as pdf, io.BytesIO() as written:
        _write(pdf, [TextLayer(60, 80, lines=words)])
        inert.remove_unlisted(pdf)
        pdfa.prepare(pdf, level, output_intent=output_profile(level))
        pdf.save(written, **pdfa.resolve_save_kwargs(level))
        pdfa.validate_written(written, level)


def build_pdf(job: PdfJob) -> dict[str, Any]:
    """Build and verify the PDF; return its level, number of words, reasons, and if it is sound.

    Raises:
        ReadingError: the scan cannot be written on.
        RefusedScanError: poppler cannot read the scan, or the PDF that was built.
        StorageUnavailableError: no space is left in the temporary folder.
    """
    pages, shows_text, reasons, unlisted, notes = write_pdf(job)
    level = "" if reasons else job.level
    reasons += notes
    if unlisted:
        log.warning("not handed over: %d objects or keys outside the allow-list", len(unlisted))
        reasons = [_not_inert(unlisted)]
    mismatches = _mismatches(job, pages, shows_text) if not unlisted else []
    if mismatches:
        reasons = [_not_ours(mismatches)]
    return {
        "level": level,
        "words": sum(len(each.tokens) for each in pages if not (each.is_own or each.is_left_out)),
        "reasons": reasons,
        "sound": not (unlisted or mismatches),
    }


def write_pdf(job: PdfJob) -> WrittenPdf:
    """Build the PDF without reading its words back. Raises as ``build_pdf``."""
    try:
        with ExitStack() as opened:
            source = open_source(job.source, job.media_type, opened)
            pages = read_layers(job.words)
            if len(pages) != len(source.pdf.pages):
                raise _unsuited(f"{len(source.pdf.pages)} pages, {len(pages)} read")
            shows_text = _without_left_out(pages, _write(source.pdf, pages))
            _leave_out(source.pdf, pages)
            reasons = _save(source.pdf, job)
            unlisted = inert.find_unlisted(job.target)
            return WrittenPdf(pages, shows_text, reasons, unlisted, source.notes)
    except (pikepdf.PdfError, *_MALFORMED) as error:
        raise _unsuited(repr(error)) from error


def _write(pdf: pikepdf.Pdf, pages: Sequence[TextLayer]) -> list[bool]:
    """Write the words on the pages; return for each page whether it shows text of its own."""
    font = GlyphlessFont(pdf)
    shows_text = []
    for page, words in zip(pdf.pages, pages, strict=True):
        rest = strip_text.strip_invisible_text(page, pdf, keeps_text=words.is_own)
        shows_text.append(rest.has_text)
        if words.tokens and not words.is_own:
            _add_layer(pdf, page, words, font)
            page.contents_add(b"q\n" * (1 + rest.overclosed), prepend=True)
            page.contents_add(b"\nQ" * (1 + rest.unclosed) + b"\nq /SohoaWords Do Q")
    font.finish()
    return shows_text


def _leave_out(pdf: pikepdf.Pdf, pages: Sequence[TextLayer]) -> None:
    """Take out the pages that people left out; what only they used is not saved."""
    if all(page.is_left_out for page in pages):
        raise ReadingError("Mọi trang của tệp đã bị bỏ ra.", "Đưa lại một trang nếu cần PDF.")
    for at in reversed([at for at, page in enumerate(pages) if page.is_left_out]):
        del pdf.pages[at]


def _without_left_out(pages: Sequence[TextLayer], values: Sequence[T]) -> list[T]:
    return [value for page, value in zip(pages, values, strict=True) if not page.is_left_out]


def _add_layer(pdf: pikepdf.Pdf, page: pikepdf.Page, words: TextLayer, font: GlyphlessFont) -> None:
    """Put the words into a form XObject of the page's resources."""
    box = _visible(page)
    matrix = page_matrix(box, page.rotation, words)
    layer = pdf.make_stream(content_stream(words, matrix, font.code))
    layer.Type, layer.Subtype = Name.XObject, Name.Form
    layer.BBox = [*box]
    layer.Resources = Dictionary(Font=Dictionary(Words=font.reference))
    resources = page.obj["/Resources"]
    if "/XObject" not in resources:
        resources["/XObject"] = Dictionary()
    resources["/XObject"]["/SohoaWords"] = layer


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Return what viewers show of a page: its crop box, as far as it lies in the media box."""
    x0, y0, x1, y1 = _sorted(page.cropbox)
    left, bottom, right, top = _sorted(page.mediabox)
    if min(x1, right) <= max(x0, left) or min(y1, top) <= max(y0, bottom):
        return left, bottom, right, top
    return max(x0, left), max(y0, bottom), min(x1, right), min(y1, top)


def _sorted(box: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (float(side) for side in box)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _save(pdf: pikepdf.Pdf, job: PdfJob) -> list[str]:
    """Save as PDF/A, or else as a plain PDF; return the reasons why it is no PDF/A."""
    pdf.Root.Lang = pikepdf.String("vi-VN")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = "".join(char for char in job.title if char.isprintable())
        meta["dc:identifier"] = job.code
        meta["xmp:CreatorTool"] = "Sohoa"
    inert.remove_unlisted(pdf)
    try:
        profile = output_profile(job.level)
        pdfa.save(pdf, job.target, job.level, output_intent=profile, deterministic_id=True)
    except pdfa.PdfaError as error:
        log.info("no PDF/A: %s", error.report.summary(3))
        _remove_pdfa_claim(pdf)
        pdf.save(job.target, deterministic_id=True)
        return [_why_plain(error.report)]
    return []


def _remove_pdfa_claim(pdf: pikepdf.Pdf) -> None:
    """Remove what says that the file is PDF/A."""
    if "/OutputIntents" in pdf.Root:
        del pdf.Root.OutputIntents
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        for claim in ("pdfaid:part", "pdfaid:conformance"):
            if claim in meta:
                del meta[claim]


def _mismatches(
    job: PdfJob, pages: Sequence[TextLayer], shows_text: Sequence[bool]
) -> list[verify.PageMismatch]:
    found = verify.tokens_by_page(job.target, job.seconds)
    before: list[list[str]] = []
    if any(page.is_own for page in pages):
        before = verify.tokens_by_page(job.source, job.seconds)
        before = _without_left_out(pages, before)
    return verify.find_mismatches(_without_left_out(pages, pages), shows_text, found, before)


def _why_plain(report: pdfa.Report) -> str:
    violations = [finding for finding in report.findings if finding.kind == "violation"]
    first = (violations or report.findings)[0]
    rule_text = f"{first.rule} {first.message}".lower()
    cause = next(
        (cause for word, cause in _CAUSES.items() if word in rule_text), "cấu trúc của tệp"
    )
    return f"Không thành PDF/A được vì {cause} ({first.rule}). Tệp này là PDF thường, vẫn tìm được."


def _not_inert(unlisted: Sequence[str]) -> str:
    listed = ", ".join(unlisted[:_MAX_UNLISTED])
    return f"PDF làm ra còn phần không được phép đưa ra ({listed}). Dùng bản gốc."


def _not_ours(mismatches: Sequence[verify.PageMismatch]) -> str:
    listed = "; ".join(
        f"trang {each.page} thiếu {each.missing} từ, thừa {each.extra} từ"
        for each in mismatches[:_MAX_LISTED]
    )
    more = (
        f"; và {len(mismatches) - _MAX_LISTED} trang nữa" if len(mismatches) > _MAX_LISTED else ""
    )
    return f"Chữ lấy lại từ PDF không đúng chữ đã đọc: {listed}{more}. Dùng bản gốc."


def _unsuited(detail: str) -> ReadingError:
    log.warning("cannot be written on: %s", detail)
    return ReadingError("Cấu trúc tệp không cho phép ghi thêm lớp chữ.", "Dùng bản gốc.")
