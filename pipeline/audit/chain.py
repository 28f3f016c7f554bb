"""Chains the lines of the audit log by SHA-256, and reads them back.

A line is JSON that begins with the hash of what follows; the next line names that hash. Each
process writes a chain of its own, cut into segments. The last line of a segment seals it and names
the newest segments of other writers, so a segment that vanishes later is missed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pipeline.audit.entries import KeptEntry, Verb

NOTHING_BEFORE = "0" * 64
_CHECKSUM = re.compile(rb'\{"sha256": "([0-9a-f]{64})", ')
_PLACE = re.compile(r"(\d{8})/([0-9a-f]+)/(\d{6,})")


class SegmentPlace(NamedTuple):
    """Where a segment belongs: day of its beginning (UTC), its writer, its number from 1."""

    day: str  # yyyymmdd
    writer: str
    number: int

    def __str__(self) -> str:
        return f"{self.day}/{self.writer}/{self.number:06d}"

    @classmethod
    def parse(cls, text: str) -> SegmentPlace | None:
        """Return the place that a text names; None when it names none."""
        match = _PLACE.fullmatch(text)
        return cls(match[1], match[2], int(match[3])) if match else None


class ChainedLine(NamedTuple):
    """A line whose hash is right."""

    sha256: str
    body: dict[str, Any]

    @property
    def number(self) -> int:
        """Its place in the chain of its writer, from 1."""
        return int(self.body["number"])

    @property
    def is_seal(self) -> bool:
        """Whether it ends a segment."""
        return bool(self.body["verb"] == Verb.SEALED)


@dataclass(slots=True)
class Chain:
    """The end of a writer's chain: the last line's hash and number."""

    head: str = NOTHING_BEFORE
    number: int = 0

    def link(self, body: Mapping[str, Any]) -> bytes:
        """Return the next line, its line break included; the chain then ends with it.

        Args:
            body: the content of the line; ``previous`` and ``number`` are added.
        """
        self.number += 1
        content = {"previous": self.head, "number": self.number, **body}
        rest = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")[1:]
        self.head = hashlib.sha256(rest).hexdigest()
        return b'{"sha256": "%b", %b\n' % (self.head.encode(), rest)


def parse_line(row: bytes) -> ChainedLine | None:
    """Return a line, given without its line break; None when it is not as it was written."""
    checksum = _CHECKSUM.match(row)
    rest = row[checksum.end() :] if checksum else b""
    if not checksum or hashlib.sha256(rest).hexdigest().encode() != checksum[1]:
        return None
    try:
        body = json.loads(b"{" + rest)
        is_line = body["number"] > 0 and body["previous"] and body["verb"]
        is_line = is_line and datetime.fromisoformat(body["at"]).tzinfo
    except (ValueError, KeyError, TypeError, RecursionError):  # somebody else's, hashed rightly
        return None
    return ChainedLine(checksum[1].decode(), body) if is_line else None


def lines_of(data: bytes) -> list[ChainedLine]:
    """Return the lines of a segment that are as they were written, in their order."""
    return [line for row in data.split(b"\n") if (line := parse_line(row))]


def entries_of(data: bytes, having: bytes = b"") -> list[KeptEntry]:
    """Return what people did according to a segment.

    Args:
        data: the bytes of the segment.
        having: bytes that a line must contain; the others are not even parsed.
    """
    rows = (row for row in data.split(b"\n") if having in row)
    found = []
    writer = segment_writer(data)
    for line in filter(None, map(parse_line, rows)):
        at = datetime.fromisoformat(line.body["at"])
        entry = KeptEntry(writer, line.number, at, line.body)
        if entry.is_of_people:
            found.append(entry)
    return found


def segment_writer(data: bytes) -> str:
    """Return the id of the writer that the first line of a segment names."""
    first = parse_line(data.split(b"\n", 1)[0])
    return str(first.body.get("writer", "")) if first else ""


def torn_note(tail: bytes) -> dict[str, Any]:
    """Return how a seal describes the unfinished line before it."""
    return {"bytes": len(tail), "sha256": hashlib.sha256(tail).hexdigest()}
