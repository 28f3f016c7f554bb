"""Runs the worker process that inspects untrusted files and opens their pages.

    python -m ocr.files.worker

Pillow, libtiff, OpenJPEG and poppler run here or below here, under limits of memory and file size
that they inherit, without our settings and secrets. A job is a line of JSON on standard input, its
answer one on standard output; a file that ends the process ends no other.
"""

from __future__ import annotations

from pathlib import Path

from ocr.files import inspect, pdf_structure
from ocr.files.inside import containers
from ocr.files.inside.packed import Unpacking
from ocr.files.opening import open_page
from ocr.sandbox.serving import Message, error_message, serve
from pipeline.settings import ReadingSettings


def _inspect(job: Message) -> Message:
    settings = ReadingSettings(
        max_pixels=job["max_pixels"], max_pages=job["max_pages"], office=job["office"]
    )
    info = inspect.inspect(_readable(job), settings)
    return {
        "media_type": info.media_type,
        "pages": info.pages,
        "holds_files": info.holds_files,
        "remarks": info.remarks,
    }


def _unpack(job: Message) -> Message:
    unpacking = Unpacking(Path(job["into"]), job["max_files"], job["max_bytes"])
    members = containers.unpack(_readable(job), unpacking, job["seconds"])
    return {
        "members": [
            {"parts": each.parts, "file": each.file}
            | (error_message(each.error) if each.error else {})
            for each in members
        ]
    }


def _readable(job: Message) -> Path:
    """Return the file of a job, without its lock where the job brings passwords."""
    path = Path(job["path"])
    if "passwords" not in job:
        return path
    return pdf_structure.unlocked(path, job["passwords"], Path(job["folder"], "unlocked.pdf"))


def _open(job: Message) -> Message:
    path, folder = _readable(job), Path(job["folder"])
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
    serve({"inspect": _inspect, "open": _open, "unpack": _unpack})
