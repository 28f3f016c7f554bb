"""Access control: decides whether a dossier may be handed out, and that withholding lasts.

Whoever hands out anything of a dossier (reading room, export, search index, searchable PDFs)
asks ``may_hand_out`` and nothing else. Withholding is a field of the dossier, never the action of
its newest record alone: every later record carries the field along, until two people lift it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.errors import JoinedError, WithheldError
from pipeline.model import Dossier, Record, Withheld
from pipeline.vietnamese.text import nfc

WITHHELD = "withheld"  # the action of the record that begins it
LIFTED = "lifted"  # the action of the only record that may end it


def withholding(record: Record) -> Withheld | None:
    """Return since when, by whom and why a record withholds its dossier; None when it does not.

    Records of 0.1 have no such field: there the action of the record says it.
    """
    if record.dossier.withheld is None and record.action == WITHHELD:
        return Withheld(record.at, record.actor, " ".join(record.dossier.reasons))
    return record.dossier.withheld


def may_hand_out(of: Record | Dossier) -> bool:
    """Return whether files, pictures, words or fields of a dossier may leave the store.

    Not while it is withheld, nor when its scans belong to another dossier now, which then decides.
    """
    dossier = of.dossier if isinstance(of, Record) else of
    withheld = withholding(of) if isinstance(of, Record) else of.withheld
    return withheld is None and dossier.joined_into is None


def check_hand_out(of: Record | Dossier) -> None:
    """Refuse what ``may_hand_out`` says no to.

    Raises:
        JoinedError: its scans belong to another dossier now.
        WithheldError: it is withheld.
    """
    if may_hand_out(of):
        return
    dossier = of.dossier if isinstance(of, Record) else of
    if dossier.joined_into:
        raise JoinedError(
            f"Hồ sơ {dossier.id} đã được nhập vào hồ sơ {dossier.joined_into}.",
            f"Hãy dùng hồ sơ {dossier.joined_into}.",
        )
    raise WithheldError(
        "Tài liệu mật: hồ sơ được giữ lại nên không đưa ra, không đọc lại, không sửa ở đây.",
        "Hỏi người phụ trách bảo mật.",
    )


def are_two(one: str, other: str) -> bool:
    """Tell whether two names are those of two people, in whatever spelling they are written."""
    names = {nfc(name).strip().casefold() for name in (one, other)} - {""}
    return len(names) == 2


def check_carried(before: Record, after: Record) -> None:
    """Refuse a record that would let go of what the one before it withholds.

    Args:
        before: the dossier's newest record, as the archive returns it.
        after: the record that is to follow it.

    Raises:
        WithheldError: it neither carries the field unchanged nor is the act of two people; or it
            lets scans go that two people did not look at.
    """
    standing = withholding(before)
    is_lifted = after.action == LIFTED and are_two(after.actor, after.approved_by)
    is_kept = standing is None or after.dossier.withheld == standing
    has_cleared = bool(set(after.dossier.cleared) - set(before.dossier.cleared))
    if is_lifted or (is_kept and not has_cleared):
        return
    raise WithheldError(
        f"Hồ sơ {after.dossier.id} đang được giữ lại: không ghi bản nào làm mất điều đó.",
        "Hỏi người phụ trách bảo mật.",
    )


def carried(versions: Iterable[tuple[Record, bool]]) -> Iterator[Record]:
    """Yield records of one dossier with the withholding that holds for each.

    In 0.1 a record that followed a withheld one let go of it; such records count as withheld.

    Args:
        versions: the records, oldest first, each with whether its writer knew the field.
    """
    standing: Withheld | None = None
    for record, is_known in versions:
        standing = withholding(record) or (None if is_known else standing)
        if record.dossier.withheld == standing:
            yield record
        else:
            yield replace(record, dossier=replace(record.dossier, withheld=standing))
