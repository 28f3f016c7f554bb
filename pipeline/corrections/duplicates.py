"""Says that two papers or pages are no duplicates of one another, as a person decides."""

from __future__ import annotations

from dataclasses import replace

from pipeline.access import check_hand_out
from pipeline.corrections.seen import PageSeen, place_seen
from pipeline.duplicates.found import says_apart
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Dossier, DossierPage, NotDuplicate, Record
from pipeline.ports import Archive
from pipeline.versions import Act, keep_next, newest_record

SET_APART = "set_apart"  # the action of records


def set_apart(page: PageSeen, other: PageSeen, archive: Archive, act: Act) -> Record:
    """Note that two pages, or the papers that they begin, are no duplicates.

    It holds for these two pages alone, wherever their files lie, and no reading ends it. It is
    noted in the dossier of the first page; where either dossier says so already nothing changes.

    Args:
        page: the one page, as the person saw it.
        other: the other page, of the same or of another dossier.
        archive: where both dossiers are.
        act: the person who decided, and the reason.

    Raises:
        CorrectionRefusedError: there is no such page or version, or both are one.
        EditConflictError: somebody decided about one of the pages after it was seen.
        JoinedError: the scans of one of the dossiers belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        ObjectMissingError: there is no such dossier.
        WithheldError: one of the dossiers is withheld.
    """
    record, beside = newest_record(page.dossier, archive), newest_record(other.dossier, archive)
    for each in (record, beside):
        check_hand_out(each)
    mine = DossierPage(page.dossier, place_seen(record, page.page, page.seen, archive))
    theirs = DossierPage(other.dossier, place_seen(beside, other.page, other.seen, archive))
    if mine == theirs:
        raise CorrectionRefusedError("Đây là cùng một trang.", "Chọn hai trang khác nhau.")
    for each in (record, beside):
        said = each.dossier.not_duplicates
        if any(says_apart(one, each.dossier.id, mine, theirs) for one in said):
            return record
    word = NotDuplicate(mine.place, theirs.dossier, theirs.place, act.actor)
    state = replace(record.dossier, not_duplicates=(*record.dossier.not_duplicates, word))
    return keep_next(record, state, SET_APART, archive, actor=act)


def without_word(newest: Dossier, before: Dossier, after: Dossier) -> Dossier:
    """Return a dossier without what one of its versions said, or took back, of duplicates.

    Args:
        newest: the dossier as it is now.
        before: the dossier before that version.
        after: the dossier as that version had it.

    Raises:
        EditConflictError: somebody said or took back the same since.
    """
    made = set(after.not_duplicates) - set(before.not_duplicates)
    ended = set(before.not_duplicates) - set(after.not_duplicates)
    said = set(newest.not_duplicates)
    if not made <= said or ended & said:
        raise EditConflictError(
            "Điều này đã được quyết định lại sau đó, nên không hoàn tác được.",
            "Xem lịch sử của hồ sơ.",
        )
    kept = [each for each in newest.not_duplicates if each not in made]
    kept += [each for each in before.not_duplicates if each in ended]
    return replace(newest, not_duplicates=tuple(kept))
