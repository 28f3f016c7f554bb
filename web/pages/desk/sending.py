"""Routes ``/ban-quet/tep`` and ``/ban-quet/mo-khoa``: files from the desk go into the intake."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response

from ocr import unlock_pdf
from pipeline.audit import Verb
from pipeline.desk import decisions
from pipeline.desk.decisions import FileLine
from pipeline.desk.files import DeskFile, DeskState
from pipeline.desk.mended import MendedName, mended_name
from pipeline.desk.part_uploads import PartUploads
from pipeline.desk.refused_copy import copy_refused
from pipeline.errors import (
    CorrectionRefusedError,
    EncryptedScanError,
    SohoaError,
    StorageUnavailableError,
)
from pipeline.intake.uploads import SentFile, UploadNote, UploadRefusedError, keep_upload
from pipeline.model import Right
from pipeline.private_files import private_root
from pipeline.versions import Act
from storage import new_dossier_id
from web.pages.desk.desk_view import find_file
from web.people.gate import Asked, CurrentAsk, check_token, needs, own_upload
from web.request_limits import DESK_FILES, DESK_UNLOCK

router = APIRouter()

_SENDS = [needs(Right.UPLOAD), Depends(own_upload)]
_FIELDS = {"khoa", "name", "thay", "dong", "mat-khau"}
_LONGEST = 1_000  # bytes of a field


class WrongPasswordError(UploadRefusedError):
    """A password does not open a file; refusals are recorded by the name of their error."""


class FilesForm(NamedTuple):
    """What a form of the desk brings."""

    fields: dict[str, str]
    files: list[SentFile]
    parts: list[str]  # ids of files that were sent in parts


@router.post(DESK_FILES, dependencies=_SENDS)
async def send_files(asked: CurrentAsk) -> Response:
    """Take files into the intake: of one dossier, each by itself, or a mended one for another."""
    with asked.context.calls.upload_place():
        async with _form(asked) as form:
            return await run_in_threadpool(_take, asked, form)


@router.post(DESK_UNLOCK, dependencies=_SENDS)
async def unlock(asked: CurrentAsk) -> Response:
    """Take the lock off a refused PDF by its password, and take the copy in its place."""
    with asked.context.calls.upload_place():
        async with _form(asked) as form:
            return await run_in_threadpool(_unlock, asked, form)


class _form:  # noqa: N801 — used as a function
    """Reads a form whose files may be large, for as long as the block lasts."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._space = PartUploads(asked.context.settings.home, asked.context.settings.web)

    async def __aenter__(self) -> FilesForm:
        length = self._asked.request.headers.get("content-length", "0")
        self._space.check_space(int(length))
        most = self._asked.context.settings.web.upload_files
        self._reading = self._asked.request.form(
            max_files=most, max_fields=most + len(_FIELDS), max_part_size=_LONGEST
        )
        try:
            form = await self._reading.__aenter__()
        except ClientDisconnect as error:
            raise UploadRefusedError("Kết nối đứt khi đang gửi.", "Gửi lại từ đầu.") from error
        except OSError as error:  # the temporary folder is full
            raise StorageUnavailableError("Không còn chỗ để nhận tệp.") from error
        try:
            check_token(self._asked.visit, str(form.get("khoa", "")))
            return _sent(form)
        except SohoaError:
            await self.__aexit__(None, None, None)
            raise

    async def __aexit__(self, *raised: object) -> None:
        await self._reading.__aexit__(*raised)  # type: ignore[arg-type]


def _sent(form: FormData) -> FilesForm:
    """Sort what a form brings. Raises ``UploadRefusedError`` for anything that is not of it."""
    sent = FilesForm({}, [], [])
    for part, value in form.multi_items():
        if isinstance(value, UploadFile):
            if part == "file" and value.filename:
                sent.files.append(SentFile(value.filename, value.file))
        elif part == "gui":
            sent.parts.append(value)
        elif part in _FIELDS and part not in sent.fields:
            sent.fields[part] = value
        else:
            raise UploadRefusedError(f"Phần «{part[:40]}» không dùng được.", "Tải lại trang.")
    return sent


def _take(asked: Asked, form: FilesForm) -> Response:
    parts = PartUploads(asked.context.settings.home, asked.context.settings.web)
    whole = [parts.find(each, asked.visit.name) for each in form.parts]
    if any(not each.is_whole for each in whole):
        raise UploadRefusedError("Có tệp chưa gửi xong.", "Gửi tiếp phần còn lại.")
    files = [*form.files, *(SentFile(each.name, each.path) for each in whole)]
    if not files:
        raise UploadRefusedError("Chưa chọn tệp nào.", "Chọn tệp rồi gửi.")
    if key := form.fields.get("thay", ""):
        target, file = to_mend(asked, key)
        notes = [mend(asked, target, file, files)]
    elif name := form.fields.get("name", "").strip():
        notes = [_keep(asked, name, files)]
    else:
        notes = [_keep(asked, "", [each]) for each in files]
    for each in whole:
        shutil.rmtree(each.path.parent, ignore_errors=True)  # the intake has it
    return _answer(asked, "da-thay" if key else "da-gui", notes)


def _unlock(asked: Asked, form: FilesForm) -> Response:
    target, file = to_mend(asked, form.fields.get("dong", ""))
    settings = asked.context.settings
    _try_password(asked)
    private = private_root(settings.home)
    with private_place(private) as folder:
        locked, opened = folder / "locked.pdf", folder / "opened.pdf"
        if form.files:
            _write(locked, form.files[0])
        elif not copy_refused(file, locked):
            raise UploadRefusedError(
                "Không thấy tệp bị khóa ở máy chủ.", "Chọn lại tệp đó cùng với mật khẩu."
            )
        try:
            unlock_pdf(locked, form.fields.get("mat-khau", ""), opened, settings.reading)
        except EncryptedScanError as error:
            raise WrongPasswordError(
                "Mật khẩu này không mở được tệp.", "Kiểm tra chữ hoa, chữ thường rồi nhập lại."
            ) from error
        with opened.open("rb") as stream:
            note = mend(asked, target, file, [SentFile("mo-khoa.pdf", stream)])
    return _answer(asked, "da-thay", [note])


def _try_password(asked: Asked) -> None:
    """Count and record a try before it is known whether the password is right.

    Raises:
        AuditUnavailableError: it could not be recorded.
        TooManyCallsError: it is one too many of this account, however often it signs in.
    """
    visit = asked.visit
    who = visit.visitor.address if visit.is_demonstration else f"account {visit.name}"
    asked.context.lookups.take(f"password {who}")
    asked.record(Verb.RECEIVE, detail={"what": "password"})


def to_mend(asked: Asked, key: str) -> tuple[FileLine, DeskFile]:
    """Return the line that a form names, which must wait for a person.

    Raises:
        CorrectionRefusedError: somebody has done something about it.
        ObjectMissingError: there is no such line, or it is not for this visit.
    """
    target, file = find_file(asked.context, asked.visit, key)
    if file.state is not DeskState.TODO or file.seen != target.seen:
        raise CorrectionRefusedError(
            "Tệp này không còn chờ xử lý: có người vừa làm rồi.", "Tải lại bàn quét rồi xem."
        )
    return target, file


def mend(asked: Asked, target: FileLine, file: DeskFile, files: list[SentFile]) -> UploadNote:
    """Take a mended file in, then close the line it is for."""
    if len(files) != 1:
        raise UploadRefusedError("Một tệp chỉ thay bằng một tệp.", "Chọn một tệp.")
    named = mended_name(file, files[0].name)
    sent = [SentFile(named.file, files[0].content)]
    origin = file.folder if file.folder.is_dir() else None
    note = _keep(asked, named.folder, sent, origin)
    act = Act(asked.visit.name, _shown(named))
    decisions.close_as_replaced(target, note.id, asked.context.archive, act)
    return note


def _shown(named: MendedName) -> str:
    return f"{named.folder}/{named.file}" if named.folder else named.file


def _keep(asked: Asked, name: str, files: list[SentFile], origin: Path | None = None) -> UploadNote:
    now = datetime.now(UTC)
    note = UploadNote(new_dossier_id(now), asked.visit.name, now)
    asked.record(Verb.RECEIVE, detail={"upload": note.id, "files": len(files)})
    keep_upload(asked.context.settings.home, name, files, note, origin=origin)
    return note


def _answer(asked: Asked, notice: str, notes: list[UploadNote]) -> Response:
    if "application/json" in asked.request.headers.get("accept", ""):
        return JSONResponse({"uploads": [note.id for note in notes]}, status_code=202)
    return RedirectResponse(f"/ban-quet?bao={notice}", status_code=303)


def _write(target: Path, sent: SentFile) -> None:
    assert not isinstance(sent.content, Path)
    with target.open("xb") as stream:
        shutil.copyfileobj(sent.content, stream)


@contextmanager
def private_place(above: Path) -> Iterator[Path]:
    """Lend a private folder that is removed with what is in it."""
    with tempfile.TemporaryDirectory(dir=above, prefix="sohoa-desk-") as folder:
        yield Path(folder)
