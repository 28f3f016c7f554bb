"""Routes ``/api/v1/dossiers/{dossier}…``: a dossier, its pages, their pictures, and its files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Right
from web.api.calls import api_router
from web.api.dossier_answers import (
    DossierAnswer,
    MissingFileAnswer,
    component_answers,
    document_answer,
    edit_answer,
    file_answer,
    is_withheld,
    version_answer,
)
from web.api.page_answers import (
    PageAnswer,
    PictureAnswer,
    lines_of_page,
    page_summary,
    tables_of_page,
)
from web.context import AppContext, Context, page_note
from web.hits import hit_pages, hit_words
from web.masked.sight import sight_of, sight_to_hand_out
from web.pages.dossiers import dossier as room_files
from web.pages.dossiers import page as room_pages
from web.pages.dossiers import whole as room_whole
from web.pages.dossiers.dossier_view import DossierRequest, DossierView, build_dossier_view
from web.people.gate import CurrentAsk, CurrentVisit, in_scope, needs
from web.people.visits import Visit
from web.scoped_search import may_know
from web.security import DossierId, PageNumber, ScanHash

router = api_router("dossiers")

Words = Annotated[str, Query(max_length=300, description="a search; its hits are marked")]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/webp": {}}, "description": "the picture"}
}
PDF_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "the PDF"}
}
ZIP_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "the ZIP"}
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "the file"}
}


@router.get("/dossiers/{dossier}", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def dossier_record(asked: CurrentAsk, dossier: DossierId, q: Words = "") -> DossierAnswer:
    """Return a dossier: its papers, fields, pages, files, what it lacks, and its history."""
    sight = sight_of(asked.context, asked.visit, asked.context.record(dossier))
    wanted = DossierRequest(q, searches_all=True, with_history=True)
    view = build_dossier_view(sight, wanted, asked.visit.scope)
    asked.record(Verb.VIEW, of=view.dossier)
    return _dossier(asked.context, asked.visit, view)


@router.get(
    "/dossiers/{dossier}/pages/{number}", dependencies=[needs(Right.VIEW), Depends(in_scope)]
)
def page_words(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, q: Words = ""
) -> PageAnswer:
    """Return the text of a page, and each word with its place."""
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    found = sight.dossier
    note, page = page_note(found, number), sight.page(number)
    papers = [at for at, paper in enumerate(found.documents, 1) if number in paper.pages]
    lines = lines_of_page(page, hit_words(page, sight.mask(number), q)) if page else ()
    view = page.view if page else None
    answer = PageAnswer(
        dossier=found.id,
        number=number,
        document=papers[0] if papers else None,
        documents=tuple(papers),
        state=str(note.state),
        confidence=round(note.confidence, 3),
        reasons=note.reasons,
        text="\n".join(" ".join(word.text for word in line) for line in lines),
        lines=lines,
        picture=PictureAnswer(
            width=view.width, height=view.height, matrix=view.matrix, tilt=view.tilt
        )
        if view
        else None,
        tables=tables_of_page(page) if page else (),
        parts=tuple(tuple(part) for part in page.parts) if page else (),
        hit_pages=hit_pages(sight, q),
    )
    asked.record(Verb.VIEW, of=found, page=number)
    return answer


@router.get(
    "/dossiers/{dossier}/pages/{number}/picture.webp",
    dependencies=[needs(Right.VIEW), Depends(in_scope)],
    response_class=Response,
    responses=PICTURE,
)
def page_picture(
    request: Request,
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    number: PageNumber,
) -> Response:
    """Return the picture of a page as WebP; ask again with ``If-None-Match``."""
    return room_pages.picture(request, context, visit, dossier, number)


@router.get(
    "/dossiers/{dossier}/pages/{number}/thumbnail.webp",
    dependencies=[needs(Right.VIEW), Depends(in_scope)],
    response_class=Response,
    responses=PICTURE,
)
def page_thumbnail(
    request: Request,
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    number: PageNumber,
) -> Response:
    """Return the thumbnail of a page as WebP."""
    return room_pages.thumbnail(request, context, visit, dossier, number)


@router.get(
    "/dossiers/{dossier}/files/{sha256}",
    dependencies=[needs(Right.DOWNLOAD), Depends(in_scope)],
    response_class=Response,
    responses=FILE,
)
def original_file(
    context: Context, visit: CurrentVisit, dossier: DossierId, sha256: ScanHash
) -> Response:
    """Download an original, its bytes unchanged."""
    return room_files.original(context, visit, dossier, sha256)


@router.get(
    "/dossiers/{dossier}/files/{sha256}/searchable.pdf",
    dependencies=[needs(Right.EXPORT), Depends(in_scope)],
    response_class=Response,
    responses=PDF_FILE,
)
def searchable_pdf_file(
    context: Context, visit: CurrentVisit, dossier: DossierId, sha256: ScanHash
) -> Response:
    """Download the searchable PDF of an original."""
    return room_files.searchable_pdf(context, visit, dossier, sha256)


@router.get(
    "/dossiers/{dossier}/whole.zip",
    dependencies=[needs(Right.DOWNLOAD), Depends(in_scope)],
    response_class=Response,
    responses=ZIP_FILE,
)
def whole_dossier(context: Context, visit: CurrentVisit, dossier: DossierId) -> Response:
    """Download originals, searchable PDFs, records and list of papers as one ZIP."""
    return room_whole.whole(context, visit, dossier)


def _dossier(context: AppContext, visit: Visit, view: DossierView) -> DossierAnswer:
    found, is_open = view.dossier, view.may_hand_out
    record = view.history[0].record
    notes = enumerate(found.pages if is_open else (), 1)
    other = (lambda each: each) if view.has_reachable_other else (lambda _: None)
    return DossierAnswer(
        id=found.id,
        code=view.heading.code,
        title=view.heading.title,
        name=found.name if is_open else "",
        received=found.received,
        unit=found.unit if is_open else None,
        procedure=found.procedure if is_open else None,
        outcome=str(found.outcome) if found.outcome else None,
        queued=view.is_queued,
        withheld=is_withheld(record),
        reasons=found.reasons if is_open else (),
        documents=tuple(
            document_answer(number, paper)
            for number, paper in enumerate(found.documents if is_open else (), 1)
        ),
        pages=tuple(page_summary(at, note, hit=at in view.hit_pages) for at, note in notes),
        files=tuple(file_answer(record, one.scan, one.searchable_pdf) for one in view.files),
        missing=tuple(
            MissingFileAnswer(name=each.name, why=each.why)
            for each in (found.missing or () if is_open else ())
        ),
        components=component_answers(found) if is_open else (),
        history=tuple(version_answer(line.record) for line in view.history),
        proposed_join=other(found.proposed_join),
        proposals=tuple(each.id for each in view.proposals),
        joined_into=other(found.joined_into),
        joined_from=tuple(
            each for each in found.joined_from if may_know(context, each, visit.scope)
        ),
        edits=tuple(map(edit_answer, found.edits if is_open else ())),
    )
