"""Joins a later drop to its dossier, keeps them apart, parts them again, and lifts withholding.

Another version written meanwhile is raised as a conflict; an interrupted join is done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.access import LIFTED, are_two, check_hand_out, withholding
from pipeline.corrections.passes import join_passes
from pipeline.errors import CorrectionRefusedError, WithheldError
from pipeline.joining.codes import stands_for
from pipeline.joining.merge import joined, parted, taken_back
from pipeline.joining.missing_files import filled_by, inside, missing_files
from pipeline.masking import mask_text
from pipeline.model import Dossier, Record
from pipeline.ports import Archive
from pipeline.versions import SYSTEM, Act, keep_next, keep_to_read, newest_record, owe

JOINED, SPLIT, SEPARATED = "joined", "split", "separated"  # actions of records
BY_ITSELF = "đúng tệp còn thiếu, từ cùng thư mục theo dõi"  # the reason, where nobody was asked


class Joined(NamedTuple):
    """What became of two dossiers that were joined."""

    older: Record
    newer: Record
    stands_for: Mapping[str, str]  # SHA-256 of a scan -> name of the file whose place it took


def join(newer: str, older: str, archive: Archive, act: Act, *, replaces: str = "") -> Joined:
    """Hand the scans of a dossier over to another one, which is then read again.

    The originals stay as they are, and so do all earlier versions: ``part`` undoes it.

    Args:
        newer: id of the dossier whose scans are handed over.
        older: id of the dossier that gets them.
        archive: where both are.
        act: the person who decided it, and the reason.
        replaces: the file of the older dossier whose place the only new scan takes, refused or
            not, with or without its folder; empty: the scans are appended.

    Raises:
        CorrectionRefusedError: the two cannot be joined like this.
        JoinedError: one of them was joined to another dossier before.
        ObjectExistsError: somebody changed one of them meanwhile.
        ObjectMissingError: there is no such dossier.
        WithheldError: one of them is withheld.
    """
    giving, taking = newest_record(newer, archive), newest_record(older, archive)
    if giving.dossier.joined_into == older:
        return _finished(giving, taking, archive)
    check_hand_out(giving)
    check_hand_out(taking)
    _check_same(giving.dossier, taking.dossier)
    places = _place(giving.dossier, taking, archive, replaces) if replaces else {}
    return _join(giving, taking, places, archive, act)


def join_by_itself(newer: Record, archive: Archive, *, actor: str = SYSTEM) -> Joined | None:
    """Join a drop that is what its dossier lacks, or its backs; None when a person decides.

    Args:
        newer: the newest record of the drop's dossier.
        archive: where both dossiers are.
        actor: the name that the records give as their writer.

    Raises:
        ObjectExistsError: somebody changed one of them meanwhile; the same again helps.
    """
    dossier = newer.dossier
    if dossier.joined_into:
        return _finished(newer, newest_record(dossier.joined_into, archive), archive)
    if both := join_passes(newer, archive, actor, JOINED):
        return Joined(*both, {})
    older = archive.find_record(dossier.proposed_join) if dossier.proposed_join else None
    if older is None or dossier.cleared:
        return None
    if dossier.id in older.dossier.joined_from:  # interrupted before the newer one was told
        places = _places_taken(dossier, older, archive)
    else:
        places = stands_for(older, dossier, archive)
    if not places:
        return None
    return _join(newer, older, places, archive, Act(actor, BY_ITSELF))


def separate(newer: str, archive: Archive, act: Act) -> Record:
    """Say that a dossier is another one than that of its code; it stays by itself.

    Raises:
        CorrectionRefusedError: nobody proposed to join it.
        ObjectExistsError: somebody changed it meanwhile.
        WithheldError: it is withheld.
    """
    record = newest_record(newer, archive)
    check_hand_out(record)
    if record.dossier.proposed_join is None:
        raise CorrectionRefusedError(f"Hồ sơ {newer} không chờ nhập vào hồ sơ nào.")
    apart = replace(record.dossier, proposed_join=None)
    return keep_next(record, apart, SEPARATED, archive, actor=act)


def part(newer: str, archive: Archive, act: Act, *, is_still_proposed: bool = False) -> Joined:
    """Undo a join: the scans go back to the dossier they came with, what they replaced is back.

    Args:
        newer: id of the dossier that was joined to another one.
        archive: where both are.
        act: the person who decided it, and the reason.
        is_still_proposed: whether a person is to decide about it again.

    Raises:
        CorrectionRefusedError: it was not joined to another dossier.
        ObjectExistsError: somebody changed one of them meanwhile.
        JoinedError: the dossier that has the scans was joined to another one meanwhile.
        WithheldError: the dossier that has the scans is withheld.
    """
    giving = newest_record(newer, archive)
    if giving.dossier.joined_into is None:
        raise CorrectionRefusedError(f"Hồ sơ {newer} chưa được nhập vào hồ sơ nào.")
    taking = newest_record(giving.dossier.joined_into, archive)
    check_hand_out(taking)
    if newer in taking.dossier.joined_from:
        before, after = _around(newer, archive.history(taking.dossier.id))
        state = parted(taking.dossier, newer, before, after)
        taking = keep_to_read(taking, state, SPLIT, archive, act)
    owe(taking, archive)
    proposed = taking.dossier.id if is_still_proposed else None
    mine = taken_back(giving.dossier, taking.dossier)
    alone = replace(mine, joined_into=None, proposed_join=proposed)
    return Joined(taking, keep_to_read(giving, alone, SPLIT, archive, act), {})


def lift(record: Record, archive: Archive, act: Act) -> Record:
    """End the withholding of a dossier, by two people; it is to be read again.

    ``pipeline.people.lifting`` asks who they are. The scans that it has are let go: their marks
    withhold it no more; one on a scan that comes later does.

    Args:
        record: the record that both people have seen.
        archive: where the dossier is.
        act: the two people, and the reason.

    Raises:
        CorrectionRefusedError: it is not withheld.
        WithheldError: it is not the act of two different people, or there is no reason.
        ObjectExistsError: somebody changed it meanwhile.
    """
    are_people = not {act.actor, act.approved_by} & {SYSTEM, "intake"}
    if not are_people or not are_two(act.actor, act.approved_by) or not act.reason.strip():
        raise WithheldError("Bỏ giữ lại một hồ sơ cần hai người khác nhau và một lý do.")
    dossier = record.dossier
    if withholding(record) is None:
        raise CorrectionRefusedError(f"Hồ sơ {dossier.id} không bị giữ lại.")
    cleared = sorted({*dossier.cleared, *(scan.sha256 for scan in dossier.scans)})
    free = replace(
        dossier,
        withheld=None,
        proposed_lift=None,
        cleared=tuple(cleared),
        outcome=None,
        reasons=(),
    )
    return keep_to_read(record, free, LIFTED, archive, act)


def _join(
    giving: Record, taking: Record, places: Mapping[str, str], archive: Archive, act: Act
) -> Joined:
    """Write the older dossier first: until the newer one is told, both have the scans."""
    if giving.dossier.id not in taking.dossier.joined_from:
        missing = missing_files(archive.history(taking.dossier.id))
        whole = joined(taking.dossier, giving.dossier, places, missing)
        taking = keep_to_read(taking, whole, JOINED, archive, act)
    owe(taking, archive)
    shell = replace(giving.dossier, joined_into=taking.dossier.id, proposed_join=None)
    giving = keep_next(giving, shell, JOINED, archive, actor=act)
    return Joined(taking, giving, places)


def _finished(giving: Record, taking: Record, archive: Archive) -> Joined:
    return Joined(taking, giving, _places_taken(giving.dossier, taking, archive))


def _places_taken(newer: Dossier, taking: Record, archive: Archive) -> dict[str, str]:
    """Return which missing files the scans of a dossier stand for since they were joined."""
    if newer.id not in taking.dossier.joined_from:
        return {}
    before, _ = _around(newer.id, archive.history(taking.dossier.id))
    return filled_by(before, newer, before.missing or ())


def _around(newer: str, history: Sequence[Record]) -> tuple[Dossier, Dossier]:
    """Return a dossier right before and right after it took over the scans of another one."""
    at = next(
        place
        for place, record in reversed(list(enumerate(history)))
        if newer in record.dossier.joined_from
        and newer not in history[place - 1].dossier.joined_from
    )
    before = replace(history[at - 1].dossier, missing=missing_files(history[:at]))
    return before, history[at].dossier


def _check_same(newer: Dossier, older: Dossier) -> None:
    if newer.cleared:  # in another dossier its marks would count again
        raise CorrectionRefusedError(
            f"Hồ sơ {newer.id} từng bị giữ lại và đã được hai người bỏ giữ: nhập vào hồ sơ khác "
            "thì cả hồ sơ đó bị giữ lại.",
            "Để hồ sơ này riêng, hoặc nhập hồ sơ kia vào hồ sơ này.",
        )
    if newer.id == older.id:
        raise CorrectionRefusedError("Không nhập được một hồ sơ vào chính nó.")
    if newer.code and older.code and newer.code != older.code:
        raise CorrectionRefusedError(
            f"Hai hồ sơ mang hai mã khác nhau: {newer.code} và {older.code}.",
            "Kiểm tra lại id của hai hồ sơ.",
        )


def _place(newer: Dossier, taking: Record, archive: Archive, name: str) -> dict[str, str]:
    """Return the only new scan with the full name of the file that a person says it replaces."""
    older = taking.dossier
    known = {scan.sha256 for scan in older.scans}
    brought = [scan.sha256 for scan in newer.scans if scan.sha256 not in known]
    if len(brought) != 1:
        raise CorrectionRefusedError(
            f"Hồ sơ {newer.id} mang tới {len(brought)} tệp mới: chỉ một tệp thay được một tệp.",
            "Dùng --append để nối thêm tất cả.",
        )
    lacking = [each.name for each in missing_files(archive.history(older.id))]
    names = [*lacking, *(scan.name for scan in older.scans)]
    matching = [each for each in names if name.casefold() in _spellings(each, older.name)]
    if len(matching) != 1:
        listed = "; ".join(mask_text(inside(each, older.name)) for each in names)  # errors go far
        raise CorrectionRefusedError(
            f"Hồ sơ {older.id} có {len(matching)} tệp tên «{name}».", f"Các tệp: {listed}."
        )
    return {brought[0]: matching[0]}


def _spellings(name: str, drop: str) -> set[str]:
    return {name.casefold(), inside(name, drop).casefold()}
