"""Searchable PDFs: the scan as it came, our words where they stand, and nothing else in it."""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.model import Box
from tests.paper import Degradation, DrawnPage
from tests.support.searchable_pdfs import (
    CODE,
    FAX,
    GREY,
    JPEG,
    PDF,
    PNG,
    TIFF,
    TITLE,
    as_jpeg,
    as_pdf,
    as_pdf_with_garbage,
    as_png,
    as_tiff,
    attempt,
    bind,
    drawn,
    page_of,
    pages_of,
    pdfium_words,
    plain_page,
    raw_words,
    tokens,
)

pytestmark = pytest.mark.slow  # each PDF is built in a process, and read by two programs

FORMS = {
    "colour pdf": (as_pdf, (Degradation(),)),
    "grey, fax and colour in one pdf": (as_pdf, (GREY, FAX, Degradation())),
    "pdf with a garbage layer": (as_pdf_with_garbage, (Degradation(), FAX)),
    "fax tiff of three pages": (as_tiff, (FAX, FAX, FAX)),
    "colour tiff of two pages": (as_tiff, (Degradation(), Degradation())),
    "colour jpeg": (as_jpeg, (Degradation(),)),
    "colour png": (as_png, (Degradation(),)),
    "fax png": (as_png, (FAX,)),
}
Save = Callable[[list[DrawnPage], Path], tuple[Path, str]]


@pytest.mark.parametrize(("save", "wear"), FORMS.values(), ids=FORMS)
def test_every_form_of_scan_gives_our_words_back_in_two_readers(
    save: Save, wear: tuple[Degradation, ...], tmp_path: Path
) -> None:
    scan = drawn(*wear)
    pages = pages_of(scan)
    made = bind(*save(scan, tmp_path), pages, tmp_path / "made")
    assert (made.level, made.reasons) == ("2b", ())
    assert made.words == sum(len(tokens(page)) for page in pages)
    assert made.path
    assert raw_words(made.path) == [tokens(page) for page in pages]
    for found, page in zip(pdfium_words(made.path), pages, strict=True):
        assert Counter(found) == Counter(tokens(page))
        assert all(unicodedata.is_normalized("NFC", word) for word in found)


def pictures(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [
            image.read_raw_bytes() for page in pdf.pages for image in page.get_images().values()
        ]


def test_the_pictures_of_a_pdf_are_kept_bit_for_bit(tmp_path: Path) -> None:
    scan = drawn(GREY, FAX, Degradation())
    source, _ = as_pdf(scan, tmp_path)
    made = bind(source, PDF, pages_of(scan), tmp_path / "made")
    before, after = pictures(source), pictures(made.path)
    assert [before[0], before[2]] == [after[0], after[2]]  # JPEG; the fax is packed by the writer
    with pikepdf.open(source) as old, pikepdf.open(made.path) as new:
        for one, other in zip(old.pages, new.pages, strict=True):
            assert one.Contents.read_bytes() in b"".join(
                part.read_bytes() for part in other.Contents
            )


def test_a_jpeg_is_kept_bit_for_bit(tmp_path: Path) -> None:
    photo = drawn(Degradation())
    source, _ = as_jpeg(photo, tmp_path)
    made = bind(source, JPEG, pages_of(photo), tmp_path / "made")
    assert pictures(made.path) == [source.read_bytes()]


def test_a_fax_in_one_strip_is_kept_bit_for_bit(tmp_path: Path) -> None:
    scan, source = drawn(FAX), tmp_path / "fax.tif"
    scan[0].image.save(source, compression="group4", dpi=(150, 150), strip_size=2**24)
    made = bind(source, TIFF, pages_of(scan), tmp_path / "made")
    (packed,) = pictures(made.path)
    assert packed in source.read_bytes()


def test_the_pixels_of_a_fax_in_many_strips_are_kept(tmp_path: Path) -> None:
    """Joined into one picture: between strips of their own viewers show hairlines."""
    scan = drawn(FAX, FAX)
    made = bind(*as_tiff(scan, tmp_path), pages_of(scan), tmp_path / "made")
    with pikepdf.open(made.path) as pdf:
        for page, before in zip(pdf.pages, scan, strict=True):
            (image,) = page.get_images().values()
            assert isinstance(image, pikepdf.Stream)
            after = pikepdf.PdfImage(image).as_pil_image()
            assert after.convert("L").tobytes() == before.image.convert("L").tobytes()


def test_the_pixels_of_a_png_are_kept(tmp_path: Path) -> None:
    scan = drawn(Degradation())
    made = bind(*as_png(scan, tmp_path), pages_of(scan), tmp_path / "made")
    with pikepdf.open(made.path) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert isinstance(image, pikepdf.Stream)
        assert pikepdf.PdfImage(image).as_pil_image().tobytes() == scan[0].image.tobytes()


def test_title_code_and_language_are_in_the_file(tmp_path: Path) -> None:
    scan = drawn(FAX)
    made = bind(*as_tiff(scan, tmp_path), pages_of(scan), tmp_path / "made")
    with pikepdf.open(made.path) as pdf:
        assert str(pdf.Root.Lang) == "vi-VN"
        assert str(pdf.docinfo["/Title"]) == TITLE
        with pdf.open_metadata() as meta:
            assert (meta["dc:title"], meta["dc:identifier"]) == (TITLE, CODE)
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")


def test_a_pdf_whose_words_do_not_come_back_is_not_handed_out(tmp_path: Path) -> None:
    """Poppler turns what is written from right to left around, and says so with marks."""
    source = tmp_path / "white.png"
    Image.new("L", (800, 400), 255).save(source, dpi=(150, 150))
    line = [("Hạng", Box(50, 50, 100, 30)), ("שלום", Box(170, 50, 100, 30))]
    made = attempt(source, PNG, [plain_page([line], 800, 400)], tmp_path / "made")
    assert made.path is None
    assert "trang 1 thiếu 1 từ, thừa 1 từ" in made.reasons[0]


def test_a_page_without_words_keeps_its_place(tmp_path: Path) -> None:
    scan = drawn(FAX, FAX)
    pages = [plain_page([], 0, 0), page_of(scan[1].truth, 2)]
    made = bind(*as_tiff(scan, tmp_path), pages, tmp_path / "made")
    assert raw_words(made.path) == [[], tokens(pages[1])]


def test_a_picture_without_dots_per_inch_becomes_a_page_of_paper(tmp_path: Path) -> None:
    buffer, source = io.BytesIO(), tmp_path / "photo.jpg"
    Image.new("RGB", (3000, 4000), "white").save(buffer, "JPEG")
    source.write_bytes(buffer.getvalue())
    page = plain_page([[("Đơn", Box(300, 300, 400, 120))]], 3000, 4000)
    made = bind(source, JPEG, [page], tmp_path / "made")
    with pikepdf.open(made.path) as pdf:
        assert max(float(side) for side in pdf.pages[0].mediabox) == pytest.approx(793.7, abs=1)
    assert raw_words(made.path) == [["Đơn"]]
