"""Cuts the pages of a dossier into papers and has the fields of each extracted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pipeline.documents.checks import checked
from pipeline.documents.classify import Title, find_title
from pipeline.documents.extract.extractors import Findings, Paper, extract
from pipeline.documents.extract.header import has_heading, read_head
from pipeline.documents.extract.parties import SEVERAL
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.machine_readable.cover_findings import with_cover_sheets
from pipeline.documents.machine_readable.cover_sheets import why_apart
from pipeline.documents.rows import PageOfDossier, PageRows, rows_of
from pipeline.model import Document, PageState

_UNDECIDED: Mapping[int, bool] = MappingProxyType({})


class _PageRun(NamedTuple):
    """Consecutive pages, and the title on the first of them."""

    title: Title | None
    pages: list[PageRows]


def assemble(
    pages: Sequence[PageOfDossier], decided: Mapping[int, bool] = _UNDECIDED
) -> tuple[Document, ...]:
    """Cut the pages of a dossier, in order, into papers and read their heads.

    A page with a title or the national heading begins a paper; a page without continues the one
    before; blank and unread pages belong to the paper before them. Our separators and cover sheets
    part papers and belong to none; what a sheet says, the paper that follows it is given.

    Args:
        pages: the pages that have a result, in order.
        decided: number of a page -> whether it begins a paper, where a person decided it.
    """
    runs: list[_PageRun] = []
    after_sheet = False
    for page in pages:
        back = after_sheet and page.page.state is PageState.BLANK  # of the sheet itself
        if page.number not in decided and (back or why_apart(page.page)):
            after_sheet = True
            continue
        rows = rows_of(page)
        silent = page.page.state in (PageState.BLANK, PageState.NOT_READ)
        headed = not silent and has_heading(rows)
        title = None if silent else find_title(rows, headed=headed)
        begins = headed or title is not None or (after_sheet and not silent)
        if decided.get(page.number, begins) or not runs:
            runs.append(_PageRun(title, []))
        after_sheet = after_sheet and silent
        runs[-1].pages.append(rows)
    papers = [Paper(run.title, read_head(run.pages[0], run.title), run.pages) for run in runs]
    found = [extract(paper) for paper in papers]
    named = [folded_text(each["applicant"].value) if "applicant" in each else "" for each in found]
    documents = [
        _document(paper, each, frozenset((*named[:at], *named[at + 1 :])) - {""})
        for at, (paper, each) in enumerate(zip(papers, found, strict=True))
    ]
    return checked(with_cover_sheets(documents, pages))


def _document(paper: Paper, found: Findings, applicants: frozenset[str]) -> Document:
    if any(SEVERAL in finding.reasons for finding in found.values()):
        found = extract(paper._replace(applicants=applicants))  # another paper says who is meant
    kind = found.get("document_type")
    return Document(kind.value if kind else "", tuple(page.number for page in paper.pages), found)
