"""Defines the documents of a dossier with their findings, and what people decided of boundaries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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


@dataclass(frozen=True, slots=True)
class Boundary:
    """What a person decided of a page: it begins a paper, or continues the one before."""

    scan: str  # SHA-256: pages keep their decision when scans are joined or parted
    number: int  # within the scan, from 1
    begins: bool
    by: str  # the person
