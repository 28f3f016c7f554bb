"""Finds what a person means who looked at an older version, and tells them who changed it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Document, Dossier, Finding, PageEdit, PagePlace, Record
from pipeline.ports import Archive
from pipeline.versions import SYSTEM


class PaperPart(NamedTuple):
    """A page of a paper as it lies in a scan, or one of several parts of it."""

    place: PagePlace
    part: int  # 0: the whole page


class PageSeen(NamedTuple):
    """A page as a person saw it."""

    dossier: str  # id
    page: int  # its number within the dossier, from 1
    seen: int | None = None  # the version that the person looked at; None: the newest


class PaperSeen(NamedTuple):
    """A paper as a person saw it."""

    dossier: str  # id
    page: int  # its first one within the dossier, from 1
    part: int = 0  # of that sheet, from 1; 0: the only paper that begins there
    seen: int | None = None  # the version that the person looked at; None: the newest


_DEEDS = {  # Vietnamese, by the action of a record
    "turned": "xoay",
    "reworded": "sửa chữ",
    "left_out": "bỏ ra",
    "restored": "đưa lại",
    "replaced": "thay",
    "reordered": "chuyển chỗ",
    "recut": "chia lại giấy",
    "undone": "hoàn tác",
    "confirmed": "xác nhận",
    "checked": "xác nhận",
    "joined": "nhập",
    "split": "tách",
}


def place_seen(record: Record, page: int, seen: int | None, archive: Archive) -> PagePlace:
    """Return the page that a person means by a number in the version they looked at.

    Args:
        record: the newest version.
        page: the page's number within the dossier, from 1, as it was seen.
        seen: the version that the person looked at; None: the newest.
        archive: where the history is.

    Raises:
        CorrectionRefusedError: there is no such version or page.
        EditConflictError: somebody decided about that page after ``seen``.
    """
    basis = version_seen(record, seen, archive)
    if not 1 <= page <= len(basis.pages):
        raise CorrectionRefusedError(
            f"Hồ sơ không có trang {page}.", f"Hồ sơ có {len(basis.pages)} trang."
        )
    note = basis.pages[page - 1]
    place = PagePlace(note.scan, note.number)
    if _state(basis, place) != _state(record.dossier, place):
        raise _told(record, basis, place, page, archive)
    return place


def left_out_seen(record: Record, place: PagePlace, seen: int | None, archive: Archive) -> PageEdit:
    """Return the decision by which a page is left out, as a person saw it.

    Raises:
        CorrectionRefusedError: there is no such version, or the page was not left out.
        EditConflictError: somebody decided about it after ``seen``.
    """
    basis = version_seen(record, seen, archive)
    edit = basis.find_edit(*place)
    if edit is None or not edit.left_out:
        raise CorrectionRefusedError("Trang này không bị bỏ ra khỏi hồ sơ.")
    if record.dossier.find_edit(*place) != edit:
        raise _told(record, basis, place, place.number, archive)
    return edit


def check_order_seen(record: Record, seen: int | None, archive: Archive) -> None:
    """Refuse to move pages that others moved, left out or added since.

    Raises:
        EditConflictError: they did, after ``seen``.
    """
    basis = version_seen(record, seen, archive)
    if _order(basis) == _order(record.dossier):
        return
    since = _since(record, basis, archive)
    by = next((one for one in since if _order(one.dossier) != _order(basis)), record)
    raise EditConflictError(
        f"Thứ tự trang đã được {by.actor} đổi ở bản {by.sequence}, sau khi bạn mở hồ sơ.",
        "Mở lại hồ sơ để xem thứ tự mới, rồi quyết định.",
    )


def check_dossier_seen(dossier: str, seen: int | None, archive: Archive) -> None:
    """Refuse what concerns a whole dossier when a person changed it after a version.

    Raises:
        EditConflictError: somebody did, after ``seen``.
    """
    later = (one for one in archive.history(dossier) if seen is not None and one.sequence > seen)
    if by := next((one for one in later if one.actor != SYSTEM), None):
        deed = _DEEDS.get(by.action, "sửa")
        raise EditConflictError(
            f"Hồ sơ {dossier} đã được {by.actor} {deed} ở bản {by.sequence}, sau khi bạn mở.",
            "Mở lại hồ sơ rồi quyết định.",
        )


def version_seen(record: Record, seen: int | None, archive: Archive) -> Dossier:
    """Return a dossier as the person saw it.

    Raises:
        CorrectionRefusedError: there is no such version.
    """
    if seen is None or seen == record.sequence:
        return record.dossier
    known = (each for each in archive.history(record.dossier.id) if each.sequence == seen)
    version = next(known, None)
    if version is None:
        raise CorrectionRefusedError(f"Hồ sơ không có bản {seen}.", "Mở lại hồ sơ rồi sửa.")
    return version.dossier


def places_of(paper: Document, dossier: Dossier) -> tuple[PaperPart, ...]:
    """Return the pages of a paper, in its order, as they lie in the scans of its dossier.

    Page numbers of two versions may mean different pages: people leave pages out and move them.
    """
    notes = {number: dossier.pages[number - 1] for number in paper.pages}
    places = {number: PagePlace(note.scan, note.number) for number, note in notes.items()}
    return tuple(PaperPart(places[number], part) for number, part in paper.span)


def finding_now(finding: Finding | None, was: Dossier, now: Dossier) -> Finding | None:
    """Return a finding of an older version with the number that its page has in a newer one.

    Args:
        finding: the finding; None: there is none.
        was: the dossier as it was when the finding was made.
        now: the dossier whose page numbers count; a page that it has not is named no more.
    """
    if finding is None or finding.page is None:
        return finding
    note = was.pages[finding.page - 1]
    places = _order(now)
    if (note.scan, note.number) not in places:
        return replace(finding, page=None, box=None)
    return replace(finding, page=places.index((note.scan, note.number)) + 1)


def _state(dossier: Dossier, place: PagePlace) -> tuple[bool, PageEdit | None, object]:
    is_there = any((note.scan, note.number) == place for note in dossier.pages)
    cuts = (each for each in dossier.boundaries if (each.scan, each.number) == place)
    return is_there, dossier.find_edit(*place), next(cuts, None)


def _order(dossier: Dossier) -> list[tuple[str, int]]:
    return [(note.scan, note.number) for note in dossier.pages]


def _since(record: Record, basis: Dossier, archive: Archive) -> Sequence[Record]:
    """Return the versions after the one that has this state."""
    history = archive.history(record.dossier.id)
    at = next((at for at, each in enumerate(history) if each.dossier == basis), 0)
    return history[at + 1 :]


def _told(
    record: Record, basis: Dossier, place: PagePlace, page: int, archive: Archive
) -> EditConflictError:
    was = _state(basis, place)
    since = _since(record, basis, archive)
    by = next((one for one in since if _state(one.dossier, place) != was), record)
    deed = _DEEDS.get(by.action, "đổi")
    return EditConflictError(
        f"Trang {page} đã được {by.actor} {deed} ở bản {by.sequence}, sau khi bạn mở hồ sơ.",
        "Mở lại hồ sơ để xem trang hiện nay, rồi quyết định.",
    )
