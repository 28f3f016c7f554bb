"""`sohoa catalogue`: shows or replaces the catalogue of procedures, which checklists come from."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path

from flows.commands.audited import acting, audited
from flows.terminal import say, say_json
from flows.wiring import settings
from pipeline.audit import Verb
from pipeline.documents.catalogue import (
    FILE_NAME,
    MOST_BYTES,
    Catalogue,
    catalogue_of,
    read_catalogue,
)
from pipeline.errors import MisconfiguredError

RECORDS = (Verb.MANAGE,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("file", type=Path, nargs="?", metavar="TỆP.csv", help="danh mục để thay")
    parser.add_argument("--json", action="store_true", help="in JSON cho máy đọc")


def run(args: argparse.Namespace) -> int:
    """Replace the catalogue where a file is named, and say what is in it.

    Raises:
        MisconfiguredError: the file is no catalogue; the one in use stays.
    """
    if args.file is None:
        audited(Verb.MANAGE, act="catalogue")
        _say(catalogue_of(settings().home), as_json=args.json)
        return 0
    data = _bytes(args.file)
    wanted = read_catalogue(data)
    with acting(Verb.MANAGE, act="catalogue", lines=len(wanted.lines)):
        _replace(settings().home / FILE_NAME, data)
    _say(wanted, as_json=args.json)
    return 0


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MisconfiguredError(
            f"Không đọc được {path}: {error.strerror}.", "Xem lại tên và quyền của tệp."
        ) from error


def _replace(path: Path, data: bytes) -> None:
    """Put the new catalogue in place whole: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f"{path.name}.{os.getpid()}")
    with arriving.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(path)


def _say(catalogue: Catalogue, *, as_json: bool) -> None:
    counts = Counter((line.procedure, line.name) for line in catalogue.lines)
    rows = [
        {"procedure": code, "name": name, "components": count}
        for (code, name), count in sorted(counts.items())
    ]
    if as_json:
        say_json({"imported": catalogue.is_imported, "procedures": rows})
        return
    if not catalogue.is_imported:
        say("Danh mục mẫu đi kèm phần mềm; nhập danh mục của cơ quan: sohoa catalogue TỆP.csv")
    for row in rows:
        say(row["procedure"], row["name"], f"{row['components']} giấy tờ")
