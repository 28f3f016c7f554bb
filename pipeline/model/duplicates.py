"""Defines papers and pages that a store may hold twice, and a person's word that they are not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pipeline.model.arrangement import PagePlace


class DuplicateKind(StrEnum):
    """What two places have in common."""

    PAPER = "paper"  # papers of the same number, symbol, date and issuer
    PAGE = "page"  # pages that show and say nearly the same: one sheet, scanned twice


class DossierPage(NamedTuple):
    """A page of a dossier, wherever it stands there."""

    dossier: str  # id
    place: PagePlace


class DuplicatePair(NamedTuple):
    """Two places that may hold the same; which of them comes first says nothing."""

    kind: DuplicateKind
    one: DossierPage  # of a paper: its first page
    other: DossierPage


@dataclass(frozen=True, slots=True)
class PagePrint:
    """What pages with nearly the same words have in common, as keyed hashes."""

    place: PagePlace
    buckets: tuple[int, ...]  # 64 bits each, with a sign


@dataclass(frozen=True, slots=True)
class DossierPrints:
    """What the index of duplicates knows of a dossier; of one that is withheld nothing."""

    dossier: str
    papers: tuple[tuple[str, PagePlace], ...] = ()  # key of a paper, its first page
    pages: tuple[PagePrint, ...] = ()


@dataclass(frozen=True, slots=True)
class NotDuplicate:
    """A person's word that two places hold different things; kept in one of both dossiers."""

    place: PagePlace  # in the dossier that keeps it
    dossier: str  # the other dossier, or this one
    other: PagePlace
    by: str  # the person


class UnsettledMarks(NamedTuple):
    """A dossier of whose duplicates the search index may have to say something else."""

    dossier: str
    changed: int  # how often its partners changed so far
    marks: tuple[str, ...]  # what the search index was told last, or is to be told
    is_published: bool  # whether it was told these
