"""Turns office documents into PDF with LibreOffice, in a process that ends with the conversion.

LibreOfficeKit is called in place of the program `soffice`: the same code, but no other program is
started and no socket opened, which the sandbox forbids. Its profile is empty, private and thrown
away; macros do not run, and nothing that a document refers to is loaded.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from ocr.files import pdf_structure
from ocr.files.inside.office_parts import KINDS, LIBRARIES, find_office
from pipeline.errors import ReadingTimeoutError, UnreadableScanError

_OPTIONS = b"Batch=true,MacroSecurityLevel=3,EnableMacrosExecution=false"
_LOOK = 0.02  # seconds between two looks at the process
_FAILED = 3  # exit status of our process when LibreOffice says no

# Group, name, value. Links are never updated: 0 in Writer, 1 in Calc.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Misc", "UseLocking", "false"),
    ("Common/Save/Document", "CreateBackup", "false"),
    ("Recovery/RecoveryInfo", "Enabled", "false"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),
)
_ITEM = (
    '<item oor:path="/org.openoffice.Office.{0}"><prop oor:name="{1}" oor:op="fuse">'
    "<value>{2}</value></prop></item>"
)
# A proxy where nobody listens: a second lock, for what asks for the network nevertheless.
_NO_NETWORK = "".join(
    f'<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="{name}" oor:op="fuse">'
    f"<value>{value}</value></prop></item>"
    for name, value in (
        ("ooInetProxyType", "2"),
        ("ooInetHTTPProxyName", "127.0.0.1"),
        ("ooInetHTTPProxyPort", "9"),
        ("ooInetHTTPSProxyName", "127.0.0.1"),
        ("ooInetHTTPSProxyPort", "9"),
    )
)


class _Methods(ctypes.Structure):
    """The first methods of a class of LibreOfficeKit.h, whose order never changes."""

    _fields_: ClassVar[Sequence[Any]] = [
        ("size", ctypes.c_size_t),
        ("methods", ctypes.c_void_p * 4),
    ]


class _Object(ctypes.Structure):
    _fields_: ClassVar[Sequence[Any]] = [("type", ctypes.POINTER(_Methods))]


_Handle = ctypes.POINTER(_Object)
_SAVE_AS, _LOAD_WITH_OPTIONS = 1, 3  # their places among the methods of document and office


def convert(path: Path, kind: str, folder: Path, seconds: float) -> Path:
    """Turn an office document into a PDF.

    Args:
        path: the document.
        kind: its kind, as ``kinds.kind_of`` names it.
        folder: a private folder for the PDF and for what LibreOffice needs while it works.
        seconds: the longest time it may take.

    Raises:
        UnreadableScanError: LibreOffice cannot open it.
        ReadingTimeoutError: it takes too long.
    """
    place = find_office()
    if place is None:
        raise UnreadableScanError("Máy chưa cài LibreOffice.", "Lưu thành PDF rồi thả lại.")
    room = folder / "office"
    source, target = room / f"tai-lieu{KINDS[kind][0]}", room / "tai-lieu.pdf"
    _prepare(room)
    shutil.copyfile(path, source)
    process = os.fork()
    if not process:
        _child(lambda: _convert(place, room, source, target))
    _wait(process, seconds)
    if not target.is_file() or not target.stat().st_size:
        raise UnreadableScanError(
            "LibreOffice không mở được tài liệu này: tệp bị hỏng hoặc bị khóa.",
            "Mở bằng chương trình đã soạn ra nó, lưu thành PDF rồi thả tệp PDF.",
        )
    made = folder / "tai-lieu.pdf"
    pdf_structure.save_undated(target, made)
    shutil.rmtree(room, ignore_errors=True)
    return made


def _prepare(room: Path) -> None:
    """Make a home with a profile that has our settings and nothing else."""
    profile = room / "profile" / "user"
    profile.mkdir(parents=True)
    items = "".join(_ITEM.format(*each) for each in _SETTINGS) + _NO_NETWORK
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema">' + items + "</oor:items>",
        encoding="utf-8",
    )


def _child(convert_it: Callable[[], bool]) -> None:
    """Convert and end this process, whatever happens; nothing of Python is cleaned up."""
    status = _FAILED
    try:
        status = 0 if convert_it() else _FAILED
    finally:
        os._exit(status)


def _convert(place: Path, room: Path, source: Path, target: Path) -> bool:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ |= {"HOME": str(room), "TMPDIR": str(room), "SAL_USE_VCLPLUGIN": "svp"}
    os.environ |= {f"XDG_{kind}_HOME": str(room / kind) for kind in ("CONFIG", "CACHE", "DATA")}
    library = next(place / name for name in LIBRARIES if (place / name).is_file())
    start = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL).libreofficekit_hook_2
    start.restype, start.argtypes = _Handle, [ctypes.c_char_p, ctypes.c_char_p]
    office = start(str(place).encode(), (room / "profile").as_uri().encode())
    if not office:
        return False
    load = ctypes.CFUNCTYPE(_Handle, _Handle, ctypes.c_char_p, ctypes.c_char_p)(
        office.contents.type.contents.methods[_LOAD_WITH_OPTIONS]
    )
    document = load(office, source.as_uri().encode(), _OPTIONS)
    if not document:
        return False
    text = ctypes.c_char_p
    save_as = ctypes.CFUNCTYPE(ctypes.c_int, _Handle, text, text, text)(
        document.contents.type.contents.methods[_SAVE_AS]
    )
    return bool(save_as(document, target.as_uri().encode(), b"pdf", b""))


def _wait(process: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            with suppress(OSError):  # where no signal may be sent, it ends with the job
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
            raise ReadingTimeoutError(
                f"Chuyển tài liệu sang PDF quá {seconds:.0f} giây nên đã dừng.",
                "Mở bằng chương trình đã soạn ra nó, lưu thành PDF rồi thả tệp PDF.",
            )
        time.sleep(_LOOK)
