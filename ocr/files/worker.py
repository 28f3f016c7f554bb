"""Runs the worker process that inspects untrusted files, opens their pages and unpacks them.

    python -m ocr.files.worker

Pillow, libtiff, libheif, OpenJPEG, qpdf, poppler and LibreOffice run in jobs of this process
(``ocr.sandbox.serving``), each in a sandbox that ends with the job; so does what reads codes.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
from PIL import Image

from ocr.files import inspect, pdf_structure
from ocr.files.formats import picture_pdf
from ocr.files.inside import containers
from ocr.files.inside.packed import Unpacking
from ocr.files.opening import open_page
from ocr.files.raster import RasterFile
from ocr.image import barcodes
from ocr.sandbox.job import MAX_WORD, Job, printable
from ocr.sandbox.serving import Message, error_message, serve
from pipeline.model import PageText


class GivenLimits(NamedTuple):
    """The limits of ``inspect.ScanLimits`` as a job brings them, without the settings' library."""

    max_pixels: int
    max_pages: int
    office: str


_MAX_LETTERS = 1_000_000  # of a text layer; a page of print has some thousand


def _inspect(job: Job) -> Message:
    limits = GivenLimits(*(job.arguments[name] for name in GivenLimits._fields))
    info = inspect.inspect(_readable(job), limits)
    return {
        "media_type": info.media_type,
        "pages": info.pages,
        "holds_files": info.holds_files,
        "remarks": info.remarks,
    }


def _unpack(job: Job) -> Message:
    bounds = job.arguments
    unpacking = Unpacking(job.folder, bounds["max_files"], bounds["max_bytes"])
    members = containers.unpack(_readable(job), unpacking, bounds["office_seconds"])
    return {
        "members": [
            {
                "parts": each.parts,
                "file": each.file,
                "refusal": error_message(each.error) if each.error else None,
                "facts": each.facts,
            }
            for each in members
        ]
    }


def _readable(job: Job) -> Path:
    """Return the file of a job, without its lock where the job brings passwords."""
    passwords = job.arguments["passwords"]
    if not passwords:
        return job.source
    return pdf_structure.unlocked(job.source, passwords, job.folder / "unlocked.pdf")


def _open(job: Job) -> Message:
    number, max_pixels = job.arguments["number"], job.arguments["max_pixels"]
    opened = open_page(_readable(job), number, max_pixels, job.seconds, job.folder)
    raster = opened.raster
    return {
        "file": raster.file.name,
        "dpi": raster.dpi,
        "sound": raster.sound,
        "lacks_font": raster.lacks_font,
        "turn": opened.text.turn,
        "lines": _plain(opened.text.seen),
        "hidden": _plain(opened.text.hidden),
    }


def _unlock(job: Job) -> Message:
    readable = _readable(job)
    return {"file": None if readable == job.source else readable.name}


def _convert(job: Job) -> Message:
    bounds = job.arguments
    with_office = bounds["office"] == "auto"
    made = picture_pdf.convert(
        job.source, job.folder, bounds["max_pixels"], with_office=with_office
    )
    return {"file": made.name if made else None}


def _codes(job: Job) -> Message:
    found = barcodes.find_codes(RasterFile(job.source, 0).load_grey().pixels)
    return {"codes": [(code.format, printable(code.text)[:MAX_WORD], *code.box) for code in found]}


def _plain(layer: PageText) -> list[list[tuple[str, int, int, int, int]]]:
    """Return the words of a text layer and their boxes as an answer may contain them."""
    if sum(len(word.text) for word in layer.words) > _MAX_LETTERS:
        return []
    lines = [
        [
            (text, *word.box)
            for word in line.words
            if len(word.text) <= MAX_WORD and (text := printable(word.text).strip())
        ]
        for line in layer.lines
    ]
    return [line for line in lines if line]


if __name__ == "__main__":
    Image.init()  # or each job loads the decoders of rare formats anew
    cv2.setNumThreads(1)  # as in the reader: pages run side by side
    serve(
        {
            "inspect": _inspect,
            "open": _open,
            "codes": _codes,
            "convert": _convert,
            "unpack": _unpack,
            "unlock": _unlock,
        }
    )
