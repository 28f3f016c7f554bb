"""Office documents and e-mails become pages where LibreOffice is installed, and nothing is loaded.

These tests skip where it is not: apt-get install libreoffice-writer-nogui (libreoffice-calc for
spreadsheets). The last ones need none.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocr import check_engine, open_reader
from ocr.files import kinds
from ocr.files.inside import mail, office, office_parts
from ocr.files.inside.packed import Unpacking
from ocr.files.poppler import page_text
from pipeline.errors import ReadingTimeoutError, RefusedScanError, UnreadableScanError
from pipeline.intake.containers import Expansion, expand
from pipeline.ports import ScanReader
from pipeline.settings import ReadingSettings
from tests.paper import lures, pdf_files, zips
from tests.paper import office as documents

pytestmark = pytest.mark.slow
WRITER = pytest.mark.skipif(
    not office_parts.can_convert(kinds.DOCX), reason="needs LibreOffice: libreoffice-writer-nogui"
)
CALC = pytest.mark.skipif(
    not office_parts.can_convert(kinds.XLSX), reason="needs LibreOffice: libreoffice-calc"
)


@pytest.fixture(scope="module")
def reader() -> ScanReader:
    return open_reader(ReadingSettings())


@pytest.fixture
def room() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def text_of(found: Expansion, number: int = 1) -> str:
    return " ".join(page_text(found.papers[number].copy, 1).split())


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param("đơn.docx", documents.docx, marks=WRITER),
        pytest.param("đơn.odt", documents.odt, marks=WRITER),
        pytest.param("đơn.rtf", documents.rtf, marks=WRITER),
        pytest.param("đơn.xlsx", documents.xlsx, marks=CALC),
    ],
)
def test_a_document_becomes_pages_with_all_its_words(
    name: str, make: Callable[[Path], None], reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    make(tmp_path / name)
    found = expand(name, tmp_path / name, reader, room)
    carrier, printed = found.papers
    assert (carrier.copy, carrier.info.pages) == (tmp_path / name, 0)
    assert (printed.name, printed.info.pages) == (f"{name}/ban-in.pdf", 1)
    assert " ".join(documents.TEXT) in text_of(found)
    assert found.reasons == ()


@WRITER
def test_the_same_document_gives_the_same_bytes(reader: ScanReader, tmp_path: Path) -> None:
    """A step that was interrupted runs again, and must come to the same objects."""
    documents.docx(tmp_path / "a.docx")
    made = []
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        found = expand("a.docx", tmp_path / "a.docx", reader, tmp_path / name)
        made.append(found.papers[1].copy.read_bytes())
    assert made[0] == made[1]


@WRITER
@pytest.mark.parametrize("make", [documents.docx_that_loads, documents.odt_that_loads])
def test_nothing_that_a_document_refers_to_is_loaded_or_run(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    """With the settings of a fresh LibreOffice the picture is fetched and the file is shown."""
    make(tmp_path / "a")
    (tmp_path / "out").mkdir()
    with socket.create_server(("127.0.0.1", lures.PORT)) as server:
        server.setblocking(False)
        kind = kinds.kind_of(tmp_path / "a")
        pdf = office.convert(tmp_path / "a", kind, tmp_path / "out", 60)
        with pytest.raises(BlockingIOError):
            server.accept()
    text = page_text(pdf, 1)
    assert documents.TEXT[0] in text
    assert lures.SECRET not in text
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True)
    assert len(images.stdout.splitlines()) == 2, "a picture from another file was put in"
    assert not list(Path("/tmp").glob(lures.MARKER))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["tai-lieu.pdf"]


@WRITER
def test_an_email_is_its_text_and_what_is_attached(
    reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    files = {"2.pdf": pdf_files.scanned(5), "1.jpg": zips.papers(1)[0], "ky.p7s": b"\x93\1\2\xfe"}
    documents.mail(tmp_path / "thu.eml", files)
    found = expand("thu.eml", tmp_path / "thu.eml", reader, room)
    assert [paper.name for paper in found.papers] == [
        "thu.eml", "thu.eml/noi-dung-thu.pdf", "thu.eml/1.jpg", "thu.eml/2.pdf",
    ]  # fmt: skip
    text = text_of(found)
    for wanted in (*documents.TEXT, "Về việc: Hồ sơ cấp lại giấy khai sinh", "2.pdf; 1.jpg"):
        assert wanted in text
    assert found.reasons == ()
    assert "ky.p7s" in found.receipt


@WRITER
def test_a_damaged_document_is_refused(reader: ScanReader, room: Path, tmp_path: Path) -> None:
    zips.save(tmp_path / "a.docx", {"word/document.xml": b"<w:broken", "[Content_Types].xml": b""})
    with pytest.raises(UnreadableScanError, match="LibreOffice không mở được"):
        expand("a.docx", tmp_path / "a.docx", reader, room)


@WRITER
def test_a_document_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    documents.docx(tmp_path / "a.docx")
    with pytest.raises(ReadingTimeoutError):
        office.convert(tmp_path / "a.docx", kinds.DOCX, tmp_path, 0.1)


def test_html_of_an_email_gives_its_text_and_small_pictures_are_no_papers(tmp_path: Path) -> None:
    html = (
        "<html><head><style>p{color:red}</style><script>x()</script></head><body><p>Kính gửi "
        "<b>anh</b>,</p><img src='http://127.0.0.1/x.png'>Nội dung &amp; kết quả</body></html>"
    )
    documents.mail(tmp_path / "a.eml", {}, html=html, logo=b"\x89PNG" + bytes(200))
    (tmp_path / "out").mkdir()
    unpacking = Unpacking(tmp_path / "out", 10, 10**6)
    mail.unpack(tmp_path / "a.eml", tmp_path / "a.rtf", unpacking)
    assert unpacking.members == []
    words = (tmp_path / "a.rtf").read_bytes()
    assert b"K\\u237?nh g\\u7917?i anh," in words
    assert b"N\\u7897?i dung & k\\u7871?t qu\\u7843?" in words
    assert b"H\\u236?nh nh\\u7887?"[:12] in words
    assert b"color" not in words
    assert b"127.0.0.1" not in words


def letter(path: Path) -> None:
    documents.mail(path, {})


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("don.docx", documents.docx),
        ("don.odt", documents.odt),
        ("thu.eml", letter),
        ("bang.xlsx", documents.xlsx),
    ],
)
def test_without_libreoffice_a_document_is_refused_with_what_helps(
    name: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / name)
    settings = ReadingSettings(office="off")
    with pytest.raises(RefusedScanError) as caught:
        open_reader(settings).inspect(tmp_path / name)
    assert "PDF" in caught.value.remedy


@pytest.mark.engine
def test_doctor_says_which_documents_can_be_read() -> None:
    (off, auto) = (
        next(each for each in check_engine(ReadingSettings(office=way)) if "Office" in each.part)
        for way in ("off", "auto")
    )
    assert off.is_well
    assert auto.is_well
    assert "Không dùng" in off.detail
    assert ("Word" in auto.detail) == office_parts.can_convert(
        kinds.DOCX
    ) or "Chưa cài" in auto.detail
