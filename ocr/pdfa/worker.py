"""Runs the worker process that builds searchable PDFs.

    python -m ocr.pdfa.worker

It is another process than the one that opens pages, because its libraries take memory and time to
load that no page should wait for.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from ocr.files import kinds, pdf_structure
from ocr.files.image_page import PNG
from ocr.pdfa.binder import TARGET
from ocr.pdfa.build import PdfJob, build_pdf, write_pdf
from ocr.pdfa.image_source import image_pdf
from ocr.pdfa.inert import is_inert
from ocr.sandbox.answers import printable
from ocr.sandbox.job import Job
from ocr.sandbox.serving import Message, serve


def _bind(job: Job) -> Message:
    fields = job.arguments
    built = build_pdf(
        PdfJob(
            source=_readable(job),
            media_type=fields["media_type"],
            words=Path(fields["words"]),
            target=job.folder / TARGET,
            level=fields["level"],
            title=fields["title"],
            code=fields["code"],
            seconds=job.seconds,
        )
    )
    return built | {"reasons": [printable(reason) for reason in built["reasons"]]}


def _readable(job: Job) -> Path:
    """Return the scan, without its lock where it is a locked PDF and its password is known."""
    if job.arguments["media_type"] != kinds.PDF:
        return job.source
    unlocked = job.folder / "unlocked.pdf"
    return pdf_structure.unlocked(job.source, job.arguments["passwords"], unlocked)


def prepare() -> None:
    """Build a PDF of one small page, so that the copies find all that is made once made.

    That is the font, the profile, the rules of PDF/A and what Python finds out at a first call.
    """
    with suppress(OSError), TemporaryDirectory(prefix="sohoa-pdf-") as made:
        folder = Path(made)
        Image.new("L", (60, 80), 255).save(folder / "page.png", dpi=(72, 72))
        scan, words = folder / "page.pdf", folder / "words.jsonl"
        scan.write_bytes(image_pdf(folder / "page.png", PNG).getvalue())
        lines = [[["MẪU", 10, 10, 30, 20], ["1", 40, 10, 45, 20]]]
        words.write_text(json.dumps({"width": 60, "height": 80, "lines": lines}), "utf-8")
        target = folder / TARGET
        write_pdf(PdfJob(scan, kinds.PDF, words, target, "2b", "", "", seconds=0.0))
        is_inert(target)


def _check(job: Job) -> Message:
    return {"is_inert": is_inert(job.source)}


if __name__ == "__main__":
    prepare()  # each job's process is a copy of this one
    serve({"bind": _bind, "check": _check})
