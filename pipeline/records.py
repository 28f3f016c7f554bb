"""Records, page results, owner notes, markers and leases as JSON that certifies itself.

Each begins with the SHA-256 of all bytes that follow it, so that a changed byte is noticed by
whoever reads it, and by hand: ``tail -c +80 FILE | sha256sum``.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import RecordError
from pipeline.model import Lease, Page, QueueEntry, Record
from pipeline.ports.searchable_pdf import SearchablePdf

FORM = 1  # raised when an older reader could no longer understand what is written; never the seal

_SEAL = re.compile(rb'\{"sha256": "([0-9a-f]{64})", ')

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageLabel:
    """What a page's result is of, and the hash of its picture."""

    scan: str
    recipe: str
    number: int  # within the scan
    picture: str  # SHA-256 of the WebP beside it


@dataclass(frozen=True, slots=True)
class KeptPage(PageLabel):
    """A page's result as it lies in the archive."""

    page: Page


@dataclass(frozen=True, slots=True)
class Owner:
    """Which dossier received an original first."""

    scan: str
    dossier: str


@dataclass(frozen=True, slots=True)
class _RecordHeader:
    form: int


_HEAD = TypeAdapter(_RecordHeader)


class Codec(Generic[T]):
    """Writes one kind of value as JSON and reads it back equal."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter = TypeAdapter(kind)
        self._name = kind.__name__

    def dump(self, value: T) -> bytes:
        """Return the value as JSON, UTF-8, keys sorted, so that equal values give equal bytes."""
        body = self._adapter.dump_python(value, mode="json")
        text = json.dumps({"form": FORM, **body}, ensure_ascii=False, sort_keys=True).encode()
        return b'{"sha256": "%b", %b' % (_sha256(text[1:]), text[1:])

    def load(self, data: bytes) -> T:
        """Return the value.

        Raises:
            RecordError: changed since it was written, not of this kind, or of a newer form.
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
    """Tell whether sealed JSON is, byte for byte, what was written."""
    seal = _SEAL.match(data)
    return seal is not None and _sha256(data[seal.end() :]) == seal[1]


def is_newer(data: bytes) -> bool:
    """Tell whether intact JSON was written in a form that this version cannot read."""
    return _HEAD.validate_json(data).form > FORM


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


RECORD = Codec(Record)
PAGE = Codec(KeptPage)
LABEL = Codec(PageLabel)  # reads what PAGE wrote, without the words
OWNER = Codec(Owner)
QUEUE_ENTRY = Codec(QueueEntry)
LEASE = Codec(Lease)
SEARCHABLE_PDF = Codec(SearchablePdf)
