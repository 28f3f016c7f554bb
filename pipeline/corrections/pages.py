"""Turns, leaves out, restores, replaces and reorders pages, and mends their words.

Nothing is deleted: a scan stays with all its pages, a reading stays beside the words that people
wrote. A person who looked at an older version is told who decided about the same page since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.access import WITHHELD, check_hand_out
from pipeline.corrections.arranging import with_edits
from pipeline.corrections.seen import PageSeen, check_order_seen, left_out_seen, place_seen
from pipeline.errors import CorrectionRefusedError
from pipeline.masking.plain import HIDDEN
from pipeline.model import (
    Boundary,
    Dossier,
    MendedPage,
    PageEdit,
    PageNote,
    PagePlace,
    PageText,
    Record,
)
from pipeline.page_edits.reading import find_mended, find_page
from pipeline.page_edits.words import mend
from pipeline.plain_text import remove_unseen
from pipeline.ports import Archive
from pipeline.stages import find_secret, kept_back, pages_of
from pipeline.versions import Act, keep_and_queue, keep_next, newest_record
from pipeline.vietnamese.text import nfc

TURNED, REWORDED, REORDERED = "turned", "reworded", "reordered"  # actions of records
LEFT_OUT, RESTORED, REPLACED = "left_out", "restored", "replaced"
TURNS = (90, 180, 270)
LONGEST_LINE = 1_000  # characters


def turn_page(target: PageSeen, degrees: int, archive: Archive, act: Act) -> Record:
    """Turn a page from how it is shown; it is read anew as it lies then.

    Args:
        target: the page.
        degrees: clockwise: 90, 180 or 270.
        archive: where the dossier is.
        act: the person who decided, and the reason.

    Raises:
        CorrectionRefusedError: there is no such page, or this is no turn.
        EditConflictError: somebody decided about the page after it was seen.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        WithheldError: it is withheld.
    """
    if degrees not in TURNS:
        raise CorrectionRefusedError("Chỉ xoay được 90, 180 hoặc 270 độ theo chiều kim đồng hồ.")
    record, place = _page(target, archive)
    edit = _edit(record.dossier, place, act)
    lies = edit.orientation
    if lies is None:
        shown = find_page(record.dossier, _note(record.dossier, place), archive)
        lies = shown.measures.orientation if shown else 0
    turned = replace(edit, orientation=(lies + degrees) % 360, is_confirmed=False)
    return keep_and_queue(record, _with(record.dossier, turned, archive), TURNED, archive, act)


def leave_out(target: PageSeen, archive: Archive, act: Act) -> Record:
    """Leave a page out of its dossier, for a reason; its scan stays, and ``restore`` undoes it.

    Raises: as ``turn_page``; ``CorrectionRefusedError`` without a reason, or for the only page.
    """
    _check_reason(act)
    record, place = _page(target, archive)
    if len(record.dossier.pages) == 1:
        raise CorrectionRefusedError("Đây là trang duy nhất của hồ sơ, không bỏ ra được.")
    out = replace(_edit(record.dossier, place, act), left_out=act.reason.strip())
    return keep_and_queue(record, _with(record.dossier, out, archive), LEFT_OUT, archive, act)


def restore(
    dossier: str, place: PagePlace, archive: Archive, act: Act, *, seen: int | None = None
) -> Record:
    """Take a page that was left out, or replaced, back into its dossier, where it stood.

    Args:
        dossier: the dossier's id.
        place: the page, by its scan and its number there.
        archive: where the dossier is.
        act: the person who decided, and the reason.
        seen: the version that the person looked at; None: the newest.

    Raises: as ``turn_page``; ``CorrectionRefusedError`` when the page was not left out.
    """
    record = _record(dossier, archive)
    edit = left_out_seen(record, place, seen, archive)
    back = replace(edit, left_out="", replaced_by=None, by=act.actor)
    return keep_and_queue(record, _with(record.dossier, back, archive), RESTORED, archive, act)


def replace_page(target: PageSeen, by: int, archive: Archive, act: Act) -> Record:
    """Have a page stand in the place of another one, which is left out, as after a new scan.

    What people confirmed of the paper stays; a decision that it begins there goes along.

    Args:
        target: the page that is replaced.
        by: the number of the page that takes its place, in the version that was seen.
        archive: where the dossier is.
        act: the person who decided, and the reason, without which nothing is done.

    Raises: as ``leave_out``.
    """
    _check_reason(act)
    record, old = _page(target, archive)
    new = place_seen(record, by, target.seen, archive)
    if old == new:
        raise CorrectionRefusedError("Một trang không thay được cho chính nó.")
    state = record.dossier
    out = replace(_edit(state, old, act), left_out=act.reason.strip(), replaced_by=new)
    order = [new if each == old else each for each in _places(state) if each != new]
    cut = next((each for each in state.boundaries if (each.scan, each.number) == old), None)
    if cut:
        others = [each for each in state.boundaries if (each.scan, each.number) != new]
        state = replace(state, boundaries=(*others, Boundary(*new, cut.begins, cut.by)))
    order.insert(order.index(new), old)  # it comes back where it stood
    return keep_and_queue(record, _with(state, out, archive, order), REPLACED, archive, act)


def reorder(
    dossier: str, pages: Sequence[int], archive: Archive, act: Act, *, seen: int | None = None
) -> Record:
    """Put the pages of a dossier into another order.

    Args:
        dossier: the dossier's id.
        pages: all numbers of its pages, in the order wanted.
        archive: where the dossier is.
        act: the person who decided, and the reason.
        seen: the version that the person looked at; None: the newest.

    Raises: as ``turn_page``; ``CorrectionRefusedError`` when not each page is named once.
    """
    record = _record(dossier, archive)
    check_order_seen(record, seen, archive)
    places = _places(record.dossier)
    if sorted(pages) != list(range(1, len(places) + 1)):
        raise CorrectionRefusedError(
            f"Thứ tự mới phải kể mỗi trang đúng một lần, từ 1 đến {len(places)}."
        )
    order = [places[page - 1] for page in pages]
    state = with_edits(record.dossier, record.dossier.edits, order, archive)
    return keep_and_queue(record, state, REORDERED, archive, act)


def mend_words(target: PageSeen, lines: Mapping[int, str], archive: Archive, act: Act) -> Record:
    """Write lines of a page anew; what was read stays, and no later reading undoes it.

    Args:
        target: the page.
        lines: number of a line, from 1, as the page is shown -> its words; empty: there are none.
        archive: where the dossier is.
        act: the person who decided, and the reason.

    Raises: as ``turn_page``; ``CorrectionRefusedError`` when there is no such line.
    """
    record, place = _page(target, archive)
    state, note = record.dossier, _note(record.dossier, place)
    shown = find_page(state, note, archive)
    typed = _typed(lines, shown.text if shown else PageText())
    before = find_mended(state, note, archive)
    mended = mend(shown.text, before.lines if before else (), typed) if shown else ()
    if mended == (before.lines if before else ()):
        raise CorrectionRefusedError("Chưa có chữ nào được sửa.", "Sửa một dòng rồi lưu.")
    kept = archive.keep_mended(MendedPage(*place, 0, note.recipe, act.actor, mended))
    edit = replace(_edit(state, place, act), words=kept.number)
    after = _with(state, edit, archive)
    held = find_secret(after, after.pages, archive, pages_of(after, after.pages, archive))
    if held:
        secret = kept_back(after, after.pages, held, act.actor)
        return keep_next(record, secret, WITHHELD, archive, actor=act)
    return keep_and_queue(record, after, REWORDED, archive, act)


def _typed(lines: Mapping[int, str], shown: PageText) -> dict[int, str]:
    typed = {}
    for number, text in lines.items():
        if not 1 <= number <= len(shown.lines):
            raise CorrectionRefusedError(
                f"Trang không có dòng {number}.", f"Trang có {len(shown.lines)} dòng chữ."
            )
        if HIDDEN in text and HIDDEN not in shown.lines[number - 1].text:
            raise CorrectionRefusedError(
                f"Dòng {number} còn chữ bị che: sửa khi đã xem không che.", "Chọn mục đích rồi sửa."
            )
        typed[number] = " ".join(nfc(remove_unseen(text)).split())
        if len(typed[number]) > LONGEST_LINE:
            raise CorrectionRefusedError(f"Dòng {number} dài quá {LONGEST_LINE} ký tự.")
    return typed


def _record(dossier: str, archive: Archive) -> Record:
    record = newest_record(dossier, archive)
    check_hand_out(record)
    if not record.dossier.pages:
        raise CorrectionRefusedError(
            "Hồ sơ chưa được đọc nên chưa sửa trang được.", "Chờ đọc xong."
        )
    return record


def _page(target: PageSeen, archive: Archive) -> tuple[Record, PagePlace]:
    record = _record(target.dossier, archive)
    return record, place_seen(record, target.page, target.seen, archive)


def _with(
    dossier: Dossier,
    edit: PageEdit,
    archive: Archive,
    order: Sequence[PagePlace] | None = None,
) -> Dossier:
    """Return a dossier with another decision about one page, worked out anew."""
    others = [each for each in dossier.edits if each.place != edit.place]
    edits = [*others, edit] if edit.decides else others
    return with_edits(dossier, edits, dossier.order if order is None else order, archive)


def _note(dossier: Dossier, place: PagePlace) -> PageNote:
    return next(each for each in dossier.pages if (each.scan, each.number) == place)


def _places(dossier: Dossier) -> list[PagePlace]:
    return [PagePlace(note.scan, note.number) for note in dossier.pages]


def _edit(dossier: Dossier, place: PagePlace, act: Act) -> PageEdit:
    return replace(dossier.find_edit(*place) or PageEdit(*place, act.actor), by=act.actor)


def _check_reason(act: Act) -> None:
    if not act.reason.strip():
        raise CorrectionRefusedError("Bỏ ra hay thay một trang thì phải có lý do.", "Ghi lý do.")
