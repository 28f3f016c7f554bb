"""``/ho-so/…``: a dossier, its originals, and asking for another reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pipeline.errors import ObjectMissingError, WithheldError
from pipeline.model import Record, Scan
from pipeline.stages import WITHHELD, ask_again
from web.context import Here
from web.pages.dossier_view import find_searchable_pdf, show_dossier
from web.security import DossierId, ScanHash, own_post

router = APIRouter(prefix="/ho-so")

_CHUNK = 1 << 18  # bytes
# What a scanner writes. Anything else goes out as bytes: a page of HTML never runs as ours.
_MEDIA_TYPES = {"application/pdf", "image/tiff", "image/jpeg", "image/png"}


@router.get("/{dossier}")
def dossier(
    context: Here,
    dossier: DossierId,
    q: Annotated[str, Query(max_length=300)] = "",
    notice: Annotated[str, Query(alias="bao", max_length=20)] = "",
) -> Response:
    """Show a dossier."""
    shown = show_dossier(context, dossier, q)
    return context.show("dossier.html", shown=shown, text=q, notice=notice)


@router.get("/{dossier}/tep/{sha256}")
def original(context: Here, dossier: DossierId, sha256: ScanHash) -> Response:
    """Hand out an original as it arrived."""
    record = context.record(dossier)
    scan = _scan(record, sha256)
    return _saved(context.archive.original(sha256), scan.name, _media_type(scan))


@router.get("/{dossier}/tep/{sha256}/tim-duoc.pdf")
def searchable(context: Here, dossier: DossierId, sha256: ScanHash) -> Response:
    """Hand out the searchable PDF of an original."""
    record = context.record(dossier)
    scan = _scan(record, sha256)
    made = find_searchable_pdf(context, record, sha256)
    if made is None or not made.pdf:
        raise ObjectMissingError("Chưa có PDF tìm được chữ của tệp này.", "Hãy tải tệp gốc.")
    name = f"{Path(scan.name).stem}-tim-duoc.pdf"
    return _saved(context.archive.searchable_pdf(sha256, made.recipe), name, "application/pdf")


def _scan(record: Record, sha256: str) -> Scan:
    """Return a scan of a dossier that may be handed out."""
    if record.action == WITHHELD:
        raise WithheldError("Tài liệu mật không được đưa ra ở đây.", "Hỏi người phụ trách bảo mật.")
    scans = {scan.sha256: scan for scan in record.dossier.scans}
    if sha256 not in scans:
        raise ObjectMissingError("Hồ sơ này không có tệp đó.", "Hãy mở hồ sơ để chọn tệp.")
    return scans[sha256]


def _saved(file: AbstractContextManager[Path], name: str, media_type: str) -> Response:
    """Answer with a file that is saved, never shown: its bytes came from elsewhere."""
    lent = ExitStack()
    path = lent.enter_context(file)
    return StreamingResponse(
        _chunks(path, lent),
        media_type=media_type,
        headers={
            "Content-Disposition": attachment(name),
            "Content-Length": str(path.stat().st_size),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@router.post("/{dossier}/thu-lai", dependencies=[Depends(own_post)])
def retry(
    context: Here, dossier: DossierId, back: Annotated[str, Form(alias="ve")] = ""
) -> Response:
    """Ask for another reading and go back to where the button was."""
    ask_again(dossier, context.archive)
    target = "/van-de" if back == "van-de" else f"/ho-so/{dossier}"
    return RedirectResponse(f"{target}?bao=thu-lai", status_code=303)


def attachment(name: str) -> str:
    """Return a Content-Disposition that saves under this name (RFC 6266, RFC 5987).

    Folders and control characters are dropped; browsers too old for UTF-8 names get ASCII.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(char for char in last if char.isprintable()) or "tep"
    plain = "".join(char if char.isalnum() and char.isascii() else "_" for char in Path(clean).stem)
    suffix = "".join(char for char in Path(clean).suffix if char.isascii() and char.isalnum())
    ascii_name = f"{plain}.{suffix}" if suffix else plain
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _media_type(scan: Scan) -> str:
    return scan.media_type if scan.media_type in _MEDIA_TYPES else "application/octet-stream"


def _chunks(path: Path, lent: ExitStack) -> Iterator[bytes]:
    with lent, path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
