"""Routes ``/ban-quet/tep`` and ``/ban-quet/mo-khoa``: files from the desk go into the intake."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response

from ocr import unlock_pdf
from pipeline.audit import Verb
from pipeline.desk.files import DeskFile
from pipeline.desk.handed_in import forget, handing_in, still_open
from pipeline.desk.part_uploads import PartUpload, PartUploads
from pipeline.desk.refused_copy import copy_refused
from pipeline.errors import EncryptedScanError, SohoaError, StorageUnavailableError
from pipeline.intake.uploads import SentFile, UploadNote, UploadRefusedError
from pipeline.model import Right
from pipeline.private_files import private_root
from web.pages.desk.mending import keep, mend, private_place, waiting_line
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
    key, name = form.fields.get("thay", ""), form.fields.get("name", "").strip()
    is_one = bool(key or name)
    who = asked.visit.name
    notes: list[UploadNote] = []
    # Files by themselves: those that were taken in before another one failed are not sent again.
    wanted = form.parts if is_one else still_open(parts, form.parts, who)
    with handing_in(parts, wanted, who) as whole:
        sent: list[tuple[SentFile, PartUpload | None]] = [(each, None) for each in form.files]
        sent += [(SentFile(each.name, each.path), each) for each in whole]
        if not sent:
            raise UploadRefusedError("Chưa chọn tệp nào.", "Chọn tệp rồi gửi.")
        for together in [sent] if is_one else [[each] for each in sent]:
            files = [file for file, _ in together]
            note = _replace(asked, key, files) if key else keep(asked, name, files)
            notes.append(note)
            for _, part in together:
                if part is not None:
                    forget(part, note.id)
    return _answer(asked, "da-thay" if key else "da-gui", notes)


def _replace(asked: Asked, key: str, files: list[SentFile]) -> UploadNote:
    with waiting_line(asked, key) as (target, file):
        return mend(asked, target, file, files)


def _unlock(asked: Asked, form: FilesForm) -> Response:
    with waiting_line(asked, form.fields.get("dong", "")) as (target, file):
        _try_password(asked)
        private = private_root(asked.context.settings.home)
        with private_place(private) as folder:
            opened = _opened(asked, form, file, folder)
            with opened.open("rb") as stream:
                note = mend(asked, target, file, [SentFile("mo-khoa.pdf", stream)])
    return _answer(asked, "da-thay", [note])


def _opened(asked: Asked, form: FilesForm, file: DeskFile, folder: Path) -> Path:
    """Return a copy of a file in a folder, without its lock."""
    locked, opened = folder / "locked.pdf", folder / "opened.pdf"
    if form.files:
        _write(locked, form.files[0])
    elif not copy_refused(file, locked):
        raise UploadRefusedError(
            "Không thấy tệp bị khóa ở máy chủ.", "Chọn lại tệp đó cùng với mật khẩu."
        )
    password = form.fields.get("mat-khau", "")
    try:
        unlock_pdf(locked, password, opened, asked.context.settings.reading)
    except EncryptedScanError as error:
        raise WrongPasswordError(
            "Mật khẩu này không mở được tệp.", "Kiểm tra chữ hoa, chữ thường rồi nhập lại."
        ) from error
    return opened


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


def _answer(asked: Asked, notice: str, notes: list[UploadNote]) -> Response:
    if "application/json" in asked.request.headers.get("accept", ""):
        return JSONResponse({"uploads": [note.id for note in notes]}, status_code=202)
    return RedirectResponse(f"/ban-quet?bao={notice}", status_code=303)


def _write(target: Path, sent: SentFile) -> None:
    assert not isinstance(sent.content, Path)
    with target.open("xb") as stream:
        shutil.copyfileobj(sent.content, stream)
