"""Defines where the papers of an owner lie, and whether they still hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class OwnedPaper:
    """Where a paper of an owner lies."""

    dossier: str
    page: int  # its first page within the dossier, from 1
    part: int = 0  # of that sheet, from 1; 0: nobody said which of the papers that begin there


@dataclass(frozen=True, slots=True)
class OwnerPapers:
    """The papers of one dossier that carry a certain number of their owner."""

    dossier: str
    sequence: int  # of the record that says so
    numbers: tuple[tuple[str, int], ...]  # number of an owner, first page of a paper; may be none


class ValidityState(StrEnum):
    """Whether a paper still holds."""

    VALID = "valid"
    EXPIRED = "expired"
    LASTING = "lasting"  # papers of this type do not end by time
    UNKNOWN = "unknown"  # no rule for its type, or what the rule needs was not read with certainty


@dataclass(frozen=True, slots=True)
class PaperValidity:
    """Whether a paper holds on a day, until when, and by which rule."""

    state: ValidityState
    until: date | None = None  # the last day on which it holds
    rule: str = ""  # Vietnamese, for people
