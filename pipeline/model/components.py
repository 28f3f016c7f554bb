"""Defines the checklist of a dossier: the papers it is made of, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.arrangement import PagePlace


class ComponentState(StrEnum):
    """What became of a component (thành phần hồ sơ)."""

    PRESENT = "present"  # it was scanned
    MISSING = "missing"
    UNCLEAR = "unclear"  # a paper of unknown type may be it: a person looks
    SHOWN = "shown"  # only shown at the counter (xuất trình), never digitised
    EXEMPT = "exempt"  # not to be digitised, or not asked of everybody; the reason says why


@dataclass(frozen=True, slots=True)
class Component:
    """A paper that a dossier is made of, as its receipt or the catalogue names it."""

    name: str  # as printed
    state: ComponentState
    source: str  # receipt or catalogue
    pages: tuple[int, ...] = ()  # first pages of the papers that are it
    reason: str = ""  # Vietnamese, for people
    reference: str = ""  # the dossier that holds the paper which stands for it; empty: none


@dataclass(frozen=True, slots=True)
class ReusedPaper:
    """A paper of another dossier that stands for a component, as a person decided."""

    component: str  # its name on the checklist
    dossier: str  # that holds the paper
    page: int  # its first page there, from 1, when it was decided
    scan: str  # SHA-256 of the scan that page is of
    by: str  # the person
    nth: int = 1  # which of the components of that name, from 1
    part: int = 0  # of that page with which the paper begins; 0: the page is its own


class MarkKind(StrEnum):
    """What a person says of a component that the machine did not find."""

    ON_PAPER = "on_paper"  # it is on pages of the dossier
    SHOWN = "shown"  # only shown at the counter
    EXEMPT = "exempt"  # not to be digitised


@dataclass(frozen=True, slots=True)
class ComponentMark:
    """What a person decided about a component of the checklist."""

    component: str  # its name on the checklist
    kind: MarkKind
    by: str  # the person
    at: datetime  # with time zone
    why: str = ""  # in the words of the person
    pages: tuple[PagePlace, ...] = ()  # where it is, of ON_PAPER
    nth: int = 1  # which of the components of that name, from 1
