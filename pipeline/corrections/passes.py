"""Joins the two passes of a stack, fronts and backs, to one dossier in the order of its sides."""

from __future__ import annotations

from dataclasses import replace

from pipeline.access import may_hand_out
from pipeline.joining.merge import joined
from pipeline.joining.missing_files import missing_files
from pipeline.joining.passes import is_pass, passes_with
from pipeline.model import Record
from pipeline.ports import Archive
from pipeline.versions import Act, keep_next, keep_to_read, newest_record, owe

BOTH_SIDES = "hai lượt quét của một xấp giấy, số trang bằng nhau"  # the reason in records


def join_passes(
    newer: Record, archive: Archive, actor: str, action: str
) -> tuple[Record, Record] | None:
    """Join a pass to the one that came before it; None where there is none or the pages differ.

    The other pass is asked to be read again where the pages differ, so that it says so as well.

    Args:
        newer: the newest record of the pass that came later.
        archive: where both are.
        actor: the name that the records give as their writer.
        action: the deed in one word, as records name it.

    Returns:
        The record of the dossier that has both, and that of the empty one.

    Raises:
        ObjectExistsError: somebody changed one of them meanwhile; the same again helps.
    """
    if not is_pass(newer.dossier) or not may_hand_out(newer) or newer.dossier.cleared:
        return None
    if _was_joined(newer, archive):
        return None
    pair = passes_with(newer.dossier, archive)
    if pair is None or pair.second.id != newer.dossier.id:
        return None
    taking = newest_record(pair.first.id, archive)
    is_joined = newer.dossier.id in taking.dossier.joined_from  # interrupted half-way
    if not may_hand_out(taking) or not (is_joined or is_pass(taking.dossier)):
        return None
    if not pair.match:
        archive.enqueue(taking.dossier.id)
        return None
    act = Act(actor, BOTH_SIDES)
    if not is_joined:
        missing = missing_files(archive.history(taking.dossier.id))
        both = replace(taking.dossier, two_sides=pair.two_sides)
        whole = joined(both, newer.dossier, {}, missing)
        taking = keep_to_read(taking, whole, action, archive, act)
    owe(taking, archive)
    shell = replace(newer.dossier, joined_into=taking.dossier.id, proposed_join=None)
    return taking, keep_next(newer, shell, action, archive, actor=act)


def _was_joined(record: Record, archive: Archive) -> bool:
    """Tell whether somebody took the two apart: then they stay so."""
    return any(each.dossier.joined_into for each in archive.history(record.dossier.id))
