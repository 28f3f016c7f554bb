"""Moves the boundaries between papers: a page begins a paper, or continues the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from pipeline.access import check_hand_out
from pipeline.corrections.scattered import (
    begins_of,
    begins_paper,
    first_on,
    is_scattered,
    parted_pages,
)
from pipeline.corrections.seen import PageSeen, place_seen
from pipeline.documents.boundaries.cut import BY_PERSON
from pipeline.documents.confirmation import decided_fields, keep_confirmed
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Boundary, Document, Dossier, PagePlace, Record
from pipeline.ports import Archive
from pipeline.stages import pages_of
from pipeline.understanding import assembled, with_papers, with_senders_facts
from pipeline.versions import Act, keep_next, newest_record

RECUT = "recut"  # the action of records


class _CutAt(NamedTuple):
    """A page that is decided about, and the sheets whose parts stay different papers."""

    page: int
    parted: frozenset[int]


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
        CorrectionRefusedError: there is no such page, it was not read, or people confirmed the same
            field on several papers of its sheet.
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
    in_papers = {number for each in record.dossier.documents for number in each.pages}
    notes = record.dossier.pages
    if page not in in_papers and not (0 < page <= len(notes) and notes[page - 1].apart):
        raise CorrectionRefusedError(f"Trang {page} không thuộc giấy tờ nào của hồ sơ.")
    note = notes[page - 1]
    decided = Boundary(note.scan, note.number, begins, act.actor)
    if decided in record.dossier.boundaries:
        return record
    others = [each for each in record.dossier.boundaries if not _same_page(each, decided)]
    state = replace(record.dossier, boundaries=(*others, decided))
    parted = parted_pages(state.documents) - {page}  # what a person says is meant of the sheet
    papers = _cut(state, _CutAt(page, parted), archive, BY_PERSON if begins else "")
    cut = with_papers(_with_note(state, page), papers)
    if begins is not begins_paper(page, cut.documents):
        raise _refused(page)
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
    page, was = (_page_of(next(iter(changed)), each) for each in (newest, before))
    if why := before.pages[was - 1].apart:
        return with_papers(*_apart_again(state, page, why))
    told = (each.boundary for each in before.documents if each.pages[:1] == (was,))
    why = (next(told, "") or BY_PERSON) if begins_paper(was, before.documents) else ""
    parted = parted_pages(newest.documents) - {page}
    parted |= {page} if was in parted_pages(before.documents) else set()
    papers = _cut(state, _CutAt(page, parted), archive, why)
    return with_papers(_with_note(state, page), papers)


def _cut(dossier: Dossier, place: _CutAt, archive: Archive, why: str) -> list[Document]:
    """Return the papers with one boundary set or taken out; the papers elsewhere stay as they are.

    Rules may have become better since the dossier was understood, and nobody asked for that here.

    Args:
        dossier: the dossier with its papers.
        place: the page that begins a paper, or continues the one before.
        archive: where its pages are.
        why: why a paper begins with that page, Vietnamese; empty: it continues the one before.
    """
    page, begins, stays = place.page, bool(why), place.parted == parted_pages(dossier.documents)
    paper_of = first_on(dossier.documents)
    before = max((number for number in paper_of if number < page), default=0)
    if page in paper_of and stays and begins is begins_paper(page, dossier.documents):
        return [_told(each, page, paper_of, why) for each in dossier.documents]
    apart = [each for each in dossier.documents if begins and page not in each.pages]
    stay = [each for each in apart if is_scattered(each, dossier.documents)]
    near = [each for each in dossier.documents if {page, before} & {*each.pages}]
    touched = [each for each in near if each not in stay]
    others = [each for each in dossier.documents if each not in touched]
    known = {number: begins_paper(number, dossier.documents) for number in paper_of}
    known |= begins_of(stay)
    numbers = {page, *(number for each in touched for number in each.pages)}
    found = [
        _told(_as_before(each, paper_of), page, paper_of, why)
        for each in _read(dossier, known | {page: begins}, place.parted, archive)
        if set(each.pages) <= numbers
    ]
    found = [own for each in found if (own := reduce(Document.without, others, each)).pages]
    whole = [*others, *keep_confirmed(touched, found)]
    if page in parted_pages(whole) - place.parted:
        raise _refused(page)
    return sorted(whole, key=lambda each: (min(each.pages, default=0), each.first_part))


def _read(
    dossier: Dossier, begins: Mapping[int, bool], parted: Collection[int], archive: Archive
) -> Sequence[Document]:
    """Return the papers that machines find on pages of which it is known where papers begin.

    All of the dossier is looked at: papers bear each other out, and cover sheets, which are in no
    paper, say what the paper behind them is.
    """
    pages = [
        each
        for each in pages_of(dossier, dossier.pages, archive)
        if each.number in begins or dossier.pages[each.number - 1].apart
    ]
    papers = assembled(pages, begins, parted)
    if any({*each.pages} - {*begins} for each in papers):  # rules of today see no separator there
        papers = assembled([each for each in pages if each.number in begins], begins, parted)
    return with_senders_facts(dossier, papers)


def _as_before(document: Document, paper_of: Mapping[int, Document]) -> Document:
    """Return a paper with the reason that it had before for where it begins, if it did there."""
    if document.first_part > 1:
        return document
    before = paper_of.get(document.pages[0])
    if before is None or before.pages[0] != document.pages[0]:
        return document
    return replace(document, boundary=before.boundary)


def _refused(page: int) -> CorrectionRefusedError:
    return CorrectionRefusedError(
        f"Không chia lại được ở trang {page}: trang đầu của hồ sơ luôn bắt đầu một giấy, và "
        "hai giấy có cùng một trường do người xác nhận thì không gộp được.",
        "Bỏ trường đã xác nhận ở một trong hai giấy rồi thử lại.",
    )


def _told(document: Document, page: int, others: Iterable[int], why: str) -> Document:
    """Return a paper with why it begins, if it does with the page that was decided about.

    The first page of all papers begins one whatever people say: its reason stays.
    """
    is_first = all(number >= page for number in others)
    if not why or document.pages[:1] != (page,) or document.first_part > 1 or is_first:
        return document
    return replace(document, boundary=why)


def _apart_again(dossier: Dossier, page: int, why: str) -> tuple[Dossier, list[Document]]:
    """Return a dossier in which a page is a separator again, and its papers without that page."""
    rest = [
        each.on_pages({number: number for number in each.pages if number != page})
        for each in dossier.documents
    ]
    kept = [one for one in rest if one.pages or decided_fields(one)]
    return _with_note(dossier, page, why), kept


def _with_note(dossier: Dossier, page: int, apart: str = "") -> Dossier:
    """Return a dossier with why a page is in no paper; empty: a person said that it is in one."""
    notes = list(dossier.pages)
    notes[page - 1] = replace(notes[page - 1], apart=apart)
    return replace(dossier, pages=tuple(notes))


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
