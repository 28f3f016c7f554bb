"""Confirms a page as it is: a person looked at a page that reading doubted, and nothing changes.

Its state stays what reading made of it, for nobody read more; what follows from the decision is
that it is not shown for review again, unless it is turned and so read anew.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.access import check_hand_out
from pipeline.corrections.seen import PageSeen, place_seen
from pipeline.errors import CorrectionRefusedError
from pipeline.model import PageEdit, Record
from pipeline.ports import Archive
from pipeline.versions import Act, keep_next, newest_record

CHECKED = "checked"  # the action of the record


def confirm_page(target: PageSeen, archive: Archive, act: Act) -> Record:
    """Say of a page that it stays as it was read; publish the record afterwards.

    Args:
        target: the page.
        archive: where the dossier is.
        act: the person who decided, and the reason.

    Raises:
        CorrectionRefusedError: there is no such page, or somebody has confirmed it already.
        EditConflictError: somebody decided about the page after it was seen.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        WithheldError: it is withheld.
    """
    record = newest_record(target.dossier, archive)
    check_hand_out(record)
    dossier = record.dossier
    if not dossier.pages:
        raise CorrectionRefusedError("Hồ sơ chưa được đọc.", "Chờ đọc xong.")
    place = place_seen(record, target.page, target.seen, archive)
    edit = dossier.find_edit(*place) or PageEdit(*place, act.actor)
    if edit.is_confirmed:
        raise CorrectionRefusedError(
            f"Trang {target.page} đã được {edit.by} xác nhận.", "Lấy trang khác."
        )
    others = [each for each in dossier.edits if each.place != place]
    decided = replace(edit, is_confirmed=True, by=act.actor)
    state = replace(dossier, edits=(*others, decided))
    return keep_next(record, state, CHECKED, archive, actor=act)
