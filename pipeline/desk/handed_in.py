"""Hands files that came in parts over to the intake, each of them once.

While one hands a file in, nobody else does or writes to it. Of what the intake has, a note stays
for as long as a file that nobody goes on with: the id of the upload, for whoever asks again.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from pipeline.desk.part_uploads import PartUpload, PartUploads
from pipeline.errors import ObjectExistsError
from pipeline.intake.uploads import UploadRefusedError
from pipeline.private_files import create_private

_RECEIVED = "received.json"  # in place of a file: its account, and the upload that brought it


@contextmanager
def handing_in(
    parts: PartUploads, uploads: Iterable[str], account: str
) -> Iterator[list[PartUpload]]:
    """Lend whole files, in their order, to the only one who hands them in.

    Args:
        parts: the files of the home.
        uploads: ids of the files.
        account: the account that sent them.

    Raises:
        ObjectExistsError: one was handed in already, or is at this moment.
        ObjectMissingError: there is no such upload of this account.
        UploadRefusedError: one is not whole.
    """
    named = list(dict.fromkeys(uploads))
    with ExitStack() as held:
        for each in sorted(named):  # of two who name the same files one gets them all
            _check_open(parts, each, account)
            _hold(parts.find(each, account), held)
            _check_open(parts, each, account)  # whoever was faster has ended
        found = [parts.find(each, account) for each in named]
        if any(not each.is_whole for each in found):
            raise UploadRefusedError("Có tệp chưa gửi xong.", "Gửi tiếp phần còn lại.")
        yield found


def still_open(parts: PartUploads, uploads: Iterable[str], account: str) -> list[str]:
    """Return the files that were not handed in; all of them where every one was."""
    named = list(dict.fromkeys(uploads))
    return [each for each in named if not _received(parts, each, account)] or named


def forget(handed_in: PartUpload, upload: str) -> None:
    """Forget a file that the intake has, but for the id of the upload that brought it."""
    place = handed_in.path.parent
    try:
        told = {"account": handed_in.account, "upload": upload}
        create_private(place / _RECEIVED, json.dumps(told).encode())
        handed_in.path.unlink(missing_ok=True)
        (place / "note.json").unlink(missing_ok=True)  # names of files are names of people
    except OSError:  # a full disk: rather no note than a file that can be handed in again
        shutil.rmtree(place, ignore_errors=True)


def _hold(found: PartUpload, held: ExitStack) -> None:
    try:
        stream = held.enter_context(found.path.open("rb"))
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError) as error:
        raise ObjectExistsError(
            "Tệp này đang được gửi hoặc đang được nhận ở một lần gửi khác.",
            "Đợi một lát rồi xem biên nhận; đừng gửi lại từ đầu.",
        ) from error


def _check_open(parts: PartUploads, upload: str, account: str) -> None:
    if brought := _received(parts, upload, account):
        raise ObjectExistsError(
            f"Tệp này đã được nhận rồi, ở lần gửi {brought}.",
            "Đừng gửi lại; xem bàn quét hoặc biên nhận của lần gửi đó.",
        )


def _received(parts: PartUploads, upload: str, account: str) -> str:
    """Return the id of the upload that brought a file of an account; empty: none did."""
    place = parts.place(upload)
    try:
        told = json.loads((place / _RECEIVED).read_bytes()) if place else {}
        return str(told["upload"]) if told["account"] == account else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
