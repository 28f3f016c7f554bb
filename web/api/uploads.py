"""Routes ``/api/v1/uploads``: takes files into the intake, and tells how they ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, BinaryIO

from fastapi import Depends, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError, StorageUnavailableError
from pipeline.intake import last_heartbeat
from pipeline.intake.uploads import (
    SentFile,
    UploadNote,
    UploadRefusedError,
    find_upload,
    keep_upload,
    receipts_of,
)
from pipeline.model import Receipt, Right
from pipeline.people.scopes import is_within
from storage import new_dossier_id
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import V1, api_router
from web.api.handed_in import ReceiptAnswer, receipt_answer
from web.context import AppContext
from web.people.disclosure import masked_receipt
from web.people.gate import Asked, CurrentAsk, needs, own_call
from web.people.visits import Visit
from web.request_limits import UPLOADS
from web.security import DossierId

router = api_router("uploads")
assert f"{V1}/uploads" == UPLOADS

_NAME, _FILE = "name", "file"
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [_FILE],
                    "additionalProperties": False,
                    "properties": {
                        _NAME: {
                            "type": "string",
                            "description": "name of the dossier, better its code; needed for"
                            " several files",
                        },
                        _FILE: {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                        },
                    },
                }
            }
        },
    }
}


class SentFileAnswer(ApiAnswer):
    """A file as it was taken: compare the hash with that of what was sent."""

    name: Text
    size: int
    sha256: str


class UploadAnswer(ApiAnswer):
    """An upload that was taken; the files are on the disk."""

    upload: str = Field(description="ask for its receipts by this id; often that of the dossier")
    at: Moment
    files: tuple[SentFileAnswer, ...]


class UploadStateAnswer(ApiAnswer):
    """How an upload ended."""

    upload: str
    at: Moment
    received: bool = Field(description="false: it still waits for the watcher")
    receipts: tuple[ReceiptAnswer, ...]


@router.post(
    "/uploads",
    status_code=202,
    dependencies=[needs(Right.UPLOAD), Depends(own_call)],
    openapi_extra=_FORM,
)
async def send_upload(request: Request, response: Response, asked: CurrentAsk) -> UploadAnswer:
    """Send the files of one dossier as multipart/form-data: parts «file», and «name»."""
    most = asked.context.settings.web.upload_files
    try:
        with asked.context.calls.upload_place():
            async with request.form(max_files=most, max_fields=1, max_part_size=1_000) as form:
                answer = await run_in_threadpool(_keep, asked, form)
    except ClientDisconnect as error:
        raise UploadRefusedError("Kết nối đứt khi đang gửi.", "Gửi lại từ đầu.") from error
    except OSError as error:  # the temporary folder is full
        raise StorageUnavailableError("Không còn chỗ để nhận tệp.") from error
    response.headers["Location"] = f"{UPLOADS}/{answer.upload}"
    return answer


@router.get("/uploads/{upload}", dependencies=[needs(Right.UPLOAD)])
def upload_state(asked: CurrentAsk, upload: DossierId) -> UploadStateAnswer:
    """Tell how the files of an upload of the own account ended."""
    context, visit = asked.context, asked.visit
    note = find_upload(context.settings.home, upload)
    if note is None or note.account != visit.name:
        raise ObjectMissingError("Không có lần gửi này.", "Kiểm tra lại mã đã nhận khi gửi.")
    kept = receipts_of(note, context.archive)
    asked.record(Verb.LIST, detail={"what": "upload", "upload": upload})
    lines = tuple(_line(context, visit, one) for one in kept.receipts) if kept else ()
    return UploadStateAnswer(upload=upload, at=note.at, received=kept is not None, receipts=lines)


def _keep(asked: Asked, form: FormData) -> UploadAnswer:
    files, name = _parts(form)
    return hand_in(asked, name, files)


def hand_in(asked: Asked, name: str, files: list[SentFile]) -> UploadAnswer:
    """Give the files of one dossier to the intake.

    Args:
        asked: the request.
        name: the name of the dossier; empty: the only file is it.
        files: the files.

    Raises:
        StorageUnavailableError: nothing takes files here, or the home is full.
        UploadRefusedError: there is no file, or its name cannot be kept.
    """
    settings = asked.context.settings
    if settings.storage.kind != "disk" and not _is_watched(asked.context):
        raise StorageUnavailableError("Không có chương trình nhận tệp trên máy này.")
    now = datetime.now(UTC)
    note = UploadNote(new_dossier_id(now), asked.visit.name, now)
    asked.record(Verb.RECEIVE, detail={"upload": note.id, "files": len(files)})
    kept = keep_upload(settings.home, name, files, note)
    sent = tuple(SentFileAnswer(**each._asdict()) for each in kept)
    return UploadAnswer(upload=note.id, at=now, files=sent)


def _is_watched(context: AppContext) -> bool:
    heartbeat = last_heartbeat(context.settings.home)
    return heartbeat is not None and not heartbeat.is_silent


def _parts(form: FormData) -> tuple[list[SentFile], str]:
    """Return the files and the name of the dossier; any other part is refused.

    Raises:
        UploadRefusedError: a part is unknown, or of the wrong kind.
    """
    files: list[SentFile] = []
    name = ""
    for part, value in form.multi_items():
        if part == _FILE and isinstance(value, UploadFile) and value.filename:
            content: BinaryIO = value.file
            files.append(SentFile(value.filename, content))
        elif part == _NAME and isinstance(value, str) and not name:
            name = value
        else:
            raise UploadRefusedError(
                f"Phần «{part[:40]}» không dùng được.",
                "Gửi multipart/form-data: mỗi tệp một phần «file» có tên tệp, một phần «name».",
            )
    return files, name


def _line(context: AppContext, visit: Visit, receipt: Receipt) -> ReceiptAnswer:
    """Return a receipt; a dossier that the visitor may not know is left out of it."""
    answer = receipt_answer(masked_receipt(visit, receipt))
    record = context.archive.find_record(receipt.dossier) if receipt.dossier else None
    if record is not None and is_within(visit.scope, record):
        return answer
    return answer.model_copy(update={"dossier": None})
