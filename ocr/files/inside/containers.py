"""Takes the files out of a file that holds files: ZIP, PDF portfolio, e-mail, edXML, document.

Runs in a worker process. An office document counts as a file that holds one other: its PDF.
"""

from __future__ import annotations

from pathlib import Path

from ocr.files import kinds
from ocr.files.inside import edxml, mail, office, office_parts, pdf_attachments, zip_files
from ocr.files.inside.packed import Member, Unpacking
from ocr.files.refusals import refusal_of


def unpack(path: Path, unpacking: Unpacking, seconds: float) -> list[Member]:
    """Take the files out of a file that holds files.

    Args:
        path: the file.
        unpacking: the folder the files are put in, and the bounds.
        seconds: the longest time that turning a document into PDF may take.

    Raises:
        RefusedScanError: the file holds no files, is damaged, or holds more than it may.
        ReadingTimeoutError: turning a document into PDF takes too long.
    """
    kind = kinds.kind_of(path)
    if kind == kinds.ZIP:
        zip_files.unpack(path, unpacking)
    elif kind == kinds.EDXML:
        edxml.unpack(path, unpacking)
    elif kind == kinds.PDF:
        pdf_attachments.unpack(path, unpacking)
    elif kind == kinds.MAIL and office_parts.can_convert(kind):
        text = unpacking.folder / "thu.rtf"
        mail.unpack(path, text, unpacking)
        _convert(text, kind, unpacking, seconds)
        unpacking.members.insert(0, unpacking.members.pop())
    elif office_parts.can_convert(kind):
        _convert(path, kind, unpacking, seconds)
    else:
        raise refusal_of(kind)
    return unpacking.members


def _convert(path: Path, kind: str, unpacking: Unpacking, seconds: float) -> None:
    made = office.convert(path, kind, unpacking.folder, seconds)
    name = "noi-dung-thu.pdf" if kind == kinds.MAIL else "ban-in.pdf"
    with made.open("rb") as source:
        unpacking.write((name,), source)
    made.unlink()
