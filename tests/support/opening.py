"""Has every file of a folder opened as intake and reading do, only in a whole sandbox.

    python -m tests.support.opening FOLDER

Files in files are opened as well, and a searchable PDF is made of each PDF with pages. Prints JSON:
for each file how many pages were opened, or the error. ``passwords`` in FOLDER holds the known
passwords.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ocr import open_binder
from ocr.deadline import Deadline
from ocr.files import client, kinds
from ocr.files.inside import unpacking
from ocr.sandbox.job import private_folder
from pipeline.errors import SohoaError
from pipeline.model import Page, PageMeasures, PageState
from pipeline.ports import ScanInfo, UnpackLimits
from pipeline.ports.searchable_pdf import PdfRequest
from pipeline.settings import ReadingSettings

PASSWORDS = "passwords"
LIMITS = UnpackLimits(100, 0)


def opened(path: Path, settings: ReadingSettings) -> Iterator[int]:
    """Yield the number of pages of a file, and of those in it."""
    info = client.inspect(path, settings)
    for number in range(1, info.pages + 1):
        assert client.open_page(path, number, settings, Deadline(60)).raster.width
    yield info.pages
    if info.pages and info.media_type == kinds.PDF and not bind(path, info, settings):
        raise AssertionError("no searchable PDF")
    if info.holds_files:
        with private_folder("room-") as room:
            for inner in unpacking.unpack(path, room, LIMITS, settings):
                assert inner.copy, inner.refusal
                yield from opened(inner.copy, settings)


def bind(path: Path, info: ScanInfo, settings: ReadingSettings) -> bool:
    pages = [
        Page(number, PageState.NOT_READ, PageMeasures(100, 100, 0.0))
        for number in range(1, info.pages + 1)
    ]
    with private_folder("out-") as folder:
        wanted = PdfRequest(info.media_type, "MẪU", "H26")
        return open_binder(settings).bind(path, wanted, pages, folder).path is not None


def main() -> None:
    """Open the files of a folder."""
    folder = Path(sys.argv[1])
    settings = ReadingSettings(sandbox="required", passwords_file=folder / PASSWORDS)
    found: dict[str, object] = {}
    for path in sorted(path for path in folder.iterdir() if path.name != PASSWORDS):
        try:
            found[path.name] = sum(opened(path, settings))
        except SohoaError as error:
            found[path.name] = repr(error)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
