"""Takes a mended file in for one that was refused, once, and closes the line of the refused one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.audit import Verb
from pipeline.desk import decisions
from pipeline.desk.claims import check_unclaimed, claimed
from pipeline.desk.decisions import FileLine
from pipeline.desk.files import DeskFile, DeskState
from pipeline.desk.mended import MendedName, mended_name
from pipeline.errors import CorrectionRefusedError
from pipeline.intake.uploads import SentFile, UploadNote, UploadRefusedError, keep_upload
from pipeline.versions import Act
from storage import new_dossier_id
from web.pages.desk.desk_view import find_file, parse_key
from web.people.gate import Asked


@contextmanager
def waiting_line(asked: Asked, key: str) -> Iterator[tuple[FileLine, DeskFile]]:
    """Lend the line that a form names to the only one who mends its file.

    Raises:
        CorrectionRefusedError: somebody has done something about it.
        ObjectExistsError: somebody mends it at this moment.
        ObjectMissingError: there is no such line, or it is not for this visit.
    """
    with claimed(asked.context.settings.home, _claim(parse_key(key))):
        target, file = find_file(asked.context, asked.visit, key)
        if file.state is not DeskState.TODO or file.seen != target.seen:
            raise CorrectionRefusedError(
                "Tệp này không còn chờ xử lý: có người vừa làm rồi.", "Tải lại bàn quét rồi xem."
            )
        yield target, file


def check_unmended(asked: Asked, target: FileLine) -> None:
    """Raise ``ObjectExistsError`` while somebody mends the file of a line."""
    check_unclaimed(asked.context.settings.home, _claim(target))


def mend(asked: Asked, target: FileLine, file: DeskFile, files: list[SentFile]) -> UploadNote:
    """Take a mended file in, then close the line it is for; ``waiting_line`` lends the line."""
    if len(files) != 1:
        raise UploadRefusedError("Một tệp chỉ thay bằng một tệp.", "Chọn một tệp.")
    named = mended_name(file, files[0].name)
    sent = [SentFile(named.file, files[0].content)]
    origin = file.folder if file.folder.is_dir() else None
    decisions.check_seen(target, asked.context.archive)  # to make a PDF may have taken a minute
    note = keep(asked, named.folder, sent, origin)
    act = Act(asked.visit.name, _shown(named))
    decisions.close_as_replaced(target, note.id, asked.context.archive, act)
    return note


def keep(asked: Asked, name: str, files: list[SentFile], origin: Path | None = None) -> UploadNote:
    """Give files to the intake, as one dossier where they have a name.

    Args:
        asked: the request.
        name: the name of the dossier; empty: the only file is it.
        files: the files.
        origin: the watched folder that receipts name; None: that of uploads.

    Raises:
        StorageUnavailableError: the home is full or read-only.
        UploadRefusedError: there is no file, or its name cannot be kept.
    """
    now = datetime.now(UTC)
    note = UploadNote(new_dossier_id(now), asked.visit.name, now)
    asked.record(Verb.RECEIVE, detail={"upload": note.id, "files": len(files)})
    keep_upload(asked.context.settings.home, name, files, note, origin=origin)
    return note


@contextmanager
def private_place(above: Path) -> Iterator[Path]:
    """Lend a private folder that is removed with what is in it."""
    with tempfile.TemporaryDirectory(dir=above, prefix="sohoa-desk-") as folder:
        yield Path(folder)


def _claim(target: FileLine) -> str:
    return f"line {target.day} {target.drop} {target.line}"


def _shown(named: MendedName) -> str:
    return f"{named.folder}/{named.file}" if named.folder else named.file
