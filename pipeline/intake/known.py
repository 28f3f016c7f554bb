"""What is to be done with a drop of which something is known: its bytes, or its dossier code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.access import may_hand_out, withholding
from pipeline.corrections import Joined, part
from pipeline.joining.missing_files import inside
from pipeline.model import Dossier, Outcome, Receipt, ReceiptStatus, Record, Withheld
from pipeline.ports import Archive
from pipeline.versions import Act, newest_record

_DECIDE = (
    "Người phụ trách chọn bằng lệnh `sohoa join {}`: thay tệp (--replace-file), nối thêm "
    "(--append), hoặc là hồ sơ khác (--separate)."
)


def now_in(record: Record, archive: Archive) -> str:
    """Return the id of the dossier that has a dossier's scans now: itself, or one it joined."""
    while record.dossier.joined_into:
        record = newest_record(record.dossier.joined_into, archive)
    return record.dossier.id


def reopened(record: Record, archive: Archive, actor: str) -> Record:
    """Take a dossier that grew after it had joined another one apart: a person decides anew."""
    older = record.dossier.joined_into
    if older is None or not may_hand_out(newest_record(older, archive)):
        return record
    act = Act(actor, "tệp được ghi thêm sau khi nhập")
    return part(record.dossier.id, archive, act, is_still_proposed=True).newer


def withheld_with(owners: Iterable[str], dossier: Dossier, archive: Archive, actor: str) -> Dossier:
    """Return a dossier, withheld when some of its bytes came first in a dossier that is."""
    first = (archive.find_record(owner) for owner in owners)
    records = (newest_record(now_in(each, archive), archive) for each in first if each)
    secret = next((each for each in records if withholding(each)), None)
    if secret is None or not may_hand_out(dossier):
        return dossier
    why = f"Có tệp của hồ sơ {secret.dossier.id}, đang được giữ lại: tài liệu mật không đưa ra."
    return replace(
        dossier,
        withheld=Withheld(datetime.now(UTC), actor, why),
        outcome=Outcome.FAILED,
        pages=(),
        documents=(),
        reasons=(why,),
    )


def joined_receipts(receipts: Sequence[Receipt], joined: Joined) -> tuple[Receipt, ...]:
    """Return the receipts of a drop that joined its dossier by itself.

    Args:
        receipts: the receipts of the drop, one for each file.
        joined: the two dossiers, and which file each scan stands for.
    """
    older = joined.older.dossier
    return tuple(
        _joined(each, older, joined.stands_for.get(each.sha256 or "")) for each in receipts
    )


def _joined(receipt: Receipt, older: Dossier, name: str | None) -> Receipt:
    if receipt.status is ReceiptStatus.REFUSED:
        return receipt
    if name and receipt.status is ReceiptStatus.ARCHIVED:
        reason = f"Đã thay {inside(name, older.name)} trong hồ sơ {older.code or older.id}."
        return replace(receipt, dossier=older.id, reason=reason)
    if older.two_sides and receipt.sha256 in older.two_sides:
        reason = f"Đã ghép hai mặt của xấp giấy vào hồ sơ {older.code or older.id}."
        return replace(receipt, dossier=older.id, reason=reason)
    reason = "Nội dung này đã được lưu trước đó."
    return replace(receipt, dossier=older.id, status=ReceiptStatus.DUPLICATE, reason=reason)


def proposed_receipts(receipts: Sequence[Receipt], dossier: Dossier) -> tuple[Receipt, ...]:
    """Return the receipts of a drop; they say so when a person must say where it belongs.

    Args:
        receipts: the receipts of the drop, one for each file.
        dossier: the drop's own dossier, which may name the one of its code.
    """
    if dossier.proposed_join is None:
        return tuple(receipts)
    reason = f"Mã hồ sơ {dossier.code} đã có (hồ sơ {dossier.proposed_join}): chờ người quyết định."
    remedy = _DECIDE.format(dossier.id)
    return tuple(
        replace(each, reason=f"{each.reason} {reason}".strip(), remedy=remedy)
        if each.status is ReceiptStatus.ARCHIVED
        else each
        for each in receipts
    )
