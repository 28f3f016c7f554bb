"""Takes the papers out of dropped files that hold files: ZIP, PDF portfolio, e-mail, document.

Such a file is kept as it was dropped, with the pages of its own, and each paper in it becomes a
scan of the same dossier. What cannot be taken is named: as a reason where it may be a paper, in the
receipt where it is none. A dropped file has one receipt, whatever is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import (
    EmptyScanError,
    NoPaperError,
    OversizedScanError,
    RefusedScanError,
    UnsupportedFormatError,
)
from pipeline.intake.settle import is_ignored, is_litter, reading_order
from pipeline.intake.taking import printable
from pipeline.model import MissingFile
from pipeline.ports import InnerFile, ScanInfo, ScanReader, UnpackLimits

MAX_FILES = 2_000  # in one dropped file, those in files within it included
_MAX_DEPTH = 4  # of files within files: a ZIP, an e-mail in it, a portfolio attached to that
_MAX_ZIPS = 2  # a dropped ZIP, and ZIPs in it
_ZIP, _MAIL, _PDF = "application/zip", "message/rfc822", "application/pdf"
_MAX_LISTED = 10  # names that a receipt lists


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A file to be kept as a scan: one that was dropped, or one that lay in it."""

    name: str  # as people see it, with the file it lay in: "ho-so.zip/01 don.pdf"
    copy: Path
    info: ScanInfo
    facts: tuple[tuple[str, str], ...] = ()  # what it came with says of it: field, value


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a dropped file gives."""

    papers: tuple[FoundPaper, ...]  # the dropped file first, then what lay in it, as people read
    missing: tuple[MissingFile, ...] = ()  # files in it that cannot be taken
    remarks: tuple[str, ...] = ()  # Vietnamese; what else of it is not read
    receipt: str = ""  # Vietnamese; what was in it, for its receipt

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a dossier of it is partial; empty when it is not."""
        return (*(each.reason for each in self.missing), *self.remarks)


def expand(name: str, copy: Path, reader: ScanReader, room: Path) -> Expansion:
    """Return the papers of a dropped file: itself, and those that lie in it.

    Args:
        name: its name as people see it.
        copy: the file, which nobody else changes.
        reader: inspects it and takes it apart.
        room: a folder that only this user may enter, for what lies in it; it must last until the
            papers are kept.

    Raises:
        RefusedScanError: nothing of it can be taken.
    """
    info = reader.inspect(copy)
    if not info.holds_files:
        return Expansion((FoundPaper(name, copy, info),), remarks=_about(name, info.remarks))
    expanding = _Expanding(name, reader, room)
    expanding.open(FoundPaper(name, copy, info), (info.media_type,))
    papers = tuple(expanding.papers)
    if not any(paper.info.pages for paper in papers):
        raise expanding.nothing_taken()
    missing = tuple(MissingFile(each, error.message) for each, error in expanding.refused)
    remarks = (*_about(name, info.remarks), *expanding.remarks)
    return Expansion(papers, missing, remarks, expanding.receipt())


def _about(name: str, remarks: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"Tệp {name}: {remark}" for remark in remarks)


@dataclass(slots=True)
class _Expanding:
    """Walks through the files in a dropped file, and theirs, within common bounds."""

    name: str  # of the dropped file
    reader: ScanReader
    room: Path
    papers: list[FoundPaper] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    refused: list[tuple[str, RefusedScanError]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # names of what is no paper
    _files: int = 0  # that were taken out
    _spent: int = 0  # bytes of these
    _rooms: int = 0

    def open(self, holder: FoundPaper, kinds: tuple[str, ...]) -> None:
        """Take a file and what lies in it.

        Args:
            holder: the file.
            kinds: its kind, behind those of the files in which it lies.

        Raises:
            RefusedScanError: it cannot be taken apart.
        """
        self._rooms += 1
        room = self.room / f"{self._rooms:06d}"
        room.mkdir(mode=0o700)
        limits = UnpackLimits(MAX_FILES - self._files, self._spent)
        try:
            found = self.reader.unpack(holder.copy, room, limits)
        except RefusedScanError as error:
            if not holder.info.pages:
                raise
            found = ()
            self.refused.append((f"{holder.name}/…", error))
        self._files += len(found)
        self._spent += sum(each.copy.stat().st_size for each in found if each.copy)
        self.papers.append(holder)
        for inner in _in_reading_order(found, holder.info.media_type):
            self._add(holder.name, inner, kinds)

    def _add(self, holder: str, inner: InnerFile, kinds: tuple[str, ...]) -> None:
        name = "/".join((holder, *map(printable, inner.parts)))
        try:
            self._take(name, inner, kinds)
        except NoPaperError as error:
            if kinds[-1] in {_PDF, _MAIL}:  # data, signatures: they stay in the file they are in
                self.others.append(name)
            else:
                self.refused.append((name, error))
        except RefusedScanError as error:
            self.refused.append((name, error))

    def _take(self, name: str, inner: InnerFile, kinds: tuple[str, ...]) -> None:
        if any(map(is_ignored, inner.parts)):
            raise UnsupportedFormatError("Tệp ẩn hoặc tệp ghi dở: không được đọc.")
        if inner.copy is None:
            raise inner.refusal or EmptyScanError("Không lấy được tệp này ra.")
        info = self.reader.inspect(inner.copy)
        paper = FoundPaper(name, inner.copy, info, inner.facts)
        if not info.holds_files:
            self.papers.append(paper)
        elif len(kinds) >= _MAX_DEPTH or (*kinds, info.media_type).count(_ZIP) > _MAX_ZIPS:
            raise OversizedScanError(
                "Tệp nén lồng trong tệp nén quá nhiều lớp.", "Giải nén rồi thả cả thư mục."
            )
        else:
            self.open(paper, (*kinds, info.media_type))
        self.remarks += _about(name, info.remarks)

    def receipt(self) -> str:
        """Say what was in the dropped file, for its receipt."""
        inside = sum(paper.info.pages > 0 for paper in self.papers[1:])
        said = [f"Bên trong có {inside} giấy tờ đã lưu."] if inside else []
        if self.refused:
            listed = "; ".join(map(self._said, self.refused[:_MAX_LISTED]))
            said.append(f"Không nhận {len(self.refused)} tệp: {listed}{_more(self.refused)}.")
        if self.others:
            listed = "; ".join(map(self._inside, self.others[:_MAX_LISTED]))
            said.append(f"Không phải giấy tờ, còn trong tệp gốc: {listed}{_more(self.others)}.")
        return " ".join(said)

    def nothing_taken(self) -> RefusedScanError:
        """Return the refusal of a dropped file in which there is no paper at all."""
        if len(self.refused) == 1 and not self.others:
            name, error = self.refused[0]
            return type(error)(f"{self._inside(name)}: {error.message}", error.remedy)
        names = [*map(self._said, self.refused), *map(self._inside, self.others)]
        listed = f": {'; '.join(names[:_MAX_LISTED])}{_more(names)}" if names else ""
        return UnsupportedFormatError(
            f"Trong tệp không có giấy tờ nào nhận được{listed}.",
            "Kiểm tra lại tệp; quét hoặc in giấy tờ ra PDF rồi thả lại.",
        )

    def _said(self, refused: tuple[str, RefusedScanError]) -> str:
        name, error = refused
        return f"{self._inside(name)} ({error.message.rstrip('.')})"

    def _inside(self, name: str) -> str:
        """Return a name without that of the dropped file, which a receipt has already."""
        return name.removeprefix(f"{self.name}/")


def _more(listed: Sequence[object]) -> str:
    return f"; và {len(listed) - _MAX_LISTED} tệp nữa" if len(listed) > _MAX_LISTED else ""


def _in_reading_order(found: Sequence[InnerFile], kind: str) -> Iterator[InnerFile]:
    """Yield files as people order them, desktops' own left out; an e-mail's text comes first."""
    papers = [each for each in found if not any(map(is_litter, each.parts))]
    if kind == _MAIL:
        yield from papers[:1]
        papers = papers[1:]
    yield from sorted(papers, key=lambda each: [reading_order(part) for part in each.parts])
