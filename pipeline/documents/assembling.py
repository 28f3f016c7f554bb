"""Cuts the pages of a dossier into papers and has the fields of each extracted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from pipeline.documents.boundaries.cut import PageRun, cut
from pipeline.documents.boundaries.looks import looks_at
from pipeline.documents.boundaries.ordering import reunited
from pipeline.documents.checks import checked
from pipeline.documents.extract.extractors import Findings, Paper, extract
from pipeline.documents.extract.header import read_head
from pipeline.documents.extract.parties import SEVERAL
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.machine_readable.cover_findings import with_cover_sheets
from pipeline.documents.rows import PageOfDossier
from pipeline.model import Document

_UNDECIDED: Mapping[int, bool] = MappingProxyType({})


class Assembled(NamedTuple):
    """The papers of a dossier, and the pages that are none."""

    documents: tuple[Document, ...]
    apart: Mapping[int, str]  # number of a page -> why it belongs to no paper, Vietnamese


def assemble(
    pages: Sequence[PageOfDossier], decided: Mapping[int, bool] = _UNDECIDED
) -> tuple[Document, ...]:
    """Cut the pages of a dossier, in order, into papers and read their heads.

    ``boundaries`` says where papers begin; each has the reason in ``Document.boundary``. Our
    separators and cover sheets belong to none; what a sheet says, the paper behind it is given.

    Args:
        pages: the pages that have a result, in order.
        decided: number of a page -> whether it begins a paper, where a person decided it.
    """
    return assemble_all(pages, decided).documents


def assemble_all(
    pages: Sequence[PageOfDossier],
    decided: Mapping[int, bool] = _UNDECIDED,
    parted: Collection[int] = (),
) -> Assembled:
    """Cut pages into papers as ``assemble``; say as well which belong to none, such as separators.

    Args:
        pages: the pages that have a result, in order.
        decided: number of a page -> whether it begins a paper, where a person decided it; of a
            sheet with several papers the person means the whole.
        parted: numbers of sheets of which ``decided`` means the first paper alone.
    """
    looks = (
        look
        for page in pages
        for look in looks_at(page, is_whole=page.number in decided and page.number not in parted)
    )
    runs, apart = cut(looks, decided)
    runs = reunited(runs)
    papers = [_paper(run) for run in runs]
    found = [extract(paper) for paper in papers]
    named = [folded_text(each["applicant"].value) if "applicant" in each else "" for each in found]
    documents = [
        replace(
            _document(paper, each, frozenset((*named[:at], *named[at + 1 :])) - {""}),
            boundary=runs[at].reason,
        )
        for at, (paper, each) in enumerate(zip(papers, found, strict=True))
    ]
    return Assembled(checked(with_cover_sheets(documents, pages)), apart)


def _paper(run: PageRun) -> Paper:
    first = run.looks[0]
    title = None if first.is_silent else first.title
    return Paper(title, read_head(first.rows, title), [look.rows for look in run.looks])


def _document(paper: Paper, found: Findings, applicants: frozenset[str]) -> Document:
    if any(SEVERAL in finding.reasons for finding in found.values()):
        found = extract(paper._replace(applicants=applicants))  # another paper says who is meant
    kind = found.get("document_type")
    pages = dict.fromkeys(page.number for page in paper.pages)
    parts = tuple(part for page in paper.pages for part in page.parts)
    return Document(kind.value if kind else "", tuple(pages), found, parts=parts)
