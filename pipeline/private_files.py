"""Keeps a home's files for its own user: umask, modes of folders, temporary files and their sweep.

Everything but the watched folder is for the service alone. Modes are not set file by file: the
umask of every process is 077, and the folders directly below the home are closed, so what older
versions left open inside them cannot be reached either.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pipeline.errors import MisconfiguredError, ServiceUnavailableError
from pipeline.leases import is_gone, process_identity

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What may lie in a home. A setting may name a folder by mistake that has things of others in it.
_OURS = re.compile(
    r"store|spool|uploads|inbox|tmp|prefect|keys|audit|operation|worker-alive|sohoa\.toml"
    r"|lost\+found|restoring\.json"
    r"|(?:index|procedures\.csv|(?:accounts|owners|review|reprocess|verify)\.sqlite3"
    r"|\.?watch\.json|\.?watcher-id)\b.*"
)
HALF_RESTORED = "restoring.json"  # in a home, while a backup is being restored into it
_FULL = ("ổ đĩa đã đầy", "Hãy dọn chỗ rồi thử lại.")
_NO_ROOM = {  # what is said of a disk that takes no file now, and what to do
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: ("ổ đĩa chỉ cho đọc", "Hãy gắn lại ổ đĩa để ghi được rồi thử lại."),
}
_SET_DUMPABLE = 4  # prctl: PR_SET_DUMPABLE


def harden_process() -> None:
    """Make what this process creates unreadable to others, and its memory and environment too.

    A process that is not dumpable has its ``/proc`` files owned by root: another process of the
    same user, such as a parser that was taken over, reads neither its environment nor its memory.
    """
    os.umask(0o077)
    # Not all systems have prctl; then umask and the sandbox have to do.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def close_home(home: Path, watched: list[Path]) -> None:
    """Close what is ours in a home to other users; make the home itself where it is missing.

    The home is closed as well, unless something else lies in it.

    Args:
        home: the home.
        watched: the watched folders; one inside the home stays reachable through it.

    Raises:
        OSError: the home cannot be made.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    inside = [folder for folder in watched if folder.absolute().is_relative_to(home.absolute())]
    if all(_OURS.fullmatch(path.name) for path in home.iterdir()):
        _set_mode(home, 0o711 if inside else 0o700)
    for path in _ours(home, inside):
        _set_mode(path, 0o700 if path.is_dir() else 0o600)


def open_to_others(home: Path, watched: list[Path]) -> list[Path]:
    """Return what is ours, directly in a home, and other users could read or enter."""
    inside = [folder for folder in watched if folder.absolute().is_relative_to(home.absolute())]
    return [path for path in _ours(home, inside) if path.stat().st_mode & _OTHERS]


def _ours(home: Path, watched: list[Path]) -> Iterator[Path]:
    """Yield what is ours, directly in a home; the way to a watched folder is left out."""
    with suppress(FileNotFoundError):
        for path in home.iterdir():
            leads_there = any(
                folder.absolute().is_relative_to(path.absolute()) for folder in watched
            )
            is_ours = _OURS.fullmatch(path.name) and not path.is_symlink()
            if is_ours and not leads_there:
                yield path


def _set_mode(path: Path, mode: int) -> None:
    # A home on a share that forces modes, or that somebody else owns: doctor tells.
    with suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) != mode:
            path.chmod(mode)


def private_root(home: Path) -> Path:
    """Return this process's folder for temporary files: its own, in a root for this user alone.

    The root lies in the home, or in the folder that ``TMPDIR`` names.

    Raises:
        OSError: it cannot be made.
    """
    root = _root(home)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = root.lstat()  # whoever made it before us in a folder open to all could look into it
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "another user made the temporary folder", str(root))
    root.chmod(0o700)
    folder = root / process_folder()
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def use_private_root(home: Path) -> None:
    """Have all temporary files of this process made in its private folder. Raises ``OSError``."""
    tempfile.tempdir = str(private_root(home))


def remove_private_root(home: Path) -> None:
    """Remove this process's folder for temporary files, when it ends."""
    shutil.rmtree(_root(home) / process_folder(), ignore_errors=True)


def left_over(home: Path) -> list[Path]:
    """Return the temporary folders of processes that no longer run: pictures of people's papers."""
    root = _root(home)
    if not root.is_dir():
        return []
    return [folder for folder in sorted(root.iterdir()) if is_left_over(folder.name)]


def sweep(home: Path) -> int:
    """Remove the temporary folders of processes that no longer run; return how many there were."""
    folders = left_over(home)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return len(folders)


def process_folder() -> str:
    """Return the name of the folders that this process makes for itself."""
    return process_identity(os.getpid()).replace(":", "_")


def is_left_over(name: str) -> bool:
    """Tell whether a folder has the name of a process's own, and that process no longer runs."""
    try:
        return is_gone(":".join(name.rsplit("_", 2)))
    except ValueError:  # no folder of ours
        return False


def create_private(path: Path, data: bytes) -> None:
    """Create a file that only its owner reads, on the disk. Raises ``OSError``.

    Its name is on the disk after ``fsync_folder``.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)


def create_secret(path: Path, secret: bytes) -> None:
    """Write a secret under its name, whole or not at all, and its folder where that is missing.

    Of two processes that make it at once one wins, and an earlier one stays: read it afterwards.

    Args:
        path: the file.
        secret: its bytes.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        create_private(arriving, secret)
        with suppress(FileExistsError):
            os.link(arriving, path)
        fsync_folder(path.parent)
    finally:
        arriving.unlink(missing_ok=True)


def read_or_make_secret(path: Path, fresh: bytes, away: type[ServiceUnavailableError]) -> bytes:
    """Return the secret of a file without the white space around it, made where it is missing.

    Args:
        path: the file.
        fresh: the secret that is kept where there is none yet.
        away: raised for a disk on which none can be made now.

    Raises:
        MisconfiguredError: it cannot be read, or its folder not be written.
        ServiceUnavailableError: the disk is full or read-only.
    """
    try:
        if not path.exists():
            create_secret(path, fresh + b"\n")
        return path.read_bytes().strip()
    except OSError as error:
        if error.errno in _NO_ROOM:
            state, remedy = _NO_ROOM[error.errno]
            raise away(f"Chưa tạo được tệp khóa {path}: {state}.", remedy) from error
        raise MisconfiguredError(
            f"Không đọc hoặc tạo được tệp khóa {path} ({error.strerror}).",
            "Kiểm tra quyền của thư mục keys, hoặc chép lại từ bản sao lưu.",
        ) from error


def fsync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk. Raises ``OSError``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _root(home: Path) -> Path:
    named = os.environ.get("TMPDIR")
    if named is None:
        return home / "tmp"
    return Path(named) / f"sohoa-{os.geteuid()}"
