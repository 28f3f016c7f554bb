"""Corrections of dossiers by people: fields, boundaries between papers, joins, what is withheld.

Each act reads a version, writes the next one, and names who did it and why. What a person decided
is never overwritten by a machine (``pipeline.documents.confirmation``).
"""

from __future__ import annotations

from pipeline.corrections.boundaries import RECUT, begin_paper, continue_paper
from pipeline.corrections.fields import (
    CONFIRMED,
    CORRECTED,
    FieldAct,
    FieldChange,
    amend,
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
from pipeline.corrections.reuse import REUSED, Reuse, reuse_paper
from pipeline.corrections.undoing import UNDONE, undo

__all__ = [
    "BY_ITSELF",
    "CONFIRMED",
    "CORRECTED",
    "JOINED",
    "RECUT",
    "REUSED",
    "SEPARATED",
    "SPLIT",
    "UNDONE",
    "FieldAct",
    "FieldChange",
    "Joined",
    "Reuse",
    "amend",
    "begin_paper",
    "continue_paper",
    "join",
    "join_by_itself",
    "lift",
    "part",
    "reuse_paper",
    "separate",
    "undo",
]
