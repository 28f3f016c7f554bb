"""What others left in a PDF: their text layers go, what people see stays, what is unfit is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from ocr import open_binder
from pipeline.errors import OversizedScanError, ReadingError
from pipeline.model import Page
from pipeline.ports.searchable_pdf import PdfRequest
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, save_born_digital, save_pdf
from tests.paper.broken import repeated
from tests.support.searchable_pdfs import (
    FAX,
    JPEG,
    PDF,
    as_pdf,
    as_pdf_with_garbage,
    bind,
    drawn,
    own,
    page_of,
    pages_of,
    raw_words,
    tokens,
)
from tests.support.signed_scan import sign

pytestmark = pytest.mark.slow  # each PDF is built in a process, and read by two programs


@pytest.fixture
def scan(tmp_path: Path) -> tuple[Path, list[Page]]:
    pages = drawn(Degradation())
    return as_pdf(pages, tmp_path)[0], pages_of(pages)


def changed(source: Path, change: Callable[[pikepdf.Pdf], None]) -> Path:
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(source)
    return source


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def add(pdf: pikepdf.Pdf, content: bytes, *, first: bool = False) -> None:
    page = pdf.pages[0]
    page.obj.Resources.Font = Dictionary(F=helvetica())
    page.contents_add(content, prepend=first)


def test_a_garbage_layer_and_its_fonts_are_gone(tmp_path: Path) -> None:
    pages = drawn(Degradation(), FAX)
    source, _ = as_pdf_with_garbage(pages, tmp_path)
    assert raw_words(source)[0]
    assert raw_words(source)[0] != tokens(page_of(pages[0].truth))
    made = bind(source, PDF, pages_of(pages), tmp_path / "made")
    assert made.level == "2b"
    with pikepdf.open(made.path) as pdf:
        assert all("/Font" not in page.obj.Resources for page in pdf.pages)
    assert raw_words(made.path) == [tokens(page) for page in pages_of(pages)]


def test_our_own_layer_is_replaced_not_doubled(
    scan: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    once = bind(scan[0], PDF, scan[1], tmp_path / "once")
    twice = bind(once.path, PDF, scan[1], tmp_path / "twice")
    assert raw_words(twice.path) == [tokens(scan[1][0])]
    assert abs(twice.path.stat().st_size - once.path.stat().st_size) < 500


def test_text_hidden_under_the_picture_is_gone(
    scan: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    hidden = b"BT /F 11 Tf 40 400 Td (CQNG BOA xA HQI) Tj ET"
    source = changed(scan[0], lambda pdf: add(pdf, hidden, first=True))
    assert "CQNG" in raw_words(source)[0]
    made = bind(source, PDF, scan[1], tmp_path / "made")
    assert (made.level, raw_words(made.path)) == ("2b", [tokens(scan[1][0])])


def test_text_that_people_see_stays(scan: tuple[Path, list[Page]], tmp_path: Path) -> None:
    """Its font is not in the file, so there is no PDF/A; our words come out after it."""
    source = changed(scan[0], lambda pdf: add(pdf, b"BT /F 9 Tf 40 20 Td (Stamped 7) Tj ET"))
    made = bind(source, PDF, scan[1], tmp_path / "made")
    assert raw_words(made.path) == [["Stamped", "7", *tokens(scan[1][0])]]
    assert made.level == ""
    assert "phông chữ không nằm trong tệp" in made.reasons[0]
    with pikepdf.open(made.path) as pdf, pdf.open_metadata() as meta:
        assert "pdfaid:part" not in meta  # never labelled as what it is not


def test_text_in_forms_and_unbalanced_states_do_not_move_our_words(
    scan: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        form = Stream(pdf, b"BT 3 Tr /F 9 Tf 10 10 Td (garbage) Tj ET")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, [0, 0, 500, 500]
        form.Resources = Dictionary(Font=Dictionary(F=helvetica()))
        pdf.pages[0].obj.Resources.XObject.Old = form
        pdf.pages[0].contents_add(b"/Old Do q 3 0 0 3 100 100 cm q 1 0 0 1 5 5 cm")

    made = bind(changed(scan[0], change), PDF, scan[1], tmp_path / "made")
    assert raw_words(made.path) == [tokens(scan[1][0])]
    with pikepdf.open(made.path) as pdf:
        assert "/Old" not in pdf.pages[0].obj.Resources.XObject
    assert made.level == "2b"


def test_a_page_whose_own_text_was_taken_keeps_it(tmp_path: Path) -> None:
    source = tmp_path / "digital.pdf"
    truths = save_born_digital(3, source, pages=2)
    pages = [own(page_of(truth, number)) for number, truth in enumerate(truths, start=1)]
    made = bind(source, PDF, pages, tmp_path / "made")
    assert (made.level, made.words) == ("2b", 0)
    assert raw_words(made.path) == raw_words(source)
    assert sum(map(len, raw_words(source))) > 100


def test_own_text_and_our_words_live_in_one_file(tmp_path: Path) -> None:
    source, digital, scan = tmp_path / "mixed.pdf", tmp_path / "digital.pdf", drawn(FAX)
    (truth,) = save_born_digital(3, digital)
    save_pdf(scan, source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf, pikepdf.open(digital) as first:
        pdf.pages.insert(0, first.pages[0])
        pdf.save(source)
    pages = [own(page_of(truth)), page_of(scan[0].truth, 2)]
    made = bind(source, PDF, pages, tmp_path / "made")
    assert made.level == "2b"
    assert raw_words(made.path) == [raw_words(digital)[0], tokens(pages[1])]


def test_a_locked_pdf_is_handed_out_open(scan: tuple[Path, list[Page]], tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(scan[0]) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="chu-mau", user=""))
    made = bind(locked, PDF, scan[1], tmp_path / "made")
    assert (made.level, raw_words(made.path)) == ("2b", [tokens(scan[1][0])])
    with pikepdf.open(made.path) as pdf:
        assert not pdf.is_encrypted


def test_actions_and_scripts_do_not_travel(scan: tuple[Path, list[Page]], tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.Root.OpenAction = action
        pdf.pages[0].obj.AA = Dictionary(O=action)

    made = bind(changed(scan[0], change), PDF, scan[1], tmp_path / "made")
    assert made.level == "2b"
    assert b"app.alert" not in made.path.read_bytes()


def test_a_picture_in_printing_colours_is_plain_and_says_why(tmp_path: Path) -> None:
    pages, source = drawn(Degradation()), tmp_path / "print.jpg"
    pages[0].image.convert("CMYK").save(source, quality=80, dpi=(150, 150))
    made = bind(source, JPEG, pages_of(pages), tmp_path / "made")
    assert made.level == ""
    assert "màu CMYK" in made.reasons[0]
    assert raw_words(made.path) == [tokens(page_of(pages[0].truth))]


@pytest.mark.parametrize("level", ["1b", "2b", "3b"])
def test_a_signed_scan_keeps_its_stamp_and_says_where_the_signature_holds(
    level: str, scan: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    source = sign(scan[0])
    made = bind(source, PDF, scan[1], tmp_path / "made", level)
    assert made.level == level
    assert made.reasons == ("Chữ ký số chỉ còn giá trị trên bản gốc, ở mục «Tệp gốc».",)
    assert raw_words(made.path) == [tokens(scan[1][0])]
    with pikepdf.open(made.path) as pdf:
        assert "/AcroForm" not in pdf.Root
        forms = [each for each in pdf.objects if isinstance(each, Stream)]
        assert any(b"98 28 re" in each.read_bytes() for each in forms if "/BBox" in each)
        assert not pdf.attachments  # whatever acts in the original would travel with it


def test_a_jpeg_2000_is_plain_and_says_why(scan: tuple[Path, list[Page]], tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        packed = io.BytesIO()
        Image.new("RGB", (400, 500), "white").save(packed, "JPEG2000")
        (image,) = pdf.pages[0].get_images().values()
        image.write(packed.getvalue(), filter=Name.JPXDecode)
        image.Width, image.Height = 400, 500

    made = bind(changed(scan[0], change), PDF, scan[1], tmp_path / "made")
    assert made.level == ""
    assert "ảnh JPEG 2000" in made.reasons[0]
    assert raw_words(made.path) == [tokens(scan[1][0])]


def test_a_title_may_be_anything(tmp_path: Path) -> None:
    pages, folder = drawn(FAX), tmp_path / "made"
    source, media_type = as_pdf(pages, tmp_path)
    folder.mkdir()
    wanted = PdfRequest(media_type, "Đơn <b>&\x00\x07 \ud800 «xin»", "0a")
    made = open_binder(ReadingSettings()).bind(source, wanted, pages_of(pages), folder)
    assert made.path
    with pikepdf.open(made.path) as pdf, pdf.open_metadata() as meta:
        assert meta["dc:title"] == "Đơn <b>&  «xin»"


def test_a_file_that_eats_memory_ends_alone(scan: tuple[Path, list[Page]], tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        content = Stream(pdf, repeated(b"q Q " * 250_000, 2_000))
        content.Filter = Name.FlateDecode
        pdf.pages[0].obj.Contents = content

    with pikepdf.open(scan[0]) as pdf:
        change(pdf)
        bomb = tmp_path / "bomb.pdf"
        pdf.save(bomb, compress_streams=False)
    assert bomb.stat().st_size < 5_000_000
    with pytest.raises((ReadingError, OversizedScanError)):
        bind(bomb, PDF, scan[1], tmp_path / "made")
    assert bind(scan[0], PDF, scan[1], tmp_path / "next").level == "2b"


def test_a_file_with_other_pages_than_were_read_is_refused(
    scan: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    with pytest.raises(ReadingError, match="Cấu trúc tệp"):
        bind(scan[0], PDF, scan[1] * 2, tmp_path / "made")
