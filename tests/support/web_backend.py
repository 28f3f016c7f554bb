"""Builds a sample backend (archive and index of four dossiers) and a test client over it.

Every word is drawn as a dark block that fills its box, so that a test can tell from pixels alone
whether a highlight lies over its word.
"""

from __future__ import annotations

import io
import re
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
from tests.support.copied_homes import fill
from web.app import build_app

with warnings.catch_warnings():  # FastAPI's test client warns once that it will want httpx2
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

BASE_URL = "http://127.0.0.1"
RECIPE = "made-1"
WIDTH, HEIGHT = 800, 1120  # pixels of an original page
UPRIGHT = View(WIDTH, HEIGHT, (1, 0, 0, 0, 1, 0))
ROTATED = View(HEIGHT, WIDTH, (0, -1, HEIGHT, 1, 0, 0))  # turned by 90 degrees clockwise
PARTIAL, WAITING, FAILED, COMPLETE = "0a01", "0a02", "0a03", "0a04"  # ids sort by time
HOSTILE = '<script>alert("tên")</script>'
RECEIVED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Backend:
    """What the web application is built over."""

    archive: Archive
    index: SearchIndex
    settings: Settings


def sample_backend(home: Path, search: SearchSettings | None = None) -> Backend:
    """Store and publish four dossiers: PARTIAL, COMPLETE, WAITING and FAILED.

    Args:
        home: the folder of store and index.
        search: which index to use; the embedded one by default.
    """
    if search is None:
        home.mkdir(parents=True, exist_ok=True)
        fill(home, _add_all)
    backend = _opened(home, search)
    if search is not None:
        _add_dossiers(backend)
    backend.archive.enqueue(WAITING)  # it waits from now on
    return backend


def _opened(home: Path, search: SearchSettings | None = None) -> Backend:
    settings = Settings(home=home, search=search or SearchSettings())
    archive, index = open_archive(settings.storage, home), open_index(settings.search, home)
    return Backend(archive, index, settings)


def _add_all(home: Path) -> None:
    _add_dossiers(_opened(home))


def _add_dossiers(backend: Backend) -> None:
    _add_partial(backend)
    _add_complete(backend)
    waiting = Dossier(
        WAITING, "đơn chờ.pdf", RECEIVED, scans=(store_scan(backend, "đơn chờ.pdf", 3),)
    )
    _publish(backend, waiting, ())
    failed = Dossier(
        FAILED,
        "hỏng.tif",
        RECEIVED,
        scans=(store_scan(backend, "hỏng.tif", 2, "image/tiff"),),
        outcome=Outcome.FAILED,
        reasons=("Đã thử 3 lần đều không xong.",),
    )
    _publish(backend, failed, ())


def open_client(backend: Backend) -> TestClient:
    """Return a test client of the application that does not follow redirects."""
    app = build_app(backend.archive, backend.index, backend.settings)
    local = ("127.0.0.1", 50000)
    return TestClient(app, base_url=BASE_URL, follow_redirects=False, client=local)


def part_of(html: str, pattern: str) -> str:
    """Return the first group of a pattern that a page must match; a dot stands for any letter."""
    match = re.search(pattern, html, re.DOTALL)
    assert match, pattern
    return match[1]


def line(top: int, *words: str, confidence: float = 0.95) -> Line:
    """Return a line of words: 12 pixels a letter, 30 high, 20 between words, from x = 60.

    Args:
        top: the upper edge of the words, in pixels from the top of the page.
        words: the texts of the words.
        confidence: the confidence of each word, 0-1.
    """
    placed, left = [], 60
    for text in words:
        placed.append(Word(text, confidence, Box(left, top, 12 * len(text), 30)))
        left += 12 * len(text) + 20
    return Line(tuple(placed))


def draw(text: PageText, view: View) -> bytes:
    """Return a page's picture as WebP, turned as ``view`` says; each word fills its box."""
    paper = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(paper)
    for word in text.words:
        pen.rectangle((word.box.left, word.box.top, word.box.right - 1, word.box.bottom - 1), 40)
    if view is ROTATED:
        paper = paper.transpose(Image.Transpose.ROTATE_270)
    picture = io.BytesIO()
    paper.save(picture, "WEBP", lossless=True)
    return picture.getvalue()


def _add_partial(backend: Backend) -> None:
    scan = store_scan(backend, f"{HOSTILE}.pdf", 5)
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
        _page(2, PageState.READ, second, ROTATED),
        replace(_page(3, PageState.DOUBTFUL, third), reasons=("Chữ quá mờ.",)),
        _page(4, PageState.BLANK, PageText()),
    )
    notes = [_store_page(backend, PARTIAL, scan.sha256, page) for page in pages]
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
    _publish(backend, dossier, pages)


def _add_complete(backend: Backend) -> None:
    scan = store_scan(backend, "thông báo.pdf", 1, "text/html")
    page = _page(
        1, PageState.READ, PageText((line(90, "THÔNG", "BÁO"), line(1040, "thu", "hồi", "đất")))
    )
    dossier = Dossier(
        COMPLETE,
        "thông báo.pdf",
        RECEIVED + timedelta(hours=1),
        unit="Chi nhánh số 2",
        scans=(scan,),
        pages=(_store_page(backend, COMPLETE, scan.sha256, page),),
        documents=(Document("Thông báo", (1,)),),
        outcome=Outcome.COMPLETE,
    )
    _publish(backend, dossier, (page,))


def _page(number: int, state: PageState, text: PageText, view: View = UPRIGHT) -> Page:
    return Page(number, state, PageMeasures(WIDTH, HEIGHT, 100.0), text, view)


def _store_page(backend: Backend, dossier: str, sha256: str, page: Page) -> PageNote:
    view = page.view or UPRIGHT
    reading = PageReading(page, draw(page.text, view))
    backend.archive.keep_page(PageRef(dossier, sha256, page.number), RECIPE, reading)
    return PageNote(
        sha256, page.number, RECIPE, page.state, page.text.confidence, 1.2, page.reasons
    )


def store_scan(
    backend: Backend, name: str, pages: int, media_type: str = "application/pdf"
) -> Scan:
    """Store a file of these words as an original, and return its scan."""
    path = backend.settings.home / "scan"
    path.write_bytes(f"%PDF {name}".encode())
    sha256 = backend.archive.keep_original(path)
    return Scan(sha256, name, path.stat().st_size, media_type, pages)


def _publish(backend: Backend, dossier: Dossier, pages: tuple[Page, ...]) -> None:
    arrived = Dossier(dossier.id, dossier.name, dossier.received, scans=dossier.scans)
    record = Record(1, dossier.received, "intake", "received", arrived)
    backend.archive.keep_record(record)
    if dossier != arrived:
        later = dossier.received + timedelta(minutes=1)
        record = Record(2, later, "worker", "digitised", dossier)
        backend.archive.keep_record(record)
    kind = dossier.documents[0].type if dossier.documents else ""
    entries = tuple(IndexEntry(page.number, page.text.text, page.state, kind) for page in pages)
    backend.index.publish([Publication(dossier, record.sequence, entries)])
