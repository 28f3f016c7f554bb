"""Says under which names a mended file is taken in, so that it finds the dossier it is for."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.desk.files import DeskFile
from pipeline.model import ReceiptStatus

AGAIN = "quét lại"  # in the name of a new scan of what was stored: a person says what it replaces


class MendedName(NamedTuple):
    """The drop of a mended file."""

    folder: str  # in which the file is dropped; empty: the file is the drop
    file: str


def mended_name(file: DeskFile, sent: str) -> MendedName:
    """Return the names of a mended file.

    One that was refused keeps its name and folder, with the suffix of what was sent: its dossier
    lacks exactly that. A new scan of a stored file is told from it by its name.

    Args:
        file: the file that is mended.
        sent: the name of what was sent.
    """
    parts = PurePosixPath(file.receipt.name).parts
    stem, suffix = PurePosixPath(parts[-1]).stem, PurePosixPath(sent).suffix
    if file.receipt.status is ReceiptStatus.REFUSED:
        return MendedName(parts[0] if len(parts) > 1 else "", f"{stem}{suffix}")
    code = file.record.dossier.code if file.record else None
    again = f"{code} {stem}" if code and code not in stem else stem
    return MendedName("", f"{again} {AGAIN}{suffix}")
