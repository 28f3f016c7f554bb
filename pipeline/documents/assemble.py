"""Cuts the pages of a dossier into papers and has the fields of each extracted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pipeline.documents.classify import Title, find_title
from pipeline.documents.extract.extractors import Paper, extract
from pipeline.documents.extract.header import has_heading, read_head
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
    before; blank and unread pages belong to the paper before them.

    Args:
        pages: the pages that have a result, in order.
        decided: number of a page -> whether it begins a paper, where a person decided it.
    """
    runs: list[_PageRun] = []
    for page in pages:
        rows = rows_of(page)
        silent = page.page.state in (PageState.BLANK, PageState.NOT_READ)
        headed = not silent and has_heading(rows)
        title = None if silent else find_title(rows, headed=headed)
        if decided.get(page.number, headed or title is not None) or not runs:
            runs.append(_PageRun(title, []))
        runs[-1].pages.append(rows)
    return tuple(_document(run) for run in runs)


def _document(run: _PageRun) -> Document:
    found = extract(Paper(run.title, read_head(run.pages[0], run.title), run.pages))
    kind = found.get("document_type")
    return Document(kind.value if kind else "", tuple(page.number for page in run.pages), found)
