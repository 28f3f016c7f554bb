"""Walks the doubtful fields of a dossier in the order of its papers."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.documents.fields import rank_of
from pipeline.model import Dossier
from web.urls import field_url


def following_doubts(dossier: Dossier, paper: int = 0, field: str = "") -> Iterator[str]:
    """Yield the URLs of the doubtful fields behind one, and then of those before it.

    Fields that were read on no page have none: the form of their paper shows them.

    Args:
        dossier: the dossier as it is shown.
        paper: position of the field's paper, from 1; 0: from the first.
        field: the field's name.
    """
    doubts = [
        (position, rank_of(name), name, finding.page)
        for position, document in enumerate(dossier.documents, 1)
        for name, finding in document.findings.items()
        if not finding.is_certain and finding.page
    ]
    here = (paper, rank_of(field), field) if paper else (0,)
    behind = sorted(each for each in doubts if each[:3] > here)
    before = sorted(each for each in doubts if each[:3] < here)
    for position, _, name, page in (*behind, *before):
        assert page is not None  # asked above
        yield field_url(dossier.id, page, position, name)
