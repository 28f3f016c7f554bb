"""Records, page results, markers and leases as JSON, with the version of their form."""

from __future__ import annotations

import json
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import RecordError
from pipeline.model import Lease, Page, Pending, Record

FORM = 1  # raised when an older reader could no longer understand what is written

T = TypeVar("T")


class Codec(Generic[T]):
    """Writes one kind of value as JSON and reads it back equal."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter = TypeAdapter(kind)
        self._name = kind.__name__

    def dump(self, value: T) -> bytes:
        """Return the value as JSON, UTF-8, keys sorted, so that equal values give equal bytes."""
        body = self._adapter.dump_python(value, mode="json")
        return json.dumps({"form": FORM, **body}, ensure_ascii=False, sort_keys=True).encode()

    def load(self, data: bytes) -> T:
        """Return the value.

        Raises:
            RecordError: not JSON, not of this kind, or of a newer form.
        """
        try:
            body = json.loads(data)
            form = body.pop("form")
            if form > FORM:
                raise RecordError(
                    f"Bản ghi {self._name} do phiên bản mới hơn viết (dạng {form}).",
                    "Hãy nâng cấp phần mềm trên máy này.",
                )
            return self._adapter.validate_python(body, strict=False)
        except (ValueError, KeyError, AttributeError, TypeError, ValidationError):
            # Not chained: the cause quotes what it could not read, which may be a person's data.
            raise RecordError(
                f"Bản ghi {self._name} trong kho không đọc được.",
                "Hãy chạy `sohoa doctor` và khôi phục từ bản sao lưu.",
            ) from None


RECORD = Codec(Record)
PAGE = Codec(Page)
PENDING = Codec(Pending)
LEASE = Codec(Lease)
