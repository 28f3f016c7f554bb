"""Runs the worker process that builds searchable PDFs.

    python -m ocr.pdfa.worker

It is another process than the one that opens pages, because its libraries take memory and time to
load that no page should wait for.
"""

from __future__ import annotations

from pathlib import Path

from ocr.files import kinds, pdf_structure
from ocr.pdfa.build import PdfJob, build_pdf
from ocr.pdfa.inert import is_inert
from ocr.sandbox.serving import Message, serve


def _bind(message: Message) -> Message:
    job = PdfJob(
        source=_readable(message),
        media_type=message["media_type"],
        words=Path(message["words"]),
        target=Path(message["target"]),
        level=message["level"],
        title=message["title"],
        code=message["code"],
        seconds=message["seconds"],
    )
    return build_pdf(job)


def _readable(message: Message) -> Path:
    """Return the scan, without its lock where it is a locked PDF and its password is known."""
    path = Path(message["path"])
    if message["media_type"] != kinds.PDF:
        return path
    unlocked = Path(message["folder"], "unlocked.pdf")
    return pdf_structure.unlocked(path, message.get("passwords", ()), unlocked)


def _check(message: Message) -> Message:
    return {"is_inert": is_inert(Path(message["path"]))}


if __name__ == "__main__":
    serve({"bind": _bind, "check": _check})
