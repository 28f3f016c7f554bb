"""A refused picture or document is turned into a PDF at the desk; what cannot be is told."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from pipeline.intake.refused_files import refused_folder
from pipeline.model import PersonRole, ReceiptStatus
from pipeline.settings import UPLOADS
from pipeline.versions import newest_record
from tests.support.clerk import slip
from tests.support.visitors import Browser, Room, open_room
from tests.unit.web.test_desk_sending import polled, send

BUTTON = "Chuyển sang PDF"


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    room = open_room(home, upload_mib=8, spare_mib=0)
    room.backend.settings.watched_folders[0].mkdir(parents=True)
    return room


@pytest.fixture
def clerk(room: Room) -> Browser:
    return room.signed_in(room.person("văn-thư", PersonRole.CLERK))


def picture(kind: str, size: tuple[int, int] = (600, 800)) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(slip(3))) as image:
        image.convert("RGB").resize(size).save(made, kind)
    return made.getvalue()


def refused(room: Room, clerk: Browser, name: str, content: bytes) -> str:
    """Send a file that is refused; return what names its line."""
    send(clerk, (name, content))
    assert polled(room, 1) == [(name, ReceiptStatus.REFUSED)]
    key = re.search(r'name="dong" value="([^"]+)"', clerk.get("/ban-quet").text)
    assert key
    return key[1]


@pytest.mark.parametrize("kind", ["BMP", "GIF", "JPEG2000", "AVIF"])
def test_a_picture_becomes_a_pdf_and_its_line_closes(room: Room, clerk: Browser, kind: str) -> None:
    key = refused(room, clerk, "ảnh chụp.dat", picture(kind))
    assert BUTTON in clerk.get("/ban-quet").text
    answer = clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)
    assert answer.headers["location"] == "/ban-quet?bao=da-chuyen", unescape(answer.text)
    assert polled(room, 2)[1] == ("ảnh chụp.pdf", ReceiptStatus.ARCHIVED)
    html = unescape(clerk.get("/ban-quet?muc=xong").text)
    assert "Đã thay bằng tệp đã sửa" in html
    lying = refused_folder(room.backend.settings.home / UPLOADS)
    assert (lying / "ảnh chụp.dat").read_bytes() == picture(kind), "the original is kept"
    mine = [newest_record(one, room.backend.archive) for one in room.backend.archive.dossiers()]
    (record,) = [one for one in mine if one.dossier.name == "ảnh chụp.pdf"]
    assert [scan.media_type for scan in record.dossier.scans] == ["application/pdf"]
    twice = clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)
    assert twice.status_code == 409


def giant(kind: str) -> bytes:
    """A small file whose head speaks of a thousand million pixels."""
    content = bytearray(picture(kind))
    if kind == "BMP":
        content[18:26] = (40_000).to_bytes(4, "little") + (25_000).to_bytes(4, "little")
    else:
        content[6:10] = (65_000).to_bytes(2, "little") + (65_000).to_bytes(2, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (giant("BMP"), "điểm ảnh"),
        (giant("GIF"), "điểm ảnh"),
        (picture("BMP")[:5_000], ""),
        (picture("JPEG2000")[:400], ""),
    ],
    ids=["pixels of a BMP", "pixels of a GIF", "torn BMP", "torn JPEG 2000"],
)
def test_what_cannot_be_turned_is_told_and_still_waits(
    room: Room, clerk: Browser, content: bytes, said: str
) -> None:
    key = refused(room, clerk, "ảnh.bmp", content)
    answer = clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert BUTTON in clerk.get("/ban-quet").text
    assert polled(room, 1) == [("ảnh.bmp", ReceiptStatus.REFUSED)]


def document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<document/>")
    return made.getvalue()


def test_a_document_is_offered_only_where_libreoffice_is(
    room: Room, clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_READING__OFFICE", "off")
    object.__setattr__(room.backend.settings.reading, "office", "off")
    key = refused(room, clerk, "đơn.docx", document())
    html = unescape(clerk.get("/ban-quet").text)
    assert BUTTON not in html
    assert "Lưu thành (Save As) – PDF" in html
    answer = clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)
    assert answer.status_code == 422
    object.__setattr__(room.backend.settings.reading, "office", "auto")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ocr.remaking.find_office", lambda: Path("/"))
        assert BUTTON in clerk.get("/ban-quet").text


def test_nobody_else_has_it_turned(room: Room, clerk: Browser) -> None:
    key = refused(room, clerk, "ảnh.gif", picture("GIF"))
    reader = room.signed_in(room.person("tra-cuu", PersonRole.READER))
    token = reader.token("/phien")
    assert reader.post_bare("/ban-quet/chuyen", khoa=token, dong=key).status_code == 403
    assert clerk.post_bare("/ban-quet/chuyen", khoa="0" * 64, dong=key).status_code == 403
    gone = clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key.replace(key[-1], "7"))
    assert gone.status_code in {404, 409}
    other = refused_folder(room.backend.settings.home / UPLOADS) / "ảnh.gif"
    other.unlink()
    (other.parent / "ảnh.gif").symlink_to(room.backend.settings.home / "audit")
    lost = clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)
    assert (lost.status_code, "Không thấy tệp này" in unescape(lost.text)) == (422, True)
