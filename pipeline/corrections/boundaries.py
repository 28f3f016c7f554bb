"""Moves the boundaries between papers: a page begins a paper, or continues the one before."""

from __future__ import annotations

from dataclasses import replace

from pipeline.access import check_hand_out
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Boundary, Dossier, Record
from pipeline.ports import Archive
from pipeline.stages import pages_of
from pipeline.understanding import papers, with_papers
from pipeline.versions import Act, keep_next, newest_record

RECUT = "recut"  # the action of records


def begin_paper(dossier: str, page: int, archive: Archive, act: Act) -> Record:
    """Have a page begin a paper; no later reading moves it. Publish the record afterwards.

    Args:
        dossier: the dossier's id.
        page: the page's number within the dossier, from 1.
        archive: where the dossier is.
        act: the person who decided, and the reason.

    Raises:
        CorrectionRefusedError: there is no such page, or it was not read.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        WithheldError: it is withheld.
    """
    return _decide(dossier, page, archive, act, begins=True)


def continue_paper(dossier: str, page: int, archive: Archive, act: Act) -> Record:
    """Have a page continue the paper before it; else as ``begin_paper``.

    Raises:
        CorrectionRefusedError: there is no such page, it is the first one, or people confirmed
            the same field on both papers.
    """
    return _decide(dossier, page, archive, act, begins=False)


def _decide(dossier: str, page: int, archive: Archive, act: Act, *, begins: bool) -> Record:
    record = newest_record(dossier, archive)
    check_hand_out(record)
    if page not in {number for each in record.dossier.documents for number in each.pages}:
        raise CorrectionRefusedError(f"Trang {page} không thuộc giấy tờ nào của hồ sơ.")
    note = record.dossier.pages[page - 1]
    decided = Boundary(note.scan, note.number, begins, act.actor)
    others = (each for each in record.dossier.boundaries if not _same_page(each, decided))
    cut = _cut(record.dossier, (*others, decided), archive)
    if begins is not any(document.pages[:1] == (page,) for document in cut.documents):
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
    (decided,) = set(after.boundaries) - set(before.boundaries)
    if decided not in newest.boundaries:
        raise EditConflictError(
            "Chỗ chia giấy này đã được sửa lại sau đó, nên không hoàn tác được.",
            "Chia lại theo ý bạn.",
        )
    earlier = [each for each in before.boundaries if _same_page(each, decided)]
    kept = [each for each in newest.boundaries if each != decided]
    return _cut(newest, (*kept, *earlier), archive)


def _cut(dossier: Dossier, boundaries: tuple[Boundary, ...], archive: Archive) -> Dossier:
    cut = replace(dossier, boundaries=boundaries)
    return with_papers(cut, papers(cut, pages_of(cut, cut.pages, archive), dossier.documents))


def _same_page(one: Boundary, other: Boundary) -> bool:
    return (one.scan, one.number) == (other.scan, other.number)
