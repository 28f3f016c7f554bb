"""Moves the boundaries between papers: a page begins a paper, or continues the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.access import check_hand_out
from pipeline.corrections.seen import PageSeen, place_seen
from pipeline.documents.confirmation import keep_confirmed
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Boundary, Document, Dossier, PagePlace, Record
from pipeline.ports import Archive
from pipeline.stages import pages_of
from pipeline.understanding import assembled, with_papers
from pipeline.versions import Act, keep_next, newest_record

RECUT = "recut"  # the action of records


def begin_paper(
    dossier: str, page: int, archive: Archive, act: Act, *, seen: int | None = None
) -> Record:
    """Have a page begin a paper; no later reading moves it. Publish the record afterwards.

    Args:
        dossier: the dossier's id.
        page: the page's number within the dossier, from 1.
        archive: where the dossier is.
        act: the person who decided, and the reason.
        seen: the version that the person looked at; None: the newest.

    Raises:
        CorrectionRefusedError: there is no such page, or it was not read.
        EditConflictError: somebody decided about the page after ``seen``.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        WithheldError: it is withheld.
    """
    return _decide(PageSeen(dossier, page, seen), archive, act, begins=True)


def continue_paper(
    dossier: str, page: int, archive: Archive, act: Act, *, seen: int | None = None
) -> Record:
    """Have a page continue the paper before it; else as ``begin_paper``.

    Raises:
        CorrectionRefusedError: there is no such page, it is the first one, or people confirmed
            the same field on both papers.
    """
    return _decide(PageSeen(dossier, page, seen), archive, act, begins=False)


def _decide(target: PageSeen, archive: Archive, act: Act, *, begins: bool) -> Record:
    page, record = target.page, newest_record(target.dossier, archive)
    check_hand_out(record)
    if target.seen is not None:
        page = _page_at(place_seen(record, page, target.seen, archive), record.dossier)
    if page not in {number for each in record.dossier.documents for number in each.pages}:
        raise CorrectionRefusedError(f"Trang {page} không thuộc giấy tờ nào của hồ sơ.")
    note = record.dossier.pages[page - 1]
    decided = Boundary(note.scan, note.number, begins, act.actor)
    if decided in record.dossier.boundaries:
        return record
    others = [each for each in record.dossier.boundaries if not _same_page(each, decided)]
    state = replace(record.dossier, boundaries=(*others, decided))
    cut = with_papers(state, _cut(state, page, archive, begins=begins))
    if begins is not _begins(page, cut.documents):
        raise CorrectionRefusedError(
            f"Không chia lại được ở trang {page}: trang đầu của hồ sơ luôn bắt đầu một giấy, và "
            "hai giấy có cùng một trường do người xác nhận thì không gộp được.",
            "Bỏ trường đã xác nhận ở một trong hai giấy rồi thử lại.",
        )
    return keep_next(record, cut, RECUT, archive, actor=act)


def without_cut(newest: Dossier, before: Dossier, after: Dossier, archive: Archive) -> Dossier:
    """Return a dossier without the decision that one of its versions made about a page.

    Args:
        newest: the dossier as it is now.
        before: the dossier before that version.
        after: the dossier as that version had it.
        archive: where its pages are.

    Raises:
        EditConflictError: somebody decided about the page again since.
    """
    changed = set(after.boundaries) ^ set(before.boundaries)
    if not changed:
        raise CorrectionRefusedError("Bản này không đổi chỗ chia giấy nào.")
    standing = [each for each in newest.boundaries if each in changed]
    if standing != [each for each in after.boundaries if each in changed]:
        raise EditConflictError(
            "Chỗ chia giấy này đã được sửa lại sau đó, nên không hoàn tác được.",
            "Chia lại theo ý bạn.",
        )
    earlier = [each for each in before.boundaries if each in changed]
    kept = [each for each in newest.boundaries if each not in changed]
    state = replace(newest, boundaries=(*kept, *earlier))
    page = _page_of(next(iter(changed)), newest)
    began = _begins(page, before.documents)
    return with_papers(state, _cut(state, page, archive, begins=began))


def _cut(dossier: Dossier, page: int, archive: Archive, *, begins: bool) -> list[Document]:
    """Return the papers with one boundary set or taken out; the papers elsewhere stay as they are.

    Rules may have become better since the dossier was understood, and nobody asked for that here.
    """
    documents = list(dossier.documents)
    at = next(at for at, each in enumerate(documents) if page in each.pages)
    if begins is (documents[at].pages[0] == page) or (not begins and at == 0):
        return documents
    first = at if begins else at - 1
    touched = documents[first : at + 1]
    numbers = [number for each in touched for number in each.pages]
    begun = {each.pages[0] for each in documents if each.pages} - {page}
    begun |= {page} if begins else set()
    known = {number: number in begun for each in documents for number in each.pages}
    # All of the dossier is looked at, for papers bear each other out.
    pages = pages_of(dossier, dossier.pages, archive)
    found = [
        each
        for each in assembled([page for page in pages if page.number in known], known)
        if set(each.pages) <= set(numbers)
    ]
    return [*documents[:first], *keep_confirmed(touched, found), *documents[at + 1 :]]


def _begins(page: int, documents: Sequence[Document]) -> bool:
    return any(document.pages[:1] == (page,) for document in documents)


def _page_of(boundary: Boundary, dossier: Dossier) -> int:
    """Return the number within the dossier of the page that was decided about."""
    return _page_at(PagePlace(boundary.scan, boundary.number), dossier)


def _page_at(place: PagePlace, dossier: Dossier) -> int:
    places = [(note.scan, note.number) for note in dossier.pages]
    if place not in places:
        raise EditConflictError(
            "Trang này không còn trong hồ sơ, nên không hoàn tác được.",
            "Xem lịch sử để biết trang đã đi đâu.",
        )
    return places.index(place) + 1


def _same_page(one: Boundary, other: Boundary) -> bool:
    return (one.scan, one.number) == (other.scan, other.number)
