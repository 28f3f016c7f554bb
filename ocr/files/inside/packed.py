"""Defines what is taken out of a file that holds files, and the bounds within which it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import OversizedScanError, RefusedScanError, SohoaError

MAX_NAME = 255  # characters of a part of a name that are kept
MAX_PARTS = 32  # folders within folders
MAX_FACTS, MAX_VALUE = 40, 500  # stated of a file; characters of each, as of a typed value
_CHUNK = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Member:
    """A file that lay in another one, or why it could not be taken out."""

    parts: tuple[str, ...]  # its path there: only names, never used as a path
    file: str = ""  # its name in the folder it was written to; empty: it was not
    error: SohoaError | None = None
    facts: tuple[tuple[str, str], ...] = ()  # that the file it lay in states of it: field, value


@dataclass(slots=True)
class Unpacking:
    """Writes members into a folder, under names of our own, and stops at the bounds."""

    folder: Path
    max_files: int
    max_bytes: int
    members: list[Member] = field(default_factory=list)
    _written: int = 0
    _files: int = 0

    def write(self, parts: tuple[str, ...], source: BinaryIO) -> Member:
        """Write a member.

        Args:
            parts: its path in the file that holds it.
            source: gives its bytes.

        Raises:
            OversizedScanError: there are more files or bytes than may be.
        """
        return self.write_pieces(parts, iter(lambda: source.read(_CHUNK), b""))

    def write_pieces(self, parts: tuple[str, ...], pieces: Iterator[bytes]) -> Member:
        """Write a member that comes in pieces. Raises as ``write``."""
        self._files += 1
        self.check_count(self._files)
        name = f"{self._files:06d}"
        with (self.folder / name).open("xb") as target:
            for piece in pieces:
                self._written += len(piece)
                self.check_bytes(self._written)
                target.write(piece)
        member = Member(clean(parts), name)
        self.members.append(member)
        return member

    def state(self, member: Member, facts: tuple[tuple[str, str], ...]) -> None:
        """Note what the file states of a member that was written."""
        self.members[self.members.index(member)] = replace(member, facts=facts)

    def refuse(self, parts: tuple[str, ...], error: RefusedScanError) -> None:
        """Note a member that cannot be taken out.

        Raises:
            OversizedScanError: there are more files than may be.
        """
        self.check_count(len(self.members) + 1)
        self.members.append(Member(clean(parts), error=error))

    def check_count(self, files: int) -> None:
        """Raise when a file claims to hold more files than it may."""
        if files > self.max_files:
            raise OversizedScanError(
                f"Trong tệp có hơn {self.max_files} tệp con.",
                "Chia thành nhiều tệp nhỏ hơn rồi nộp lại.",
            )

    def check_bytes(self, count: int) -> None:
        """Raise when a file unpacks, or says that it unpacks, to more bytes than it may."""
        if count > self.max_bytes:
            raise OversizedScanError(
                f"Các tệp bên trong bung ra hơn {self.max_bytes // 1_000_000} triệu byte.",
                "Chia thành nhiều tệp nhỏ hơn rồi nộp lại. Nếu không rõ tệp từ đâu tới, đừng mở.",
            )


def clean(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of a member as names alone: no step upwards, no drive, no root."""
    # What is no text at all, as half a surrogate pair, cannot be passed on.
    texts = (part.encode("utf-8", "replace").decode() for part in parts)
    kept = [text[:MAX_NAME] for text in texts if text not in {"", ".", ".."}]
    if kept and len(kept[0]) == 2 and kept[0][1] == ":":
        del kept[0]
    return tuple(kept[-MAX_PARTS:]) or ("tep",)


def parts_of(name: str) -> tuple[str, ...]:
    """Split a name as any system writes it into its parts."""
    return tuple(name.replace("\\", "/").replace("\0", "").split("/"))
