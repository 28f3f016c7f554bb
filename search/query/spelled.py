"""Defines a stretch of a query that may be spelled in several ways: a date, a number, a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple


class Spelled(NamedTuple):
    """A stretch of what was typed, and what papers may have in its place."""

    start: int  # offsets in the text typed
    end: int
    spellings: tuple[str, ...]  # texts that mean the same, the one typed first
    key: str = ""  # keyword of the pages whose own date or number it is
    mentions: tuple[str, ...] = ()  # keywords of the pages whose text mentions it
    number: str = ""  # normal form of a number
    is_period: bool = False  # a month, a quarter, a day of any year
    days: tuple[date, date] | None = None  # the first and the last that it stands for


def apart(stretches: Iterable[Spelled]) -> Iterator[Spelled]:
    """Yield stretches in order; of those that overlap the first to begin, the longest of these."""
    end = 0
    for stretch in sorted(stretches, key=lambda one: (one.start, -one.end)):
        if stretch.start >= end:
            yield stretch
            end = stretch.end
