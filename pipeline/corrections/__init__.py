"""Corrections of dossiers by people: fields, pages, boundaries, joins, what is withheld.

Each act reads a version, writes the next one, and names who did it and why. What a person decided
is never overwritten by a machine (``pipeline.documents.confirmation``).
"""

from __future__ import annotations

from pipeline.corrections.boundaries import RECUT, begin_paper, continue_paper
from pipeline.corrections.checked_pages import CHECKED, confirm_page
from pipeline.corrections.checklist import MARKED, UNMARKED, Marking, mark_component
from pipeline.corrections.duplicates import SET_APART, set_apart
from pipeline.corrections.fields import (
    CONFIRMED,
    CORRECTED,
    FieldAct,
    FieldChange,
    amend,
)
from pipeline.corrections.join_places import (
    JoinPlace,
    JoinWhere,
    join_at,
    join_sides,
    part_again,
    sides_of,
)
from pipeline.corrections.joins import (
    BY_ITSELF,
    JOINED,
    SEPARATED,
    SPLIT,
    Joined,
    join,
    join_by_itself,
    lift,
    part,
    separate,
)
from pipeline.corrections.owners import OWNER, decide_owner
from pipeline.corrections.pages import (
    LEFT_OUT,
    REORDERED,
    REPLACED,
    RESTORED,
    REWORDED,
    TURNED,
    leave_out,
    mend_words,
    reorder,
    replace_page,
    restore,
    turn_page,
)
from pipeline.corrections.reuse import REUSED, Reuse, reuse_paper
from pipeline.corrections.seen import PageSeen, PaperSeen, check_dossier_seen
from pipeline.corrections.undoing import UNDOABLE, UNDONE, undo

__all__ = [
    "BY_ITSELF",
    "CHECKED",
    "CONFIRMED",
    "CORRECTED",
    "JOINED",
    "LEFT_OUT",
    "MARKED",
    "OWNER",
    "RECUT",
    "REORDERED",
    "REPLACED",
    "RESTORED",
    "REUSED",
    "REWORDED",
    "SEPARATED",
    "SET_APART",
    "SPLIT",
    "TURNED",
    "UNDOABLE",
    "UNDONE",
    "UNMARKED",
    "FieldAct",
    "FieldChange",
    "JoinPlace",
    "JoinWhere",
    "Joined",
    "Marking",
    "PageSeen",
    "PaperSeen",
    "Reuse",
    "amend",
    "begin_paper",
    "check_dossier_seen",
    "confirm_page",
    "continue_paper",
    "decide_owner",
    "join",
    "join_at",
    "join_by_itself",
    "join_sides",
    "leave_out",
    "lift",
    "mark_component",
    "mend_words",
    "part",
    "part_again",
    "reorder",
    "replace_page",
    "restore",
    "reuse_paper",
    "separate",
    "set_apart",
    "sides_of",
    "turn_page",
    "undo",
]
