"""What taking in each kind of file costs: inspecting it, taking it apart, reading its first page.

    .venv/bin/python bench/kinds.py

Files are made by ``tests/paper``. Times are seconds of processor, children included, the mean of
several runs in this process; a worker process adds about 10 ms to each.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ocr.files import image_page
from ocr.files.inside import containers, office_parts
from ocr.files.inside.packed import Unpacking
from ocr.files.inspect import inspect
from pipeline.settings import ReadingSettings
from tests.paper import draw_page, make_pile, old_jpegs, pdf_files, photos, save_pdf, zips
from tests.paper import office as documents

RUNS = 20
SETTINGS = ReadingSettings()
MAKERS: dict[str, Callable[[Path], object]] = {
    "PDF, 1 page": lambda path: save_pdf([draw_page("G", 5, 150)], path),
    "PDF, 100 pages": lambda path: make_pile(path, 100, 5, 72, clean=True),
    "PDF portfolio of 2": lambda path: pdf_files.portfolio(
        path, {"1.pdf": pdf_files.scanned(5), "2.pdf": pdf_files.scanned(6)}
    ),
    "ZIP of 5 photos": zips.names_of_all_kinds,
    "TIFF with thumbnails": photos.tiff_with_thumbnail(first=True, how="new"),
    "TIFF, old-style JPEG": old_jpegs.tables_apart,
    "WebP": photos.webp,
    "Word document": documents.docx,
    "e-mail": lambda path: documents.mail(path, {"1.jpg": zips.papers(1)[0]}),
}


def spent(work: Callable[[], object], runs: int) -> float:
    """Return the processor seconds that a piece of work takes, the mean of some runs."""
    began = sum(os.times()[:4])
    for _ in range(runs):
        work()
    return (sum(os.times()[:4]) - began) / runs


def unpacked(path: Path) -> None:
    """Take a file apart into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as room:
        containers.unpack(path, Unpacking(Path(room), 2_000, 10**9), 60)


def main() -> None:
    """Print a row for each kind of file."""
    print("| file | inspected | taken apart | first page decoded |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="sohoa-kinds-") as folder:
        for name, make in MAKERS.items():
            path = Path(folder, "file")
            make(path)
            inspect(path, SETTINGS)  # libraries are loaded
            info = inspect(path, SETTINGS)
            cells = [spent(partial(inspect, path, SETTINGS), RUNS), 0.0, 0.0]
            if info.holds_files:
                slow = office_parts.can_convert(info.media_type)
                cells[1] = spent(partial(unpacked, path), 3 if slow else RUNS)
            if (kind := info.media_type) in image_page.IMAGE_FORMATS:
                decode = partial(image_page.decode_page, path, 1, kind, 10**8, Path(folder))
                cells[2] = spent(decode, RUNS)
            told = (f"{cell * 1000:.1f} ms" if cell else "—" for cell in cells)
            print(f"| {name} | {' | '.join(told)} |")


if __name__ == "__main__":
    main()
