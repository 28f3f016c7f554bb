"""Runs the worker process that builds searchable PDFs.

    python -m ocr.pdfa.worker

It is another process than the one that opens pages, because its libraries take memory and time to
load that no page should wait for.
"""

from __future__ import annotations

from pathlib import Path

from ocr.files import kinds, pdf_structure
from ocr.pdfa import TARGET
from ocr.pdfa.build import PdfJob, build_pdf, prepare
from ocr.pdfa.inert import is_inert
from ocr.sandbox.job import Job, printable
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


def _check(job: Job) -> Message:
    return {"is_inert": is_inert(job.source)}


if __name__ == "__main__":
    prepare()  # each job's process is a copy of this one
    serve({"bind": _bind, "check": _check})
