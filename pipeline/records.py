"""Serialises records, page results, queue entries, leases … as JSON with a checksum.

Each object begins with the SHA-256 of all bytes that follow it, so that every reader notices a
changed byte; by hand: ``tail -c +80 FILE | sha256sum``.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import RecordError
from pipeline.model import (
    DropReceipts,
    FileDecision,
    Lease,
    MendedPage,
    Page,
    QueueEntry,
    Record,
    WatcherHeartbeat,
)
from pipeline.ports.searchable_pdf import SearchablePdf

FORM = 1  # raised when an older version could not read what is written; the checksum never changes

_CHECKSUM = re.compile(rb'\{"sha256": "([0-9a-f]{64})", ')

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageLabel:
    """The page that a result belongs to, and the hash of its picture."""

    scan: str
    recipe: str
    number: int  # within the scan
    picture: str  # SHA-256 of the WebP beside it


@dataclass(frozen=True, slots=True)
class StoredPage(PageLabel):
    """A page's result as it is stored in the archive."""

    page: Page


@dataclass(frozen=True, slots=True)
class Owner:
    """Which dossier received an original first."""

    scan: str
    dossier: str


@dataclass(frozen=True, slots=True)
class CodeNote:
    """That a record of a dossier carries, or carried, a dossier code."""

    code: str
    dossier: str


@dataclass(frozen=True, slots=True)
class ProposalNote:
    """That a person is to decide whether a dossier is joined; its newest record says if still."""

    dossier: str


@dataclass(frozen=True, slots=True)
class _RecordHeader:
    form: int


_HEAD = TypeAdapter(_RecordHeader)


class Codec(Generic[T]):
    """Writes values of one type as JSON and reads them back equal.

    Args:
        kind: the type; a dataclass.
    """

    def __init__(self, kind: type[T]) -> None:
        self._kind, self._name = kind, kind.__name__

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind)  # takes milliseconds, and a process needs few of them

    def dump(self, value: T) -> bytes:
        """Return the value as JSON, UTF-8, keys sorted, so that equal values give equal bytes."""
        body = self._adapter.dump_python(value, mode="json")
        text = json.dumps({"form": FORM, **body}, ensure_ascii=False, sort_keys=True).encode()
        return b'{"sha256": "%b", %b' % (_sha256(text[1:]), text[1:])

    def load(self, data: bytes) -> T:
        """Return the value that was written.

        Raises:
            RecordError: the bytes changed since, are no such value, or are of a newer form.
        """
        try:
            form = _HEAD.validate_json(data).form
            if form > FORM:
                raise RecordError(
                    f"Bản ghi {self._name} do phiên bản mới hơn viết (dạng {form}).",
                    "Hãy nâng cấp phần mềm trên máy này.",
                )
            if not is_intact(data):
                raise self._damaged()
            return self._adapter.validate_json(data, strict=False)
        except ValidationError:
            # Not chained: the cause quotes what it could not read, which may be a person's data.
            raise self._damaged() from None

    def _damaged(self) -> RecordError:
        return RecordError(
            f"Bản ghi {self._name} trong kho bị hỏng, không đọc được.",
            "Hãy chạy `sohoa verify` và khôi phục từ bản sao lưu.",
        )


def is_intact(data: bytes) -> bool:
    """Tell whether checksummed JSON is, byte for byte, what was written."""
    checksum = _CHECKSUM.match(data)
    return checksum is not None and _sha256(data[checksum.end() :]) == checksum[1]


def is_newer(data: bytes) -> bool:
    """Tell whether intact JSON was written in a form that this version cannot read."""
    return _HEAD.validate_json(data).form > FORM


def knows_withheld(data: bytes) -> bool:
    """Tell whether the writer of a record knew the field ``withheld``, as 0.1 did not.

    Only a key has its closing quote before the colon: inside of a text a quote is escaped.
    """
    return b'"withheld":' in data


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


RECORD = Codec(Record)
PAGE = Codec(StoredPage)
LABEL = Codec(PageLabel)  # reads what PAGE wrote, without the words
OWNER = Codec(Owner)
MENDED_PAGE = Codec(MendedPage)
CODE_NOTE = Codec(CodeNote)
PROPOSAL = Codec(ProposalNote)
QUEUE_ENTRY = Codec(QueueEntry)
LEASE = Codec(Lease)
WATCHER = Codec(WatcherHeartbeat)
RECEIPTS = Codec(DropReceipts)
FILE_DECISION = Codec(FileDecision)
SEARCHABLE_PDF = Codec(SearchablePdf)
