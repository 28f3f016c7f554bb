"""Runs poppler's programs on a PDF under a time limit, and parses what they print.

A broken or hostile PDF can crash, stall or take over poppler: it runs inside sandboxed jobs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ocr.sandbox import programs
from pipeline.errors import (
    EmptyScanError,
    EncryptedScanError,
    MissingEngineError,
    OversizedScanError,
    ReadingTimeoutError,
    RefusedScanError,
    StorageUnavailableError,
    UnreadableScanError,
)

POPPLER_REMEDY = "Cài bằng lệnh: sudo apt-get install poppler-utils"

_PAGES = re.compile(r"^Pages:\s+(\d+)", re.MULTILINE)
_SIZE = re.compile(r"^Page\s+(\d+) size:\s+([\d.]+) x ([\d.]+) pts", re.MULTILINE)
_TURN = re.compile(r"^Page\s+(\d+) rot:\s+(\d+)", re.MULTILINE)
_POINTS = 72.0  # to the inch
_SECONDS = 30.0  # a 500-page file is looked through in about one
_MAX_OUTPUT = 2**25  # bytes; 5,000 pages with 30 images each are described in half
_PROGRAMS = ("pdfinfo", "pdfimages", "pdftoppm", "pdftotext")


class PageSize(NamedTuple):
    """Width and height of a page as shown, in inches."""

    width: float
    height: float


class PageImage(NamedTuple):
    """An image on a page: its size in pixels, its resolution on the page, and its encoding."""

    page: int
    width: int
    height: int
    dpi: float
    encoding: str = ""  # as pdfimages names it: image, jpeg, jpx, jbig2, ccitt

    @property
    def area(self) -> float:
        """Square inches it covers on the page."""
        return self.width * self.height / self.dpi**2


def count_pages(path: Path) -> int:
    """Return how many pages a PDF has.

    Raises:
        EmptyScanError: it has none.
        EncryptedScanError: it cannot be opened without a password.
        UnreadableScanError: poppler cannot open it.
        OversizedScanError: poppler prints more than any sensible file makes it print.
        ReadingTimeoutError: it takes too long.
        StorageUnavailableError: no space is left in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    count = _PAGES.search(_ask(["pdfinfo"], path, _SECONDS))
    if not count:
        raise _damaged()
    return int(count.group(1))


def page_sizes(path: Path, first: int, last: int, seconds: float = _SECONDS) -> list[PageSize]:
    """Return the sizes of pages ``first`` to ``last`` (from 1) as shown, the page's turn applied.

    Raises as ``count_pages``.
    """
    output = _ask(["pdfinfo", "-f", str(first), "-l", str(last)], path, seconds)
    turns = {number: int(turn) for number, turn in _TURN.findall(output)}
    sizes = []
    for number, width, height in _SIZE.findall(output):
        across, down = float(width) / _POINTS, float(height) / _POINTS
        sideways = turns.get(number, 0) % 180 == 90
        sizes.append(PageSize(down, across) if sideways else PageSize(across, down))
    if len(sizes) != last - first + 1:
        raise _damaged()
    return sizes


def list_images(path: Path, first: int, last: int, seconds: float = _SECONDS) -> list[PageImage]:
    """Return the images on pages ``first`` to ``last`` (from 1), masks included, not decoded.

    Raises as ``count_pages``.
    """
    output = _ask(["pdfimages", "-list", "-f", str(first), "-l", str(last)], path, seconds)
    return [image for line in output.splitlines()[2:] if (image := _image(line.split()))]


def extract_images(path: Path, number: int, prefix: Path, seconds: float) -> None:
    """Write the images of a page as they are stored to files whose names begin with a prefix.

    Raises as ``count_pages``.
    """
    page = str(number)
    _ask(["pdfimages", "-all", "-f", page, "-l", page], path, seconds, [str(prefix)])


def text_layer_xhtml(path: Path, number: int, seconds: float) -> str:
    """Return a page's text layer as poppler's XHTML with word boxes in points.

    Raises as ``count_pages``.
    """
    page = str(number)
    command = ["pdftotext", "-q", "-bbox-layout", "-cropbox", "-f", page, "-l", page]
    return _ask(command, path, seconds, ["-"])


def page_text(path: Path, number: int, seconds: float = _SECONDS) -> str:
    """Return the text of a page in the order people read it. Raises as ``count_pages``."""
    page = str(number)
    return _ask(["pdftotext", "-q", "-enc", "UTF-8", "-f", page, "-l", page], path, seconds, ["-"])


def raw_text(path: Path, seconds: float) -> str:
    """Return the text of all pages in the order of their content, a form feed after each.

    Raises as ``count_pages``.
    """
    return _ask(["pdftotext", "-q", "-raw", "-enc", "UTF-8"], path, seconds, ["-"])


def render(path: Path, number: int, dpi: float, prefix: Path, seconds: float) -> str:
    """Render a page to a PPM file whose name begins with a prefix; return poppler's complaints.

    Poppler renders what it can: of a damaged page there is a file, and a complaint. There is no
    file when the page does not exist, or nothing of it could be rendered.

    Raises:
        ReadingTimeoutError: it takes too long.
        StorageUnavailableError: no space is left in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    page = str(number)
    command = ["pdftoppm", "-r", str(dpi), "-cropbox", "-f", page, "-l", page]
    try:
        return _run([*command, str(path.absolute()), str(prefix)], seconds).errors
    except ReadingTimeoutError as error:
        raise ReadingTimeoutError(
            f"Vẽ trang PDF quá {seconds:.0f} giây.", "Quét lại trang này."
        ) from error


def programs_of_poppler() -> tuple[Path, ...]:
    """Return the files of poppler's programs, those that are installed."""
    found = (programs.find_program(name) for name in _PROGRAMS)
    return tuple(program for program in found if program is not None)


def poppler_version() -> str | None:
    """Return the installed version of poppler, or None."""
    try:
        told = _run(["pdfinfo", "-v"], _SECONDS)
    except (MissingEngineError, ReadingTimeoutError, StorageUnavailableError):
        return None
    version = re.search(r"version (\S+)", told.errors + told.text)
    return version.group(1) if version else None


def _image(columns: list[str]) -> PageImage | None:
    """Parse a row of ``pdfimages -list``: page num type width height … x-ppi y-ppi size ratio."""
    try:
        page, width, height = int(columns[0]), int(columns[3]), int(columns[4])
        across, down = float(columns[-4]), float(columns[-3])
    except (IndexError, ValueError):
        return None
    return PageImage(page, width, height, max((across * down) ** 0.5, 1.0), columns[8])


def _ask(command: list[str], path: Path, seconds: float, tail: list[str] | None = None) -> str:
    """Return what a program prints of a file; whatever it refuses is an error."""
    # An absolute path cannot be mistaken for an option.
    told = _run([*command, str(path.absolute()), *(tail or [])], seconds)
    if told.status:
        raise _refusal(told.errors)
    if told.is_cut:
        raise _too_much()
    return told.text


def _run(command: list[str], seconds: float) -> programs.Output:
    try:
        return programs.run(command, seconds, _MAX_OUTPUT)
    except FileNotFoundError as error:
        raise MissingEngineError("Chưa cài poppler-utils.", POPPLER_REMEDY) from error
    except TimeoutError as error:
        raise ReadingTimeoutError(
            f"Mở tệp PDF quá {seconds:.0f} giây.", "In lại tệp ra PDF mới rồi nộp lại."
        ) from error


def _refusal(message: str) -> RefusedScanError:
    if "last page (0)" in message:
        return no_pages()
    if "ecurity handler" in message or "encryption filter" in message:
        return _locked_otherwise()
    return _locked() if "assword" in message else _damaged()


def no_pages() -> EmptyScanError:
    """Return the refusal of a file without pages."""
    return EmptyScanError("Tệp không có trang nào.", "Quét lại rồi nộp lại.")


def _too_much() -> OversizedScanError:
    return OversizedScanError(
        "Tệp PDF có quá nhiều đối tượng trên một trang.", "In lại tệp ra PDF mới rồi nộp lại."
    )


def _locked() -> EncryptedScanError:
    return EncryptedScanError(
        "Tệp PDF bị khóa bằng mật khẩu.", "Mở khóa hoặc in lại ra PDF không mật khẩu rồi nộp lại."
    )


def _locked_otherwise() -> EncryptedScanError:
    return EncryptedScanError(
        "Tệp PDF bị khóa bằng chứng thư số hoặc hệ thống quản lý quyền, không phải mật khẩu.",
        "Mở bằng chương trình của cơ quan gửi, in ra PDF không khóa rồi nộp lại.",
    )


def _damaged() -> UnreadableScanError:
    return UnreadableScanError(
        "Tệp PDF bị hỏng hoặc bị cắt cụt, không mở được.", "Quét lại hoặc chép lại tệp rồi nộp lại."
    )
