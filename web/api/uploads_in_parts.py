"""Routes ``/api/v1/uploads/parts``: a large file comes in parts, whatever connections are lost.

The files of a dossier are begun, brought part by part, and then handed in together by their ids.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.desk.handed_in import forget, handing_in
from pipeline.desk.part_uploads import PartUpload
from pipeline.errors import StorageUnavailableError
from pipeline.intake.uploads import SentFile
from pipeline.model import Right
from web.api.answers import ApiAnswer, Text
from web.api.calls import V1, api_router
from web.api.uploads import UploadAnswer, hand_in
from web.pages.desk.parts import part_uploads, receive_part
from web.people.gate import CurrentAsk, needs, own_call
from web.request_limits import API_PARTS, MAX_PART, UPLOADS

router = api_router("uploads")
assert f"{V1}/uploads/parts" == API_PARTS

_SENDS = [needs(Right.UPLOAD), Depends(own_call)]
_MOST_FILES = 200
PartId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class BegunFile(BaseModel):
    """A file that is about to be sent."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=400)
    length: int = Field(ge=0, description="bytes of the whole file")


class WholeFiles(BaseModel):
    """The files of one dossier, all of which came."""

    model_config = ConfigDict(extra="forbid")

    parts: tuple[str, ...] = Field(
        min_length=1, max_length=_MOST_FILES, description="ids of the files"
    )
    name: str = Field(default="", max_length=400, description="needed for several files")


class PartAnswer(ApiAnswer):
    """How much of a file came."""

    part: str
    name: Text = Field(description="as it will be kept")
    length: int
    offset: int = Field(description="bytes that came: the next part begins there")
    most: int = Field(description="bytes of one part at most")


@router.post("/uploads/parts", status_code=201, dependencies=_SENDS)
def begin_file(asked: CurrentAsk, response: Response, sent: BegunFile) -> PartAnswer:
    """Begin a file that is sent in parts; one that nobody goes on with is forgotten."""
    asked.record(Verb.RECEIVE, detail={"what": "parts", "bytes": sent.length})
    try:
        made = part_uploads(asked).begin(asked.visit.name, sent.name, sent.length)
    except OSError as error:
        raise StorageUnavailableError("Không ghi được tệp gửi lên.") from error
    response.headers["Location"] = f"{API_PARTS}/{made.id}"
    return _answer(made)


@router.get("/uploads/parts/{upload}", dependencies=[needs(Right.UPLOAD)])
def file_state(asked: CurrentAsk, upload: PartId) -> PartAnswer:
    """Tell how much of a file of the own account came."""
    asked.record(Verb.LIST, detail={"what": "parts"})
    return _answer(part_uploads(asked).find(upload, asked.visit.name))


@router.patch("/uploads/parts/{upload}", dependencies=_SENDS, openapi_extra=_BYTES)
async def send_part(
    asked: CurrentAsk,
    upload: PartId,
    offset: Annotated[int, Query(ge=0, description="bytes that came so far")] = 0,
) -> PartAnswer:
    """Bring the next bytes; what came before a connection was lost is kept."""
    asked.record(Verb.RECEIVE, detail={"what": "part"})
    parts = part_uploads(asked)
    with suppress(ClientDisconnect):
        await receive_part(asked, parts.find(upload, asked.visit.name), offset)
    return _answer(parts.find(upload, asked.visit.name))


@router.delete(
    "/uploads/parts/{upload}", status_code=204, dependencies=_SENDS, response_class=Response
)
def forget_file(asked: CurrentAsk, upload: PartId) -> Response:
    """Forget a file that is not wanted any more."""
    asked.record(Verb.RECEIVE, detail={"what": "parts forgotten"})
    part_uploads(asked).remove(upload, asked.visit.name)
    return Response(status_code=204)


@router.post("/uploads/whole", status_code=202, dependencies=_SENDS)
def hand_in_whole(asked: CurrentAsk, response: Response, sent: WholeFiles) -> UploadAnswer:
    """Hand in the files of one dossier that were sent in parts; each of them once."""
    asked.record(Verb.RECEIVE, detail={"what": "whole", "files": len(sent.parts)})
    with (
        asked.context.calls.upload_place(),
        handing_in(part_uploads(asked), sent.parts, asked.visit.name) as found,
    ):
        files = [SentFile(each.name, each.path) for each in found]
        answer = hand_in(asked, sent.name.strip(), files)
        for each in found:
            forget(each, answer.upload)
    response.headers["Location"] = f"{UPLOADS}/{answer.upload}"
    return answer


def _answer(found: PartUpload) -> PartAnswer:
    return PartAnswer(
        part=found.id, name=found.name, length=found.length, offset=found.offset, most=MAX_PART
    )
