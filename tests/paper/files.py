"""The forms in which pages are delivered: PDF, TIFF, JPEG, PNG, mixed, garbage layer.

The same pages give the same bytes: no clock, no random identifiers.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf

from tests.paper.born_digital import digital_pdf
from tests.paper.picture import DrawnPage, page_truth
from tests.paper.sheet import HEIGHT, WIDTH, Sheet
from tests.paper.truth import PageTruth

_QUALITY = 82  # JPEG quality of pages whose degradation names none
_DIGITAL_DPI = 300  # at which the boxes of born-digital pages are given
# What scanners' own recognition makes of Vietnamese: marks lost, letters swapped.
_GARBAGE = str.maketrans("ĐđƯưƠơĂăÂâÊêÔô", "DdUuOoAaAaEeQo")


def save_pdf(
    pages: Sequence[DrawnPage], path: Path, *, garbage: bool = False
) -> tuple[PageTruth, ...]:
    """Write pages as a scanned PDF and return their truth with file and number.

    Args:
        pages: in order.
        path: of the file; its folder must exist.
        garbage: whether each page carries an invisible text layer without Vietnamese marks.
    """
    with pikepdf.new() as pdf:
        for page in pages:
            _add_scan(pdf, page, garbage=garbage)
        _save(pdf, path)
    source = "garbage_layer" if garbage else "scan"
    return _numbered([replace(page.truth, source=source) for page in pages], path)


def save_tiff(pages: Sequence[DrawnPage], path: Path) -> tuple[PageTruth, ...]:
    """Write pages as one TIFF: Group 4 when all are black and white, LZW otherwise."""
    images = [page.image for page in pages]
    packed = "group4" if all(image.mode == "1" for image in images) else "tiff_lzw"
    images[0].save(
        path, "TIFF", save_all=True, append_images=images[1:], compression=packed,
        dpi=(pages[0].truth.dpi,) * 2,
    )  # fmt: skip
    return _numbered([page.truth for page in pages], path)


def save_picture(page: DrawnPage, path: Path) -> tuple[PageTruth, ...]:
    """Write one page as JPEG or PNG, after the file's suffix."""
    dpi = (page.truth.dpi,) * 2
    if path.suffix.lower() in {".jpg", ".jpeg"}:
        page.image.convert("RGB").save(path, "JPEG", quality=_quality(page), dpi=dpi)
    else:
        page.image.save(path, "PNG", dpi=dpi)
    return _numbered([page.truth], path)


def save_digital(sheets: Sequence[Sheet], path: Path) -> tuple[PageTruth, ...]:
    """Write sheets as a born-digital PDF with a true text layer."""
    path.write_bytes(digital_pdf(sheets))
    return _numbered([_digital_truth(sheet) for sheet in sheets], path)


def save_mixed(
    sheets: Sequence[Sheet], pages: Sequence[DrawnPage], path: Path
) -> tuple[PageTruth, ...]:
    """Write a PDF of born-digital pages followed by scanned ones."""
    with pikepdf.open(io.BytesIO(digital_pdf(sheets))) as pdf:
        for page in pages:
            _add_scan(pdf, page, garbage=False)
        _save(pdf, path)
    truths = [_digital_truth(sheet) for sheet in sheets] + [page.truth for page in pages]
    return _numbered(truths, path)


def _digital_truth(sheet: Sheet) -> PageTruth:
    size = (round(WIDTH * _DIGITAL_DPI / 72), round(HEIGHT * _DIGITAL_DPI / 72))
    return replace(page_truth(sheet, _DIGITAL_DPI, size), source="born_digital")


def _numbered(truths: Sequence[PageTruth], path: Path) -> tuple[PageTruth, ...]:
    return tuple(
        replace(truth, file=path.name, number=number)
        for number, truth in enumerate(truths, start=1)
    )


def _add_scan(pdf: pikepdf.Pdf, page: DrawnPage, *, garbage: bool) -> None:
    image, truth = page.image, page.truth
    width, height = (pixels * 72 / truth.dpi for pixels in image.size)
    content = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Scan Do Q".encode()
    resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=_image_stream(pdf, page)))
    if garbage:
        content += b"\n" + _garbage_layer(truth, height)
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        resources.Font = pikepdf.Dictionary(F=helvetica)
    pdf.pages.append(
        pikepdf.Page(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, round(width, 3), round(height, 3)],
                Resources=resources,
                Contents=pdf.make_stream(content),
            )
        )
    )


def _image_stream(pdf: pikepdf.Pdf, page: DrawnPage) -> pikepdf.Stream:
    image = page.image
    colours = pikepdf.Name.DeviceRGB if image.mode == "RGB" else pikepdf.Name.DeviceGray
    if image.mode == "1":
        stream = pikepdf.Stream(pdf, image.tobytes())  # compressed when the file is written
    else:
        stream = pikepdf.Stream(pdf, _jpeg(page))
        stream.Filter = pikepdf.Name.DCTDecode
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = image.size
    stream.ColorSpace = colours
    stream.BitsPerComponent = 1 if image.mode == "1" else 8
    return stream


def _garbage_layer(truth: PageTruth, height: float) -> bytes:
    """Return the page's lines as invisible text the way a scanner without Vietnamese read them."""
    scale = 72 / truth.dpi
    rows: dict[int, list[str]] = {}
    places: dict[int, tuple[float, float]] = {}
    for word in truth.words:
        rows.setdefault(word.line, []).append(_garble(word.text))
        places.setdefault(word.line, (word.box.left * scale, height - word.box.bottom * scale))
    parts = [b"BT 3 Tr /F 11 Tf"]
    for line, words in rows.items():
        x, y = places[line]
        parts.append(f"1 0 0 1 {x:.1f} {y:.1f} Tm ({' '.join(words)}) Tj".encode("ascii"))
    return b"\n".join([*parts, b"ET"])


def _garble(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.translate(_GARBAGE))
    kept = "".join(letter for letter in bare if letter.isascii() and letter not in "()\\")
    return kept.replace("O", "Q", 1) if len(kept) > 3 else kept


def _jpeg(page: DrawnPage) -> bytes:
    buffer = io.BytesIO()
    page.image.save(buffer, "JPEG", quality=_quality(page), dpi=(page.truth.dpi,) * 2)
    return buffer.getvalue()


def _quality(page: DrawnPage) -> int:
    return page.truth.degradation.jpeg_quality or _QUALITY


def _save(pdf: pikepdf.Pdf, path: Path) -> None:
    pdf.save(path, deterministic_id=True, compress_streams=True)
