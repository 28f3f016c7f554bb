"""Defines what people decided of single pages: order, turn, words, and what is left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.page import Word
from pipeline.model.page_geometry import Box


class PagePlace(NamedTuple):
    """Names a page of a scan, wherever it stands in a dossier."""

    scan: str  # SHA-256 of the scan, hexadecimal
    number: int  # within the scan, from 1


@dataclass(frozen=True, slots=True)
class PageEdit:
    """What people decided of a page; one that decides nothing is not kept."""

    scan: str  # SHA-256: pages keep their edit when scans are joined or parted
    number: int  # within the scan, from 1
    by: str  # the person who decided last
    orientation: int | None = None  # degrees clockwise that bring it upright; None: as it is found
    words: int = 0  # number of the mended words that hold (``MendedPage``); 0: as they are read
    left_out: str = ""  # why it is no page of the dossier; empty: it is one
    replaced_by: PagePlace | None = None  # the page that stands in its place; for one left out
    is_confirmed: bool = False  # a person looked at it: it stays as it was read

    @property
    def place(self) -> PagePlace:
        """The page that it is about."""
        return PagePlace(self.scan, self.number)

    @property
    def decides(self) -> bool:
        """Whether it differs from what holds without it."""
        return self.alters or self.is_confirmed

    @property
    def alters(self) -> bool:
        """Whether the page is shown otherwise than it was read."""
        return self.orientation is not None or bool(self.words or self.left_out)


@dataclass(frozen=True, slots=True)
class MendedLine:
    """A line that a person wrote in place of words that were read."""

    covers: tuple[Box, ...]  # pixels of the original page: words that lie in them are replaced
    words: tuple[Word, ...]  # none: there is nothing to be read


@dataclass(frozen=True, slots=True)
class MendedPage:
    """All that a person mended of a page's words, over any reading of it."""

    scan: str
    page: int  # within the scan, from 1
    number: int  # from 1; a later one holds all that an earlier one does
    recipe: str  # of the reading that the person saw
    by: str
    lines: tuple[MendedLine, ...]


def arranged(
    natural: Sequence[PagePlace], order: Sequence[PagePlace], left_out: Collection[PagePlace]
) -> tuple[PagePlace, ...]:
    """Return pages in the order that people decided, without those that they left out.

    Args:
        natural: all pages, in the order of scans.
        order: the pages that people put in order, as far as they are there. Any other stands
            behind all that come before it by nature.
        left_out: the pages that are left out.
    """
    there = set(natural)
    placed = [each for each in order if each in there]
    known, last = set(placed), -1
    at = {each: place for place, each in enumerate(placed)}
    behind: dict[int, list[PagePlace]] = {}
    for each in natural:
        if each in known:
            last = max(last, at[each])
        else:
            behind.setdefault(last, []).append(each)
    whole = [*behind.get(-1, ())]
    for place, each in enumerate(placed):
        whole += [each, *behind.get(place, ())]
    return tuple(each for each in whole if each not in left_out)
