"""`sohoa read`: reads a file and prints its text, without archiving it."""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from rich.progress import Progress

from flows.commands.audited import audited
from flows.console import open_console
from flows.terminal import say, say_json, say_text
from flows.wiring import settings
from ocr import open_reader
from pipeline import report
from pipeline.audit import Verb
from pipeline.documents import PageOfDossier, assemble
from pipeline.errors import ReadingError, RefusedScanError, UnreadableScanError, about
from pipeline.intake.containers import FoundPaper, expand
from pipeline.model import Page, PageMeasures, PageState
from pipeline.ports import ScanReader

RECORDS = (Verb.READ,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "file", metavar="TỆP", type=Path, help="bản quét, ảnh, tệp ZIP hoặc tài liệu"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Read all pages and print them; 1 when a page could not be read.

    Raises:
        RefusedScanError: the file is missing, damaged, encrypted or larger than the limits.
        MissingEngineError: Tesseract is not installed.
    """
    if not args.file.is_file():
        raise UnreadableScanError(f"Không có tệp {args.file}.", "Kiểm tra lại đường dẫn.")
    reader = open_reader(settings().reading)
    with tempfile.TemporaryDirectory(prefix="sohoa-inside-") as room:
        found = expand(args.file.name, args.file, reader, Path(room))
        pages = _pages(found.papers, reader)
    # The file by its bytes: what a scan is called may be a person's name.
    audited(Verb.READ, sha256=_sha256(args.file), pages=len(pages))
    documents = assemble([PageOfDossier(page.number, page) for page in pages])
    if args.json:
        say_json(report.reading(pages, documents, found.reasons))
    else:
        for page in pages:
            say(f"── Trang {page.number} · {page.state} {' '.join(page.reasons)}")
            say_text(page.text.text)
        for reason in found.reasons:
            say(f"── {reason}")
    return int(bool(found.reasons) or any(page.state is PageState.NOT_READ for page in pages))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pages(papers: Sequence[FoundPaper], reader: ScanReader) -> list[Page]:
    """Read the pages of a file and of those in it, numbered through."""
    places = [(paper.copy, number) for paper in papers for number in range(1, paper.info.pages + 1)]
    with (
        ThreadPoolExecutor(settings().reading.threads) as pool,
        Progress(console=open_console(stderr=True), transient=True) as progress,
    ):
        results = pool.map(lambda place: _page(place[0], place[1], reader), places)
        pages = list(progress.track(results, total=len(places), description="Đang đọc"))
    return [replace(page, number=number) for number, page in enumerate(pages, 1)]


def _page(path: Path, number: int, reader: ScanReader) -> Page:
    try:
        with about(number):
            return reader.read_page(path, number).page
    except (ReadingError, RefusedScanError) as error:
        return Page(number, PageState.NOT_READ, PageMeasures(0, 0, 0.0), reasons=(error.reason,))
