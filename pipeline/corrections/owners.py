"""Records whose a paper without a number is, as a person says who compared name and birth.

What was decided is the field ``owner_id`` of the paper: it moves along with its pages, outlasts
every reading, stands in the history and is taken back by ``undo``.
"""

from __future__ import annotations

from pipeline.access import check_hand_out
from pipeline.corrections.fields import CORRECTED, with_documents, with_finding
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Document, Finding, OwnedPaper, Record, Source
from pipeline.owners.numbers import owner_number, owners_of
from pipeline.ports import Archive
from pipeline.versions import Act, keep_next, newest_record

OWNER = "owner_id"


def decide_owner(
    place: OwnedPaper, number: str, archive: Archive, act: Act, *, is_theirs: bool
) -> Record:
    """Write whose a paper is, or that it is not theirs; publish the record afterwards.

    A paper that was said not to be somebody's is suggested to nobody of that name any more.

    Args:
        place: where the paper lies.
        number: the person's number, as typed or as ``owner_number`` gives it.
        archive: where the dossier is.
        act: the person who decided, and the reason.
        is_theirs: whether the paper is theirs.

    Raises:
        CorrectionRefusedError: no paper begins there, or it carries a number itself.
        EditConflictError: somebody decided about it before.
        JoinedError: the scans of the dossier belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        ObjectMissingError: there is no such dossier.
        QueryError: it is no number of a person or organisation.
        WithheldError: the dossier is withheld.
    """
    digits = owner_number(number.rpartition(":")[2]).rpartition(":")[2]
    record = newest_record(place.dossier, archive)
    check_hand_out(record)
    documents = list(record.dossier.documents)
    begun = [n for n, one in enumerate(documents) if one.pages[:1] == (place.page,)]
    open_ones = [n for n in begun if not _is_decided(documents[n]) and not owners_of(documents[n])]
    if not begun:
        raise CorrectionRefusedError(
            f"Trang {place.page} không bắt đầu giấy tờ nào.", "Mở lại kho rồi chọn giấy tờ."
        )
    if len(open_ones) > 1:
        raise CorrectionRefusedError(
            f"Trang {place.page} có {len(open_ones)} giấy tờ chưa rõ chủ, không biết là giấy nào.",
            "Gõ số của người ấy vào trường của đúng giấy tờ.",
        )
    at = (open_ones or begun)[0]
    if _is_decided(documents[at]):
        raise EditConflictError(
            "Đã có người quyết định về giấy tờ này.", "Mở lại kho; hoàn tác trong lịch sử hồ sơ."
        )
    if owners_of(documents[at]):
        raise CorrectionRefusedError(
            "Giấy tờ này đã mang số của một người.", "Sửa số trên giấy tờ nếu số đó sai."
        )
    found = Finding(digits, "", 1.0, Source.TYPED, confirmed_by=act.actor) if is_theirs else None
    documents[at] = with_finding(
        documents[at], OWNER, found, absent_by=None if is_theirs else act.actor
    )
    mended = with_documents(record.dossier, documents, archive)
    return keep_next(record, mended, CORRECTED, archive, actor=act)


def _is_decided(paper: Document) -> bool:
    return OWNER in paper.findings or OWNER in paper.absent
