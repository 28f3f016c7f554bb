"""Routes ``/ho-so/…``: a dossier's page, downloads of its files, and asking for another reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError
from pipeline.file_names import SUFFIXES, file_name
from pipeline.model import Record, Right, Scan
from pipeline.plain_text import remove_unseen
from pipeline.stages import ask_again
from web.context import Context
from web.masked.sight import sight_of
from web.pages.dossiers.checklist_view import SentMark, checklist_rows
from web.pages.dossiers.dossier_view import (
    DossierRequest,
    build_dossier_view,
    find_searchable_pdf,
)
from web.pages.dossiers.duplicates import duplicates_shown
from web.pages.operations.runs import run_of
from web.people.disclosure import check_clear
from web.people.gate import Asked, CurrentAsk, CurrentVisit, in_scope, needs, own_post
from web.people.recording import record_act
from web.searches.asked import SoughtWords
from web.security import DossierId, ScanHash

router = APIRouter(prefix="/ho-so")

_CHUNK = 1 << 18  # bytes
PDF = "application/pdf"


class JustDone(NamedTuple):
    """What the URL says of what was just done."""

    notice: str
    version: int  # that it wrote, which a button takes back; 0: none


NOTHING_DONE = JustDone("", 0)


def _told(
    notice: Annotated[str, Query(alias="bao", max_length=20)] = "",
    version: Annotated[int, Query(alias="ban", ge=0, le=10_000_000)] = 0,
) -> JustDone:
    return JustDone(notice, version)


CurrentDone = Annotated[JustDone, Depends(_told)]


def _asked(
    text: SoughtWords,
    page: Annotated[int, Query(alias="tu", ge=1, le=1_000_000)] = 1,
    everywhere: Annotated[str, Query(alias="ca", max_length=1)] = "",
    with_history: Annotated[str, Query(alias="lich-su", max_length=1)] = "",
) -> DossierRequest:
    return DossierRequest(text, page, bool(everywhere), bool(with_history))


@router.get("/{dossier}", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def dossier(
    visitor: CurrentAsk,
    dossier: DossierId,
    asked: Annotated[DossierRequest, Depends(_asked)],
    told: CurrentDone,
) -> Response:
    """Show a dossier."""
    return show_dossier(visitor, dossier, asked, told)


def show_dossier(
    visitor: Asked,
    dossier: str,
    wanted: DossierRequest,
    told: JustDone = NOTHING_DONE,
    refused: SentMark | None = None,
) -> Response:
    """Return the page of a dossier.

    Args:
        visitor: the person who looks.
        dossier: its id.
        wanted: the part of it that is wanted.
        told: the act that led here.
        refused: the mark of a component that could not be saved; None: there is none.
    """
    context, visit = visitor.context, visitor.visit
    sight = sight_of(context, visit, context.record(dossier))
    view = build_dossier_view(sight, wanted, visit.scope)
    purpose = sight.disclosure.purpose
    record_act(context.audit, visit, Verb.VIEW, view.dossier, purpose=purpose)
    shown: dict[str, Any] = {
        "view": view,
        "checklist": checklist_rows(view.dossier, refused),
        "refused": refused,
        "duplicates": duplicates_shown(sight, visit.scope),
        "text": wanted.text,
        "notice": told.notice,
        "done": told.version,
        "run": run_of(context, visit, dossier) if view.may_hand_out else "",
    }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return context.render("dossier.html", visit=visit, status=status, **shown)


@router.get("/{dossier}/tep/{sha256}", dependencies=[needs(Right.DOWNLOAD), Depends(in_scope)])
def original(
    context: Context, visit: CurrentVisit, dossier: DossierId, sha256: ScanHash
) -> Response:
    """Download an original, its bytes unchanged."""
    record = context.record_to_hand_out(dossier)
    scan = _find_scan(record, sha256)
    purpose, told = check_clear(context, visit, dossier).purpose, {"scan": sha256}
    record_act(context.audit, visit, Verb.ORIGINAL, record.dossier, told, purpose=purpose)
    name = file_name(scan.name, scan.media_type)
    return _download(context.archive.original(sha256), name, _media_type(scan))


@router.get(
    "/{dossier}/tep/{sha256}/tim-duoc.pdf",
    dependencies=[needs(Right.EXPORT), Depends(in_scope)],
)
def searchable_pdf(
    context: Context, visit: CurrentVisit, dossier: DossierId, sha256: ScanHash
) -> Response:
    """Download the searchable PDF of an original."""
    record = context.record_to_hand_out(dossier)
    scan = _find_scan(record, sha256)
    purpose, told = check_clear(context, visit, dossier).purpose, {"scan": sha256}
    made = find_searchable_pdf(context, record, sha256)
    if made is None or not made.pdf:
        raise ObjectMissingError("Chưa có PDF tìm được chữ của tệp này.", "Hãy tải tệp gốc.")
    if not context.is_inert(made):
        raise ObjectMissingError(
            "PDF tìm được chữ của tệp này do phiên bản cũ làm ra và có phần tự chạy được.",
            f"Nhờ người vận hành chạy `sohoa export {dossier}` để làm lại, hoặc tải tệp gốc.",
        )
    record_act(context.audit, visit, Verb.DOWNLOAD, record.dossier, told, purpose=purpose)
    name = file_name(Path(scan.name).stem, PDF, "-tim-duoc")
    return _download(context.archive.searchable_pdf(sha256, made.recipe), name, PDF)


@router.post(
    "/{dossier}/thu-lai", dependencies=[needs(Right.RETRY), Depends(own_post), Depends(in_scope)]
)
def retry(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    back: Annotated[str, Form(alias="ve")] = "",
) -> Response:
    """Queue a dossier for another reading, then redirect to the page the button was on."""
    record_act(context.audit, visit, Verb.RETRY, context.record(dossier).dossier)
    ask_again(dossier, context.archive, actor=visit.actor)
    is_back = back == "van-de" or not visit.may("view")
    target = "/van-de" if is_back else f"/ho-so/{dossier}"
    return RedirectResponse(f"{target}?bao=thu-lai", status_code=303)


def _find_scan(record: Record, sha256: str) -> Scan:
    """Return a scan of a dossier.

    Raises:
        ObjectMissingError: the dossier has no such scan.
    """
    scans = {scan.sha256: scan for scan in record.dossier.scans}
    if sha256 not in scans:
        raise ObjectMissingError("Hồ sơ này không có tệp đó.", "Hãy mở hồ sơ để chọn tệp.")
    return scans[sha256]


def _media_type(scan: Scan) -> str:
    """Return the Content-Type of a scan; unknown ones are plain bytes, so that no HTML runs."""
    return scan.media_type if scan.media_type in SUFFIXES else "application/octet-stream"


def _download(file: AbstractContextManager[Path], name: str, media_type: str) -> Response:
    """Stream a file that browsers save and never render: its bytes came from elsewhere.

    Args:
        file: opens the file; it is closed when the last byte was sent.
        name: the file name suggested to the browser.
        media_type: the Content-Type.
    """
    opened = ExitStack()
    path = opened.enter_context(file)
    return StreamingResponse(
        _chunks(path, opened),
        media_type=media_type,
        headers={
            "Content-Disposition": attachment(name),
            "Content-Length": str(path.stat().st_size),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _chunks(path: Path, opened: ExitStack) -> Iterator[bytes]:
    with opened, path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def attachment(name: str) -> str:
    """Return a Content-Disposition header that saves a file under this name (RFC 6266, RFC 5987).

    Folders and unseen characters are dropped; browsers too old for UTF-8 names get ASCII.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = remove_unseen(last) or "tep"
    stem = "".join(char if char.isalnum() and char.isascii() else "_" for char in Path(clean).stem)
    suffix = "".join(char for char in Path(clean).suffix if char.isascii() and char.isalnum())
    ascii_name = f"{stem}.{suffix}" if suffix else stem
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(clean, safe='')}"
