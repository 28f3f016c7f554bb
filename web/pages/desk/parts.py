"""Routes ``/ban-quet/gui``: a large file comes in parts, and goes on after a lost connection.

A subset of tus 1.0 (core, creation, termination; https://tus.io): POST with ``Upload-Length`` and
``Upload-Metadata`` begins, HEAD says how much came, PATCH brings the next bytes, DELETE forgets.
The whole file is then named in the form of ``/ban-quet/tep`` by its id.
"""

from __future__ import annotations

import base64
import binascii
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.desk.part_uploads import PartUpload, PartUploads
from pipeline.errors import ObjectExistsError, StorageUnavailableError
from pipeline.intake.uploads import UploadRefusedError
from pipeline.model import Right
from web.people.gate import Asked, CurrentAsk, check_token, needs, own_upload
from web.request_limits import DESK_PARTS, MAX_PART

router = APIRouter(prefix=DESK_PARTS)

TUS = {"Tus-Resumable": "1.0.0"}
_BUFFER = 1 << 20  # bytes that are written at a time
_SENDS = [needs(Right.UPLOAD), Depends(own_upload)]
UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Token = Annotated[str, Header(alias="x-khoa", max_length=200)]


@router.post("", dependencies=_SENDS)
def begin(
    asked: CurrentAsk,
    length: Annotated[int, Header(alias="upload-length")] = -1,
    metadata: Annotated[str, Header(alias="upload-metadata", max_length=4_000)] = "",
    token: Token = "",
) -> Response:
    """Begin a file."""
    check_token(asked.visit, token)
    asked.record(Verb.RECEIVE, detail={"what": "parts", "bytes": length})
    try:
        made = part_uploads(asked).begin(asked.visit.name, _file_name(metadata), length)
    except OSError as error:
        raise StorageUnavailableError("Không ghi được tệp gửi lên.") from error
    headers = {"Location": f"{DESK_PARTS}/{made.id}", "Upload-Offset": "0"}
    return Response(status_code=201, headers=TUS | headers)


@router.head("/{upload}", dependencies=[needs(Right.UPLOAD)])
def how_far(asked: CurrentAsk, upload: UploadId) -> Response:
    """Say how much of a file came."""
    found = part_uploads(asked).find(upload, asked.visit.name)
    return Response(headers=_told(found) | {"Upload-Length": str(found.length)})


@router.patch("/{upload}", dependencies=_SENDS)
async def go_on(
    asked: CurrentAsk,
    upload: UploadId,
    offset: Annotated[int, Header(alias="upload-offset")] = -1,
    token: Token = "",
) -> Response:
    """Take the next bytes of a file; those that came before a connection was lost are kept."""
    check_token(asked.visit, token)
    found = part_uploads(asked).find(upload, asked.visit.name)
    with suppress(ClientDisconnect):
        await receive_part(asked, found, offset)
    return Response(
        status_code=204, headers=_told(part_uploads(asked).find(upload, asked.visit.name))
    )


@router.delete("/{upload}", dependencies=_SENDS)
def forget(asked: CurrentAsk, upload: UploadId, token: Token = "") -> Response:
    """Forget a file that is not wanted any more."""
    check_token(asked.visit, token)
    asked.record(Verb.RECEIVE, detail={"what": "parts forgotten"})
    part_uploads(asked).remove(upload, asked.visit.name)
    return Response(status_code=204, headers=TUS)


async def receive_part(asked: Asked, found: PartUpload, offset: int) -> None:
    """Write the body of a request behind what came of a file.

    Args:
        asked: the request.
        found: the file.
        offset: the bytes that came, as the sender believes.

    Raises:
        ClientDisconnect: the connection was lost; what came before is kept.
        ObjectExistsError: other bytes come next, or another connection writes.
        StorageUnavailableError: the disk is full.
        UploadRefusedError: more comes than was announced.
    """
    left = found.length - offset
    try:
        with part_uploads(asked).part(found.id, asked.visit.name, offset) as stream:
            waiting = bytearray()
            try:
                async for chunk in asked.request.stream():
                    left -= len(chunk)
                    if left < 0:
                        raise UploadRefusedError("Tệp dài hơn đã báo.", "Gửi lại tệp từ đầu.")
                    waiting += chunk
                    if len(waiting) >= _BUFFER:
                        await run_in_threadpool(stream.write, bytes(waiting))
                        waiting.clear()
            finally:
                if left >= 0:
                    stream.write(bytes(waiting))
    except ObjectExistsError:
        raise
    except OSError as error:
        raise StorageUnavailableError("Không ghi được tệp gửi lên.") from error


def part_uploads(asked: Asked) -> PartUploads:
    """Return the files of the home that are being sent in parts."""
    settings = asked.context.settings
    return PartUploads(settings.home, settings.web)


def _told(found: PartUpload) -> dict[str, str]:
    return TUS | {"Upload-Offset": str(found.offset), "Sohoa-Most": str(MAX_PART)}


def _file_name(metadata: str) -> str:
    """Return the name of the file (tus, creation: pairs of key and Base64, parted by commas)."""
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise UploadRefusedError("Tên tệp gửi lên không đọc được.") from error
    raise UploadRefusedError("Tệp gửi lên không có tên.", "Gửi kèm Upload-Metadata: filename.")
