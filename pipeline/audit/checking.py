"""Finds what was changed, taken out or moved in the chained lines of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pipeline.audit.chain import Chain, ChainedLine, SegmentPlace, parse_line, torn_note
from pipeline.audit.entries import Verb

_MOST_NAMED = 1_000  # missing entries in a row that are named one by one


class Flaw(StrEnum):
    """What is wrong with a line or a segment."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    UNREADABLE = "unreadable"  # the store cannot deliver it now
    TORN = "torn"  # no fault: the writer died in the middle of a line, which is kept and marked


class AuditFault(NamedTuple):
    """A place of the log that is not as it was written."""

    segment: str
    line: int  # from 1; 0: the whole segment
    flaw: Flaw
    detail: str = ""  # for programs: entry numbers, or who misses it


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Result of verifying the whole log."""

    segments: int
    entries: int
    faults: tuple[AuditFault, ...]
    notices: tuple[AuditFault, ...]  # torn lines of writers that died; no faults
    heads: Mapping[str, str]  # newest segments, which no other names yet -> their last hashes


def check_alone(place: SegmentPlace, data: bytes) -> SegmentCheck:
    """Check a sealed segment by itself; whether it fits to others is not looked at.

    Returns:
        the check; its ``heads`` name all segments that must exist, the one before it as well.
    """
    first = parse_line(data.split(b"\n", 1)[0])
    chain = Chain(str(first.body["previous"]), first.number - 1) if first else Chain()
    check = SegmentCheck(place, chain)
    check.walk(data)
    if not check.is_sealed:
        check.faults.append(AuditFault(str(place), 0, Flaw.MISSING, "the seal"))
    follows = str(first.body.get("follows", "")) if first else ""
    check.heads |= {follows: ""} if follows else {}
    return check


@dataclass(slots=True)
class SegmentCheck:
    """Walks the lines of one segment after those before it, and notes what does not fit.

    Args:
        place: where the segment belongs.
        chain: the end of the writer's chain before it; it is moved to the end of this segment.
    """

    place: SegmentPlace
    chain: Chain
    faults: list[AuditFault] = field(default_factory=list)
    notices: list[AuditFault] = field(default_factory=list)
    entries: int = 0
    heads: dict[str, str] = field(default_factory=dict)  # of others, that the seal names
    is_sealed: bool = False
    _broken: list[tuple[int, bytes]] = field(default_factory=list)  # rows that are no lines
    _absent: set[int] = field(default_factory=set)  # numbers that were skipped so far

    def walk(self, data: bytes, *, is_growing: bool = False) -> None:
        """Check the lines.

        Args:
            data: the bytes of the segment.
            is_growing: its writer lives, so an unfinished line at the end is being written.
        """
        *rows, tail = data.split(b"\n")
        for number, row in enumerate(rows, start=1):
            line = parse_line(row)
            if line is None:
                self._broken.append((number, row))
                continue
            if number == 1:
                self._check_beginning(line)
            self._check(number, line)
        self._give_up_broken()
        for missing in sorted(self._absent):
            self._note(0, Flaw.MISSING, f"entry {missing}")
        if tail and not is_growing:
            self._note(len(rows) + 1, Flaw.CHANGED if self.is_sealed else Flaw.TORN)

    def _check_beginning(self, line: ChainedLine) -> None:
        named = (line.body.get("day"), line.body.get("writer"), line.body.get("segment"))
        if line.body["verb"] != Verb.BEGUN or named != tuple(self.place):
            self._note(1, Flaw.CHANGED, "not the beginning of this segment")

    def _check(self, number: int, line: ChainedLine) -> None:
        """Compare a line with the end of the chain before it."""
        if self.is_sealed:
            self._note(number, Flaw.CHANGED, "after the seal")
        self.entries += line.body["verb"] not in (Verb.BEGUN, Verb.SEALED)
        if line.is_seal:
            self.is_sealed = True
            heads = line.body.get("heads")
            self.heads = heads if isinstance(heads, dict) else {}
            self._accept_torn(line)
        gap = line.number - self.chain.number - 1
        if gap < 0:
            self._absent.discard(line.number)
            self._note(number, Flaw.REORDERED, f"entry {line.number}")
            return
        first = self.chain.number + 1 + min(gap, len(self._broken))
        if line.number - first > _MOST_NAMED:
            self._note(number, Flaw.MISSING, f"entries {first} to {line.number - 1}")
        else:
            self._absent |= set(range(first, line.number))
        fits = line.body["previous"] == self.chain.head
        if not fits and not gap and not self._broken:
            self._note(max(number - 1, 1), Flaw.CHANGED, "its hash is not the one that follows")
        self._give_up_broken()
        self.chain.head, self.chain.number = line.sha256, line.number

    def _accept_torn(self, seal: ChainedLine) -> None:
        """Take the row before a seal for the unfinished line that the seal describes."""
        torn = seal.body.get("torn")
        if torn and self._broken and torn == torn_note(self._broken[-1][1]):
            number, _ = self._broken.pop()
            self._note(number, Flaw.TORN, f"{torn['bytes']} bytes")

    def _give_up_broken(self) -> None:
        for number, _ in self._broken:
            self._note(number, Flaw.CHANGED)
        self._broken.clear()

    def _note(self, number: int, flaw: Flaw, detail: str = "") -> None:
        kind = self.notices if flaw is Flaw.TORN else self.faults
        kind.append(AuditFault(str(self.place), number, flaw, detail))
