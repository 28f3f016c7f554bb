"""A small archive and index made by hand: what the reading room's tests look at.

Every word is drawn as a dark block that fills its box, so that a test can tell from pixels alone
whether a mark lies over its word.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from pipeline.model import (
    Box,
    Document,
    Dossier,
    Finding,
    IndexEntry,
    Line,
    Outcome,
    Page,
    PageMeasures,
    PageNote,
    PageRef,
    PageState,
    PageText,
    Publication,
    Record,
    Scan,
    Source,
    View,
    Word,
)
from pipeline.ports import Archive, PageReading, SearchIndex
from pipeline.settings import SearchSettings, Settings
from search import open_index
from storage import open_archive
from web.app import build_app

with warnings.catch_warnings():  # FastAPI's test client warns once that it will want httpx2
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

HERE = "http://127.0.0.1"
RECIPE = "made-1"
WIDTH, HEIGHT = 800, 1120  # pixels of an original page
UPRIGHT = View(WIDTH, HEIGHT, (1, 0, 0, 0, 1, 0))
LYING = View(HEIGHT, WIDTH, (0, -1, HEIGHT, 1, 0, 0))  # turned by 90 degrees clockwise
PARTIAL, WAITING, FAILED, WHOLE = "0a01", "0a02", "0a03", "0a04"  # ids sort by time
HOSTILE = '<script>alert("tên")</script>'
RECEIVED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class MadeRoom:
    archive: Archive
    index: SearchIndex
    settings: Settings


def made_room(home: Path, search: SearchSettings | None = None) -> MadeRoom:
    """Four dossiers: not whole, whole, waiting and failed."""
    settings = Settings(home=home, search=search or SearchSettings())
    archive = open_archive(settings.storage, home)
    index = open_index(settings.search, home)
    room = MadeRoom(archive, index, settings)
    _partial(room)
    _whole(room)
    waiting = Dossier(WAITING, "đơn chờ.pdf", RECEIVED, scans=(_keep_scan(room, "đơn chờ.pdf", 3),))
    _publish(room, waiting, ())
    archive.enqueue(WAITING)
    failed = Dossier(
        FAILED,
        "hỏng.tif",
        RECEIVED,
        scans=(_keep_scan(room, "hỏng.tif", 2, "image/tiff"),),
        outcome=Outcome.FAILED,
        reasons=("Đã thử 3 lần đều không xong.",),
    )
    _publish(room, failed, ())
    return room


def open_client(room: MadeRoom) -> TestClient:
    """Return a browser in the room that does not follow redirects."""
    app = build_app(room.archive, room.index, room.settings)
    return TestClient(app, base_url=HERE, follow_redirects=False)


def line(top: int, *words: str, confidence: float = 0.95) -> Line:
    """Return words side by side: 12 pixels a letter, 30 high, 20 between words."""
    found, left = [], 60
    for text in words:
        found.append(Word(text, confidence, Box(left, top, 12 * len(text), 30)))
        left += 12 * len(text) + 20
    return Line(tuple(found))


def draw(text: PageText, view: View) -> bytes:
    """Return the view of a page on which each word fills its box."""
    paper = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(paper)
    for word in text.words:
        pen.rectangle((word.box.left, word.box.top, word.box.right - 1, word.box.bottom - 1), 40)
    if view is LYING:
        paper = paper.transpose(Image.Transpose.ROTATE_270)
    picture = io.BytesIO()
    paper.save(picture, "WEBP", lossless=True)
    return picture.getvalue()


def _partial(room: MadeRoom) -> None:
    scan = _keep_scan(room, f"{HOSTILE}.pdf", 5)
    first = PageText(
        (
            line(80, "QUYẾT", "ĐỊNH"),
            line(140, "Về", "việc", "giao", "đất", "cho", "hộ", "gia", "đình"),
            line(200, HOSTILE, "&", "bạn"),
            line(260, "mờ", "nhòe", confidence=0.3),
        )
    )
    second = PageText((line(100, "Thửa", "đất", "số", "7"), line(160, "tờ", "bản", "đồ")))
    third = PageText((line(100, "chữ", "mờ", confidence=0.4),))
    pages = (
        _page(1, PageState.READ, first),
        _page(2, PageState.READ, second, LYING),
        replace(_page(3, PageState.DOUBTFUL, third), reasons=("Chữ quá mờ.",)),
        _page(4, PageState.BLANK, PageText()),
    )
    notes = [_keep_page(room, PARTIAL, scan.sha256, page) for page in pages]
    notes.append(PageNote(scan.sha256, 5, "", PageState.NOT_READ, 0, 0, ("Ảnh trang bị hỏng.",)))
    findings = {
        "number": Finding("12", "12", 0.95, Source.OCR, 1, Box(60, 80, 60, 30)),
        "symbol": Finding("QĐ-UBND", "QD-UBND", 0.55, Source.OCR, 1, Box(140, 80, 48, 30)),
        "issued_on": Finding("2026-03-01", "ngày 01 tháng 3 năm 2026", 0.9, Source.OCR, 1),
        "summary": Finding(f"Về việc {HOSTILE}", "", 0.9, Source.OCR, 1),
    }
    dossier = Dossier(
        PARTIAL,
        f"{HOSTILE}.pdf",
        RECEIVED,
        code="H26.19.25-260302-0007",
        unit="Chi nhánh số 1",
        scans=(scan,),
        pages=tuple(notes),
        documents=(Document("Quyết định", (1, 2), findings),),
        outcome=Outcome.PARTIAL,
        reasons=("1 trong 5 trang chưa đọc được.",),
    )
    _publish(room, dossier, pages)


def _whole(room: MadeRoom) -> None:
    scan = _keep_scan(room, "thông báo.pdf", 1, "text/html")
    page = _page(
        1, PageState.READ, PageText((line(90, "THÔNG", "BÁO"), line(1040, "thu", "hồi", "đất")))
    )
    dossier = Dossier(
        WHOLE,
        "thông báo.pdf",
        RECEIVED + timedelta(hours=1),
        unit="Chi nhánh số 2",
        scans=(scan,),
        pages=(_keep_page(room, WHOLE, scan.sha256, page),),
        documents=(Document("Thông báo", (1,)),),
        outcome=Outcome.COMPLETE,
    )
    _publish(room, dossier, (page,))


def _page(number: int, state: PageState, text: PageText, view: View = UPRIGHT) -> Page:
    return Page(number, state, PageMeasures(WIDTH, HEIGHT, 100.0), text, view)


def _keep_page(room: MadeRoom, dossier: str, sha256: str, page: Page) -> PageNote:
    view = page.view or UPRIGHT
    reading = PageReading(page, draw(page.text, view))
    room.archive.keep_page(PageRef(dossier, sha256, page.number), RECIPE, reading)
    return PageNote(
        sha256, page.number, RECIPE, page.state, page.text.confidence, 1.2, page.reasons
    )


def _keep_scan(room: MadeRoom, name: str, pages: int, media_type: str = "application/pdf") -> Scan:
    path = room.settings.home / "scan"
    path.write_bytes(f"%PDF {name}".encode())
    sha256 = room.archive.keep_original(path)
    return Scan(sha256, name, path.stat().st_size, media_type, pages)


def _publish(room: MadeRoom, dossier: Dossier, pages: tuple[Page, ...]) -> None:
    arrived = Dossier(dossier.id, dossier.name, dossier.received, scans=dossier.scans)
    record = Record(1, dossier.received, "intake", "received", arrived)
    room.archive.keep_record(record)
    if dossier != arrived:
        later = dossier.received + timedelta(minutes=1)
        record = Record(2, later, "worker", "digitised", dossier)
        room.archive.keep_record(record)
    kind = dossier.documents[0].type if dossier.documents else ""
    entries = tuple(IndexEntry(page.number, page.text.text, page.state, kind) for page in pages)
    room.index.publish([Publication(dossier, record.sequence, entries)])
