"""Joins a later drop where a person says: at the end, behind a page, or in the place of one.

The join is one record, where its pages stand is the next. Interrupted in between, the pages stand
at the end, and may be arranged as any others.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from pipeline.access import check_hand_out
from pipeline.corrections.joins import JOINED, Joined, join, part
from pipeline.corrections.pages import reorder, replace_page, restore
from pipeline.corrections.seen import PageSeen, check_dossier_seen
from pipeline.errors import CorrectionRefusedError
from pipeline.joining.merge import joined
from pipeline.joining.missing_files import missing_files
from pipeline.model import Dossier
from pipeline.model.two_sides import TwoSides
from pipeline.ports import Archive
from pipeline.versions import Act, keep_next, keep_to_read, newest_record, owe


class JoinWhere(StrEnum):
    """Where the pages of a later drop go."""

    END = "end"
    BEHIND = "behind"  # behind a page
    INSTEAD = "instead"  # in the place of a page, which is left out


class JoinPlace(NamedTuple):
    """Where the pages of a later drop go, as a person said."""

    where: JoinWhere
    page: int = 0  # of the older dossier, from 1; 0 for the end
    seen: int | None = None  # version of the older dossier that the person saw


def join_at(newer: str, older: str, place: JoinPlace, archive: Archive, act: Act) -> Joined:
    """Join a drop to its dossier and put its pages where a person says.

    Args:
        newer: id of the dossier whose scans are handed over.
        older: id of the dossier that gets them.
        place: where the pages go.
        archive: where both are.
        act: the person who decided it, and the reason.

    Raises: as ``join``; ``CorrectionRefusedError`` also when there is no such page, or several
        pages are to take the place of one.
    """
    giving, taking = _open_pair(newer, older, archive)
    check_dossier_seen(older, place.seen, archive)
    known = {scan.sha256 for scan in taking.scans}
    brought = [ref for ref in giving.page_refs() if ref.scan not in known]
    count = len(taking.pages)
    if place.where is not JoinWhere.END:
        _check_place(place, giving, taking, len(brought))
    done = join(newer, older, archive, act)
    ours = [at for at, note in enumerate(done.older.dossier.pages, 1) if note.scan not in known]
    if place.where is JoinWhere.INSTEAD and ours:
        target = PageSeen(older, place.page)
        record = replace_page(target, ours[0], archive, act)
    elif place.where is JoinWhere.BEHIND and place.page < count and ours:
        rest = [at for at in range(1, len(done.older.dossier.pages) + 1) if at not in ours]
        order = [*rest[: place.page], *ours, *rest[place.page :]]
        record = reorder(older, order, archive, act)
    else:
        record = done.older
    return done._replace(older=record)


def _open_pair(newer: str, older: str, archive: Archive) -> tuple[Dossier, Dossier]:
    """Return both dossiers; what a later refusal says must not tell of a withheld one."""
    giving, taking = newest_record(newer, archive), newest_record(older, archive)
    if giving.dossier.joined_into != older:  # else an interrupted join is finished
        check_hand_out(giving)
    check_hand_out(taking)
    return giving.dossier, taking.dossier


def part_again(newer: str, archive: Archive, act: Act) -> Joined:
    """Undo a join; pages whose place its pages took come back before.

    Raises: as ``part``.
    """
    giving = newest_record(newer, archive).dossier
    older = giving.joined_into
    mine = {scan.sha256 for scan in giving.scans}
    if older:
        for edit in newest_record(older, archive).dossier.edits:
            if edit.replaced_by and edit.replaced_by.scan in mine:
                restore(older, edit.place, archive, act)
    return part(newer, archive, act, is_still_proposed=True)


def join_sides(fronts: str, backs: str, archive: Archive, act: Act) -> Joined:
    """Join two passes of one stack, as a person says which has the fronts: sheet by sheet.

    Args:
        fronts: id of the dossier whose only scan has the first sides.
        backs: id of the dossier with the other sides, the last sheet first.
        archive: where both are.
        act: the person who decided it, and the reason.

    Raises: as ``join``; ``CorrectionRefusedError`` also when they are no two passes.
    """
    taking, giving = newest_record(fronts, archive), newest_record(backs, archive)
    check_hand_out(taking)
    check_hand_out(giving)
    sides = sides_of(taking.dossier, giving.dossier)
    if giving.dossier.cleared or taking.dossier.cleared:
        raise CorrectionRefusedError("Hồ sơ từng bị giữ lại thì không ghép ở đây.")
    both = replace(taking.dossier, two_sides=sides)
    whole = joined(both, giving.dossier, {}, missing_files(archive.history(fronts)))
    record = keep_to_read(taking, whole, JOINED, archive, act)
    owe(record, archive)
    shell = replace(giving.dossier, joined_into=fronts, proposed_join=None)
    return Joined(record, keep_next(giving, shell, JOINED, archive, actor=act), {})


def sides_of(fronts: Dossier, backs: Dossier) -> TwoSides:
    """Return the two scans of a stack. Raises ``CorrectionRefusedError`` where they are none."""
    scans = [*fronts.scans, *backs.scans]
    if fronts.id == backs.id or len(fronts.scans) != 1 or len(backs.scans) != 1:
        raise CorrectionRefusedError(
            "Ghép hai mặt cần đúng hai tệp, mỗi tệp là một hồ sơ.", "Chọn lại hai tệp."
        )
    if fronts.two_sides or backs.two_sides or scans[0].sha256 == scans[1].sha256:
        raise CorrectionRefusedError("Tệp này đã được ghép hai mặt, hoặc hai tệp là một.")
    if scans[0].pages != scans[1].pages or not scans[0].pages:
        raise CorrectionRefusedError(
            f"Mặt trước có {scans[0].pages} trang, mặt sau {scans[1].pages}: không ghép được.",
            "Quét lại cả xấp hai lượt, hoặc chọn đúng hai tệp.",
        )
    return TwoSides(scans[0].sha256, scans[1].sha256)


def _check_place(place: JoinPlace, giving: Dossier, taking: Dossier, brought: int) -> None:
    if not 1 <= place.page <= len(taking.pages):
        raise CorrectionRefusedError(
            f"Hồ sơ không có trang {place.page}.", f"Hồ sơ có {len(taking.pages)} trang."
        )
    if not giving.pages:
        raise CorrectionRefusedError("Tệp mới chưa được đọc.", "Chờ đọc xong rồi chọn chỗ.")
    if place.where is JoinWhere.INSTEAD and brought != 1:
        raise CorrectionRefusedError(
            f"Tệp mới có {brought} trang: chỉ một trang thay được một trang.",
            "Thêm vào sau trang đó, rồi bỏ trang cũ ra.",
        )
