"""Defines the documents of a dossier with their findings, and what people decided of boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.model.page import Source
from pipeline.model.page_geometry import Box


@dataclass(frozen=True, slots=True)
class Finding:
    """The value of a field, and where on which page it was read."""

    value: str  # normalised
    raw: str  # as read
    confidence: float  # 0-1
    source: Source
    page: int | None = None  # within the dossier, from 1
    box: Box | None = None  # pixels of the original page
    confirmed_by: str | None = None  # the person who confirmed it; None: nobody did
    reasons: tuple[str, ...] = ()  # Vietnamese, for people: what speaks against it

    @property
    def is_certain(self) -> bool:
        """Whether it may be shown without a mark of doubt."""
        return self.confirmed_by is not None or self.confidence >= CERTAIN

    def doubted(self, *reasons: str) -> Finding:
        """Return it as uncertain for these reasons; itself where there are none."""
        if not reasons:
            return self
        kept = dict.fromkeys((*self.reasons, *reasons))
        return replace(self, confidence=min(self.confidence, DOUBTED), reasons=tuple(kept))


CERTAIN = 0.8  # findings below are shown as uncertain and wait for a person
DOUBTED = 0.7  # most confidence of a finding that something speaks against


class PagePart(NamedTuple):
    """Names one of several papers on a sheet."""

    page: int  # number of the sheet within the dossier, from 1
    part: int  # of the papers on it, in the order in which they are read, from 1
    of: int  # how many papers it has

    def __str__(self) -> str:
        return f"phần {self.part}/{self.of} của trang {self.page}"


@dataclass(frozen=True, slots=True)
class Document:
    """Pages that are one paper (giấy tờ), in the order in which people read them.

    Mostly they are consecutive; printed page numbers may say that others belong together.
    """

    type: str  # label, e.g. "Quyết định"; empty when unknown
    pages: tuple[int, ...]  # page numbers within the dossier, from 1
    findings: dict[str, Finding] = field(default_factory=dict)  # by name of the field
    # Names of fields that the paper has not, and who said so: no machine finds them again.
    absent: dict[str, str] = field(default_factory=dict)
    boundary: str = ""  # Vietnamese, for people: why it begins where it does; empty: nobody noted
    parts: tuple[PagePart, ...] = ()  # of pages that it shares; a page without one is its own

    @property
    def span(self) -> tuple[tuple[int, int], ...]:
        """Its pages, each with the part of it that is this paper; part 0 is the whole page."""
        return tuple(
            (page, part)
            for page in self.pages
            for part in [each.part for each in self.parts if each.page == page] or [0]
        )

    @property
    def first_part(self) -> int:
        """The part of its first page with which it begins; 0 where that page is its own."""
        first = self.pages[0] if self.pages else 0
        return min((each.part for each in self.parts if each.page == first), default=0)

    def begins_at(self, page: int, part: int = 0) -> bool:
        """Tell whether it begins on a page.

        Args:
            page: the number of the page within the dossier, from 1.
            part: the part of that sheet, from 1, which is 1 on a page of its own; 0: any.
        """
        return self.pages[:1] == (page,) and part in {0, max(self.first_part, 1)}

    def shared_with(self, other: Document) -> int:
        """Return how many pages it shares with another reading of papers; two parts are two."""
        mine, theirs = ({each[:2] for each in one.parts} for one in (self, other))
        apart = {page for page, _ in mine} & {page for page, _ in theirs}
        apart -= {page for page, _ in mine & theirs}
        return len({*self.pages} & {*other.pages} - apart)

    def on_pages(self, moved: Mapping[int, int]) -> Document:
        """Return it with other numbers of its pages; those that have none leave it.

        Args:
            moved: number of a page -> its number from now on.
        """
        pages = tuple(moved[page] for page in self.pages if page in moved)
        parts = (each for each in self.parts if each.page in moved)
        kept = tuple(each._replace(page=moved[each.page]) for each in parts)
        return replace(self, pages=tuple(dict.fromkeys(pages)), parts=kept)

    def without(self, other: Document) -> Document:
        """Return it without what another one is of its pages; it keeps the rest of shared sheets.

        A sheet that was all its own has the parts that the other one tells from then on.
        """
        taken, several = {each[:2] for each in other.parts}, {p.page: p.of for p in other.parts}
        parts = [
            each for each in self.parts if each.page in several or each.page not in other.pages
        ]
        for page in sorted({*self.pages} & {*several} - {each.page for each in self.parts}):
            of = several[page]
            parts += [PagePart(page, part, of) for part in range(1, of + 1)]
        kept = tuple(each for each in parts if each[:2] not in taken)
        left = {each.page for each in kept}
        pages = tuple(page for page in self.pages if page in left or page not in other.pages)
        return replace(self, pages=pages, parts=kept)


@dataclass(frozen=True, slots=True)
class Boundary:
    """What a person decided of a page: it begins a paper, or continues the one before."""

    scan: str  # SHA-256: pages keep their decision when scans are joined or parted
    number: int  # within the scan, from 1
    begins: bool
    by: str  # the person
