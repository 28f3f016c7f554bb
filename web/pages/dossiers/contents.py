"""Route ``/ho-so/…/muc-luc``: the list of the papers of a dossier, to be printed and put into it.

Its columns are those of the list of documents in a dossier (mục lục văn bản, docs/domain.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Document, Dossier, Right
from search.text.entries import heading
from web.context import Context
from web.labels import finding_value
from web.masked.sight import sight_to_hand_out
from web.pages.dossiers.papers_view import page_list, pages_told
from web.people.gate import CurrentVisit, in_scope, needs
from web.people.recording import record_act
from web.security import DossierId

router = APIRouter(prefix="/ho-so/{dossier}")

COLUMNS = (
    "STT",
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại và trích yếu",
    "Tác giả",
    "Trang số",
    "Ghi chú",
)
_DOUBT = " (?)"  # behind whatever somebody must check first


class ListedPaper(NamedTuple):
    """A line of the list; its cells in the order of ``COLUMNS``."""

    position: str
    number: str
    day: str
    title: str
    author: str
    pages: str
    remark: str


@router.get("/muc-luc", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def contents(context: Context, visit: CurrentVisit, dossier: DossierId) -> Response:
    """Show the list of the papers of a dossier, to be printed."""
    sight = sight_to_hand_out(context, visit, dossier)
    told, purpose = {"what": "contents"}, sight.disclosure.purpose
    record_act(context.audit, visit, Verb.VIEW, sight.dossier, told, purpose=purpose)
    shown: dict[str, Any] = {
        "dossier": sight.dossier,
        "heading": heading(sight.dossier),
        "columns": COLUMNS,
    }
    return context.render(
        "contents.html", visit=visit, lines=tuple(listed_papers(sight.dossier)), **shown
    )


def listed_papers(dossier: Dossier) -> Iterator[ListedPaper]:
    """Yield a line for each paper of a dossier."""
    for position, paper in enumerate(dossier.documents, 1):
        number = "/".join(filter(None, (_value(paper, "number"), _value(paper, "symbol"))))
        title = ". ".join(filter(None, (paper.type, _value(paper, "summary"))))
        owner = _value(paper, "full_name") or _value(paper, "organisation")
        yield ListedPaper(
            str(position),
            number,
            _value(paper, "issued_on"),
            title or "Giấy tờ chưa rõ loại",
            _value(paper, "issuer") or owner,
            (pages_told(paper) if paper.parts else page_list(paper.pages)) or "không có trang",
            "",
        )


def _value(paper: Document, name: str) -> str:
    found = paper.findings.get(name)
    if found is None:
        return ""
    return finding_value(name, found.value) + ("" if found.is_certain else _DOUBT)
