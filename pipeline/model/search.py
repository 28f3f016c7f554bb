"""Defines what is published to the search index, queries, and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.model.dossier import Dossier
from pipeline.model.page import PageState

# "received" is the day of scanning, "reception" the day that the receipt names.
Sort = Literal["relevance", "received", "reception", "issued", "code"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The dossiers a visitor may find at all; None stands for every value."""

    units: frozenset[str] | None = None
    document_types: frozenset[str] | None = None
    levels: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A search: the text as typed, filters by name, and which hits of the list.

    ``search.query.filters`` names the filters; ``scope`` bounds what is found, counted and guessed.
    """

    text: str
    filters: dict[str, str] = field(default_factory=dict)  # unit, document_type, year, state, …
    limit: int = 20
    offset: int = 0
    scope: Scope | None = None  # None: everything
    parts_of_numbers: bool = True  # a group of a person's number finds it: a right
    only_marked: bool = False  # a word typed with marks is found with these marks only
    sort: Sort = "relevance"  # the others: newest first, codes ascending; those without come last
    after: str = ""  # ``Results.next`` of the page of results before; stands for an offset


@dataclass(frozen=True, slots=True)
class Hit:
    """One dossier found, with its best page."""

    dossier: str
    code: str | None
    page: int  # within the dossier
    title: str
    snippet: str  # plain text; the hit words between MARK_OPEN and MARK_CLOSE
    score: float  # higher is better
    pages: tuple[int, ...] = ()  # all pages found, best first


MARK_OPEN, MARK_CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a search."""

    total: int  # dossiers found
    took_ms: float  # milliseconds
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]  # facet -> value -> dossiers
    approximate: bool = False  # no dossier has all words: these are near it
    given_up: tuple[str, ...] = ()  # words as typed that the hits need not have
    never_so_marked: tuple[str, ...] = ()  # typed with marks that stand nowhere with them
    next: str = ""  # ``Query.after`` of the next page of results; empty after the last


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that what was typed so far may become."""

    kind: Literal["code", "unit", "procedure", "title"]
    text: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One page as it is published to the search index, with the fields of its document."""

    page: int  # within the dossier
    text: str
    state: PageState
    document_type: str = ""
    findings: dict[str, str] = field(default_factory=dict)  # name -> value, of its document


@dataclass(frozen=True, slots=True)
class Publication:
    """A dossier as it is published to the index: all of it, under the number of its record."""

    dossier: Dossier
    sequence: int  # of the record; an older one never replaces a newer one
    entries: tuple[IndexEntry, ...]
    # Keys of who may know of a dossier that it may be a duplicate of (``pipeline.people.scopes``).
    partners: tuple[str, ...] = ()
