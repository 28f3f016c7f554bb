"""What a sandboxed job hands back is taken as plain numbers, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr.deadline import Deadline
from ocr.files import client
from ocr.files.image_page import IMAGE_FORMATS
from ocr.files.inside.office_parts import KINDS
from ocr.files.kinds import PDF, ZIP
from ocr.pdfa import binder
from ocr.sandbox import pool
from ocr.sandbox.job import private_folder
from pipeline import errors
from pipeline.errors import ReadingError, SohoaError, UnreadableScanError
from pipeline.model import Page, PageMeasures, PageState
from pipeline.ports.searchable_pdf import PdfRequest
from pipeline.settings import ReadingSettings
from tests.support.false_answers import order

pytestmark = pytest.mark.slow

PROGRAM = "tests.support.false_answers"
SETTINGS = ReadingSettings()
PPM = b"P6\n2 1\n255\n" + bytes(6)
PAGE = {
    "file": "page-1.ppm",
    "dpi": 300.0,
    "sound": True,
    "lacks_font": False,
    "turn": 0,
    "lines": [],
    "hidden": [],
}
WORD = ["chữ", 1, 2, 3, 4]
SCAN = {"media_type": PDF, "pages": 1, "holds_files": False, "remarks": []}


@pytest.fixture(autouse=True, scope="module")
def worker() -> Iterator[None]:
    """Have jobs done by a worker that hands back what the file says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "PROGRAM", PROGRAM)
        patch.setattr(binder, "PROGRAM", PROGRAM)
        yield
    pool.end_all()


def open_page(file: Path) -> client.OpenedPage:
    return client.open_page(file, 1, SETTINGS, Deadline(60))


def ordered(folder: Path, answer: object, raster: bytes = PPM) -> Path:
    return order(folder / "scan", answer, files={"page-1.ppm": raster.hex()})


def test_a_right_answer_is_taken(tmp_path: Path) -> None:
    pixels = b"P6\n2 1\n255\n" + bytes([1, 2, 3, 4, 5, 6])
    page = open_page(ordered(tmp_path, PAGE | {"lines": [[WORD]]}, pixels))
    assert page.raster.pixels.tolist() == [[[3, 2, 1], [6, 5, 4]]]  # blue, green, red
    assert page.layer.text == "chữ"
    told = client.inspect(order(tmp_path / "scan", SCAN | {"pages": 3}), SETTINGS)
    assert (told.media_type, told.pages) == (PDF, 3)


def test_every_media_type_of_the_readers_is_known_to_who_takes_their_answer(tmp_path: Path) -> None:
    for media_type in (PDF, ZIP, *IMAGE_FORMATS, *KINDS):
        file = order(tmp_path / "scan", SCAN | {"media_type": media_type})
        assert client.inspect(file, SETTINGS).media_type == media_type


FALSE_PAGES: dict[str, object] = {
    "nothing": "",
    "no JSON": "{",
    "a list": [],
    "not UTF-8 letters": '{"file": "\\ud800"}',
    "a hundred thousand levels": "[" * 100_000,
    "levels within a field": '{"lines": ' + "[" * 100_000,
    "eight megabytes": '"' + "x" * 2**23 + '"',
    "a million empty lists": PAGE | {"lines": [[]] * 1_000_000},
    "a field missing": {key: PAGE[key] for key in PAGE if key != "dpi"},
    "a field more": PAGE | {"path": "/etc/passwd"},
    "a resolution that is no number": json.dumps(PAGE | {"dpi": float("nan")}),
    "an endless resolution": json.dumps(PAGE | {"dpi": float("inf")}),
    "a resolution beyond all numbers": json.dumps(PAGE).replace("300.0", "1e999"),
    "a negative resolution": PAGE | {"dpi": -1.0},
    "a resolution as text": PAGE | {"dpi": "300"},
    "a number for a yes": PAGE | {"sound": 1},
    "a turn that no page has": PAGE | {"turn": 45},
    "a hidden line without words": PAGE | {"hidden": [[]]},
    "a file elsewhere": PAGE | {"file": "/etc/passwd"},
    "a file above": PAGE | {"file": "../page-1.ppm"},
    "a file of another kind": PAGE | {"file": "job.json"},
    "a file that is not there": PAGE | {"file": "page-2.ppm"},
    "a line without words": PAGE | {"lines": [[]]},
    "a word without letters": PAGE | {"lines": [[["", 1, 2, 3, 4]]]},
    "a word of a million letters": PAGE | {"lines": [[["x" * 10**6, 1, 2, 3, 4]]]},
    "a word with a control character": PAGE | {"lines": [[["\x1b[31m", 1, 2, 3, 4]]]},
    "a word with a line break": PAGE | {"lines": [[["a\u2028b", 1, 2, 3, 4]]]},
    "a word that is a number": PAGE | {"lines": [[[5, 1, 2, 3, 4]]]},
    "a box of three numbers": PAGE | {"lines": [[["x", 1, 2, 3]]]},
    "a box of fractions": PAGE | {"lines": [[["x", 1.5, 2, 3, 4]]]},
    "a box left of the page": PAGE | {"lines": [[["x", -1, 2, 3, 4]]]},
    "a box without width": PAGE | {"lines": [[["x", 1, 2, 0, 4]]]},
    "a box beyond all pages": PAGE | {"lines": [[["x", 10**6, 2, 3, 4]]]},
    "a box with a thousand digits": json.dumps(PAGE | {"lines": [[WORD]]}).replace(
        "1, 2", "1" * 1000 + ", 2"
    ),
}


@pytest.mark.parametrize("answer", FALSE_PAGES.values(), ids=FALSE_PAGES)
def test_a_false_answer_about_a_page_is_a_crash(answer: object, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"phải dừng|dữ liệu bị hỏng"):
        open_page(ordered(tmp_path, answer))


FALSE_SCANS: dict[str, object] = {
    "no pages and no files": SCAN | {"pages": 0},
    "more pages than may be": SCAN | {"pages": SETTINGS.max_pages + 1},
    "pages beyond all numbers": json.dumps(SCAN).replace("1", "1e400"),
    "a page for browsers": SCAN | {"media_type": "text/html"},
    "a list of kinds": SCAN | {"media_type": [PDF]},
    "a remark with escapes": SCAN | {"remarks": ["\x1b]0;x\x07"]},
    "a remark as long as a book": SCAN | {"remarks": ["x" * 100_000]},
    "a number for a yes": SCAN | {"holds_files": 1},
}


@pytest.mark.parametrize("answer", FALSE_SCANS.values(), ids=FALSE_SCANS)
def test_a_false_answer_about_a_file_refuses_the_file(answer: object, tmp_path: Path) -> None:
    with pytest.raises(UnreadableScanError):
        client.inspect(order(tmp_path / "scan", answer), SETTINGS)


def refusal(error: object, message: object = "Hỏng.", remedy: object = "Quét lại.") -> object:
    return {"error": error, "message": message, "remedy": remedy}


@pytest.mark.parametrize("name", ["EmptyScanError", "ReadingTimeoutError", "MissingEngineError"])
def test_an_error_that_a_job_may_have_is_raised(name: str, tmp_path: Path) -> None:
    with pytest.raises(SohoaError) as caught:
        open_page(order(tmp_path / "scan", refusal(name), exit=3))
    assert type(caught.value) is getattr(errors, name)
    assert caught.value.reason == "Hỏng. Quét lại."


FALSE_REFUSALS = {
    "an exit": refusal("SystemExit"),
    "a base class": refusal("SohoaError"),
    "an error of the store": refusal("WithheldError"),
    "a function": refusal("contextmanager"),
    "a module's name": refusal("__builtins__"),
    "a list": refusal(["ReadingError"]),
    "a number as the message": refusal("ReadingError", 5),
    "a message with escapes": refusal("ReadingError", "\x1b]0;x\x07"),
    "a message as long as a book": refusal("ReadingError", "x" * 100_000),
    "an answer instead": PAGE,
}


@pytest.mark.parametrize("answer", FALSE_REFUSALS.values(), ids=FALSE_REFUSALS)
def test_any_other_error_is_a_crash(answer: object, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="phải dừng") as caught:
        open_page(order(tmp_path / "scan", answer, exit=3))
    assert type(caught.value) is ReadingError


FALSE_PDFS: dict[str, tuple[object, dict[str, str]]] = {
    "no PDF": ({"level": "2b", "words": 1, "reasons": [], "sound": True}, {}),
    "another level": (
        {"level": "9z", "words": 1, "reasons": [], "sound": True},
        {"searchable.pdf": b"%PDF-".hex()},
    ),
    "minus one word": (
        {"level": "", "words": -1, "reasons": [], "sound": True},
        {"searchable.pdf": b"%PDF-".hex()},
    ),
    "a reason with escapes": (
        {"level": "", "words": 1, "reasons": ["\x1b[2J"], "sound": True},
        {"searchable.pdf": b"%PDF-".hex()},
    ),
}


@pytest.mark.parametrize(("answer", "files"), FALSE_PDFS.values(), ids=FALSE_PDFS)
def test_a_false_answer_about_a_searchable_pdf_gives_none(
    answer: object, files: dict[str, str], tmp_path: Path
) -> None:
    scan = order(tmp_path / "scan", answer, files=files)
    pages = [Page(1, PageState.NOT_READ, PageMeasures(0, 0, 0.0))]
    with private_folder("out-", tmp_path) as folder:
        with pytest.raises(ReadingError):
            binder.Binder(SETTINGS).bind(scan, PdfRequest(PDF, "Đơn", "H26"), pages, folder)
        assert not list(folder.iterdir())
