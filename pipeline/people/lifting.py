"""Lifting what is withheld: one person proposes it with a reason, another one approves or refuses.

Both must have the right, and know of the dossier, at the moment of the decision. A proposal is a
record; it holds while that record is the newest, so whatever changes the dossier ends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipeline import corrections
from pipeline.access import are_two, withholding
from pipeline.errors import CorrectionRefusedError, ObjectExistsError, WithheldError
from pipeline.model import Account, ProposedLift, Record, Right
from pipeline.people.errors import AccountMissingError
from pipeline.people.rights import rights_of_roles
from pipeline.people.scopes import is_within
from pipeline.plain_text import one_line
from pipeline.ports import Archive
from pipeline.ports.accounts import People
from pipeline.versions import Act, keep_next, missing_record, newest_record

PROPOSED, REFUSED, WITHDRAWN = "lift_proposed", "lift_refused", "lift_withdrawn"  # of records
SHORTEST, LONGEST = 10, 500  # characters of a reason
_ALREADY = "Hồ sơ này đã có một đề nghị bỏ giữ lại đang chờ người thứ hai."


def standing_proposal(record: Record) -> ProposedLift | None:
    """Return the proposal that waits for a second person; None when there is none.

    Args:
        record: the newest record of the dossier.
    """
    is_standing = record.action == PROPOSED and withholding(record) is not None
    return record.dossier.proposed_lift if is_standing else None


def propose(dossier: str, archive: Archive, by: Account, reason: str) -> Record:
    """Propose to end the withholding of a dossier.

    Args:
        dossier: its id.
        archive: where it is.
        by: the account of whoever proposes it, as it is now.
        reason: why, in their words.

    Raises:
        CorrectionRefusedError: it is not withheld, it was proposed already, or there is no reason.
        ObjectExistsError: somebody changed the dossier meanwhile.
        ObjectMissingError: there is no such dossier, or they may not know of it.
        WithheldError: they may not propose it.
    """
    record = _withheld(dossier, archive, by)
    if standing_proposal(record):
        raise CorrectionRefusedError(_ALREADY, "Người thứ hai duyệt hoặc không chấp thuận.")
    why = one_line(reason).strip()
    if not SHORTEST <= len(why) <= LONGEST:
        raise CorrectionRefusedError(
            f"Lý do phải có từ {SHORTEST} đến {LONGEST} ký tự.",
            "Ghi căn cứ: quyết định giải mật, hoặc vì sao máy nhận nhầm dấu.",
        )
    wanted = ProposedLift(datetime.now(UTC), by.name, by.id, why)
    state = replace(record.dossier, withheld=withholding(record), proposed_lift=wanted)
    return keep_next(record, state, PROPOSED, archive, actor=Act(by.name, why))


def approve(dossier: str, archive: Archive, people: People, by: Account, *, seen: int) -> Record:
    """End the withholding of a dossier as somebody else proposed; it is to be read again.

    Args:
        dossier: its id.
        archive: where it is.
        people: the accounts, to ask what the first person may do now.
        by: the account of the second person, as it is now.
        seen: the number of the record that the second person has seen.

    Raises:
        CorrectionRefusedError: nobody proposed it, or the first person may no longer do so.
        ObjectExistsError: the dossier or the proposal is another one than was seen.
        ObjectMissingError: there is no such dossier, or they may not know of it.
        WithheldError: they may not approve it, as when they proposed it themselves.
    """
    record, proposal = _proposed(dossier, archive, by, seen)
    if by.id == proposal.account or not are_two(by.name, proposal.by):
        raise WithheldError(
            "Người đề nghị không tự duyệt được: bỏ giữ lại một hồ sơ cần hai người.",
            "Nhờ một người khác có vai trò phụ trách bảo mật.",
        )
    if not _may_still(people, proposal, record):
        raise CorrectionRefusedError(
            f"«{proposal.by}» không còn quyền đề nghị việc này nên đề nghị hết giá trị.",
            "Không chấp thuận đề nghị này, rồi để một người có quyền đề nghị lại.",
        )
    return corrections.lift(record, archive, Act(proposal.by, proposal.why, by.name))


def refuse(dossier: str, archive: Archive, by: Account, *, seen: int) -> Record:
    """End a proposal: somebody else refuses it, or whoever made it withdraws it.

    Args:
        dossier: its id.
        archive: where it is.
        by: the account of whoever ends it, as it is now.
        seen: the number of the record that they have seen.

    Raises:
        CorrectionRefusedError: nobody proposed it.
        ObjectExistsError: the dossier or the proposal is another one than was seen.
        ObjectMissingError: there is no such dossier, or they may not know of it.
        WithheldError: they may not decide it.
    """
    record, proposal = _proposed(dossier, archive, by, seen)
    action = WITHDRAWN if by.id == proposal.account else REFUSED
    state = replace(record.dossier, proposed_lift=None)
    return keep_next(record, state, action, archive, actor=Act(by.name, proposal.why))


def _withheld(dossier: str, archive: Archive, by: Account) -> Record:
    """Return the newest record of a withheld dossier that somebody may decide about."""
    if not _has_right(by):
        raise WithheldError(
            "Chỉ người phụ trách bảo mật được đề nghị hoặc duyệt việc bỏ giữ lại.",
            "Nhờ người có vai trò đó.",
        )
    record = newest_record(dossier, archive)
    if not is_within(by.scope, record):
        raise missing_record(dossier)
    if withholding(record) is None:
        raise CorrectionRefusedError(f"Hồ sơ {dossier} không bị giữ lại.")
    return record


def _proposed(
    dossier: str, archive: Archive, by: Account, seen: int
) -> tuple[Record, ProposedLift]:
    record = _withheld(dossier, archive, by)
    if record.sequence != seen:
        raise ObjectExistsError(
            "Hồ sơ hoặc đề nghị vừa được người khác thay đổi.",
            "Xem lại danh sách hồ sơ giữ lại rồi quyết định.",
        )
    proposal = standing_proposal(record)
    if proposal is None:
        raise CorrectionRefusedError(
            f"Hồ sơ {dossier} không có đề nghị bỏ giữ lại nào còn giá trị.", "Đề nghị trước đã."
        )
    return record, proposal


def _may_still(people: People, proposal: ProposedLift, record: Record) -> bool:
    """Tell whether whoever made a proposal could make it now."""
    try:
        first = people.named(proposal.by)
    except AccountMissingError:
        return False
    is_same = first.id == proposal.account
    return is_same and _has_right(first) and is_within(first.scope, record)


def _has_right(account: Account) -> bool:
    return not account.is_disabled and Right.LIFT_WITHHELD in rights_of_roles(account.roles)
