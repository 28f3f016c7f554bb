"""Runs the worker process that inspects untrusted files and opens their pages.

    python -m ocr.files.worker

Pillow, libtiff, OpenJPEG and poppler run here or below here, under limits of memory and file size
that they inherit, without our settings and secrets. A job is a line of JSON on standard input, its
answer one on standard output; a file that ends the process ends no other.
"""

from __future__ import annotations

from pathlib import Path

from ocr.files import inspect
from ocr.files.opening import open_page
from ocr.sandbox.serving import Message, serve
from pipeline.settings import ReadingSettings


def _inspect(job: Message) -> Message:
    settings = ReadingSettings(max_pixels=job["max_pixels"], max_pages=job["max_pages"])
    info = inspect.inspect(Path(job["path"]), settings)
    return {"media_type": info.media_type, "pages": info.pages}


def _open(job: Message) -> Message:
    path, folder = Path(job["path"]), Path(job["folder"])
    opened = open_page(path, job["number"], job["max_pixels"], job["seconds"], folder)
    lines = [[(word.text, *word.box) for word in line.words] for line in opened.layer.lines]
    raster = opened.raster
    return {
        "file": raster.file.name,
        "dpi": raster.dpi,
        "sound": raster.sound,
        "scanned": opened.scanned,
        "lines": lines,
    }


if __name__ == "__main__":
    serve({"inspect": _inspect, "open": _open})
