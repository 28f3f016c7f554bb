"""Looks up which dossiers carry a dossier code (mã hồ sơ), and which one a new drop may belong to.

The archive notes codes as records are written; the search index knows those of records from 0.1.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from itertools import islice

from pipeline.access import may_hand_out
from pipeline.documents import squeeze_code
from pipeline.errors import SearchUnavailableError
from pipeline.joining.missing_files import filled_by, missing_files
from pipeline.model import Dossier, Outcome, Query, Record
from pipeline.ports import Archive, SearchIndex

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60.0
MOST = 50  # dossiers looked at for one code; an office gives a code to one


@dataclass(slots=True)
class _Pause:
    """Until when the index is not asked: a drop must not wait for an index that is away."""

    until: float = 0.0  # monotonic seconds


index_pause = _Pause()


def dossiers_of(code: str, archive: Archive, index: SearchIndex | None) -> tuple[Record, ...]:
    """Return the newest records of the dossiers that carry a code, the oldest dossier first.

    Those that were joined into another one are left out, withheld ones are not.

    Args:
        code: the dossier code.
        archive: where codes are noted.
        index: knows older records; without it, or while it is away, the notes alone count.
    """
    known = dict.fromkeys((*archive.carriers(code), *_indexed(code, index)))
    found = (archive.find_record(dossier) for dossier in islice(sorted(known), MOST))
    return tuple(record for record in found if record and _carries(record.dossier, code))


def proposed_join(dossier: Dossier, archive: Archive, index: SearchIndex | None) -> str | None:
    """Return the id of the dossier that a new one of the same code may be joined to, if any.

    Args:
        dossier: the new dossier, with its code.
        archive: where the others are.
        index: knows those that 0.1 received.
    """
    if not dossier.code:
        return None
    others = [
        record
        for record in dossiers_of(dossier.code, archive, index)
        if record.dossier.id != dossier.id
    ]
    wanting = (record for record in others if stands_for(record, dossier, archive))
    free = (record for record in others if may_hand_out(record))
    chosen = next(wanting, None) or next(free, None) or next(iter(others), None)
    return chosen.dossier.id if chosen else None


def stands_for(older: Record, newer: Dossier, archive: Archive) -> dict[str, str]:
    """Return which missing file each scan of a drop is, when it may take that place by itself.

    It may when both came from the same watched folder, neither is withheld, and all that the drop
    brings is exactly what a PARTIAL dossier lacks; one that waits for its first reading and lacks
    a file is about to become PARTIAL.

    Returns:
        SHA-256 of a scan -> name of the missing file; empty when a person must decide.
    """
    dossier = older.dossier
    is_same_place = dossier.origin is not None and dossier.origin == newer.origin
    is_free = may_hand_out(older) and may_hand_out(newer)
    if not is_same_place or not is_free or dossier.outcome not in (None, Outcome.PARTIAL):
        return {}
    return filled_by(dossier, newer, missing_files(archive.history(dossier.id)))


def _carries(dossier: Dossier, code: str) -> bool:
    is_same = squeeze_code(dossier.code or "") == squeeze_code(code)
    return is_same and dossier.joined_into is None


def _indexed(code: str, index: SearchIndex | None) -> list[str]:
    if index is None or index_pause.until > time.monotonic():
        return []
    try:
        return [hit.dossier for hit in index.find(Query(code, limit=MOST)).hits if hit.code == code]
    except SearchUnavailableError as error:
        log.warning("dossiers of one code are looked up without the index: %s", error)
        index_pause.until = time.monotonic() + PAUSE_SECONDS
        return []
