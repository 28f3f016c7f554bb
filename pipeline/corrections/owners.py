"""Records whose a paper without a number is, as a person says who compared name and birth.

What was decided is the field ``owner_id`` of the paper: it moves along with its pages, outlasts
every reading, stands in the history and is taken back by ``undo``.
"""

from __future__ import annotations

from pipeline.access import check_hand_out
from pipeline.corrections.fields import CORRECTED, with_documents, with_finding
from pipeline.corrections.seen import PaperSeen, place_seen, version_seen
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Document, Dossier, Finding, Record, Source
from pipeline.owners.numbers import names_of, owner_number, owners_of
from pipeline.ports import Archive
from pipeline.versions import Act, keep_next, newest_record

OWNER = "owner_id"


def decide_owner(
    target: PaperSeen, number: str, archive: Archive, act: Act, *, is_theirs: bool
) -> Record:
    """Write whose a paper is, or that it is not theirs; publish the record afterwards.

    A paper that was said not to be somebody's is suggested to nobody of that name any more.

    Args:
        target: the paper, as the person saw it.
        number: the person's number, as typed or as ``owner_number`` gives it.
        archive: where the dossier is.
        act: the person who decided, and the reason.
        is_theirs: whether the paper is theirs.

    Raises:
        CorrectionRefusedError: no paper begins there, several do, or it carries a number itself.
        EditConflictError: somebody decided about it before, or changed it after it was seen.
        JoinedError: the scans of the dossier belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        ObjectMissingError: there is no such dossier.
        QueryError: it is no number of a person or organisation.
        WithheldError: the dossier is withheld.
    """
    digits = owner_number(number.rpartition(":")[2]).rpartition(":")[2]
    record = newest_record(target.dossier, archive)
    check_hand_out(record)
    shown = _shown(target, version_seen(record, target.seen, archive))
    documents = list(record.dossier.documents)
    at = _position_now(target, shown, record, archive)
    if _is_decided(documents[at]):
        raise EditConflictError(
            "Đã có người quyết định về giấy tờ này.", "Mở lại kho; hoàn tác trong lịch sử hồ sơ."
        )
    if owners_of(shown):
        raise CorrectionRefusedError(
            "Giấy tờ này đã mang số của một người.", "Sửa số trên giấy tờ nếu số đó sai."
        )
    if owners_of(documents[at]):
        raise EditConflictError(
            "Giấy tờ này đã mang số của một người, sau khi bạn mở kho.", "Mở lại kho."
        )
    found = Finding(digits, "", 1.0, Source.TYPED, confirmed_by=act.actor) if is_theirs else None
    documents[at] = with_finding(
        documents[at], OWNER, found, absent_by=None if is_theirs else act.actor
    )
    mended = with_documents(record.dossier, documents, archive)
    return keep_next(record, mended, CORRECTED, archive, actor=act)


def _shown(target: PaperSeen, dossier: Dossier) -> Document:
    """Return the paper that a person looked at, as it was then."""
    begun = [one for one in dossier.documents if one.begins_at(target.page, target.part)]
    if not begun:
        where = f"Phần {target.part} của trang" if target.part else "Trang"
        raise CorrectionRefusedError(
            f"{where} {target.page} không bắt đầu giấy tờ nào.", "Mở lại kho rồi chọn giấy tờ."
        )
    if len(begun) > 1:
        raise CorrectionRefusedError(
            f"Trang {target.page} có {len(begun)} giấy tờ, không biết là giấy nào.",
            "Nói rõ giấy tờ ở phần nào của trang.",
        )
    return begun[0]


def _position_now(target: PaperSeen, shown: Document, record: Record, archive: Archive) -> int:
    """Return where among the papers the one is that a person looked at.

    Raises:
        EditConflictError: it is no more there, or names another person since.
    """
    place = place_seen(record, target.page, target.seen, archive)
    pages = record.dossier.pages
    now = next(at for at, note in enumerate(pages, 1) if (note.scan, note.number) == place)
    for at, paper in enumerate(record.dossier.documents):
        is_it = paper.begins_at(now, max(shown.first_part, 1))
        if is_it and names_of(paper) == names_of(shown):
            return at
    raise EditConflictError(
        f"Giấy tờ ở trang {target.page} đã đổi họ tên, ngày sinh hoặc chỗ bắt đầu, sau khi bạn mở"
        " kho.",
        "Mở lại kho rồi quyết định.",
    )


def _is_decided(paper: Document) -> bool:
    return OWNER in paper.findings or OWNER in paper.absent
