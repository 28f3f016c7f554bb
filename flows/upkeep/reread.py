"""Finds the dossiers whose pages were read under an older recipe, and asks to read them again.

Nothing is read again unless somebody names it: a new recipe changes words, and takes hours.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline import stages
from pipeline.access import may_hand_out
from pipeline.errors import ArchiveError
from pipeline.model import Record
from pipeline.page_edits.reading import plain_recipe
from pipeline.ports import Archive

log = logging.getLogger(__name__)


class OlderReading(NamedTuple):
    """A dossier of which some pages were read under other recipes than the present one."""

    record: Record  # its newest
    pages: tuple[int, ...]  # their numbers within the dossier
    recipes: tuple[str, ...]  # under which they were read, sorted


def older_readings(
    dossiers: Iterable[str], recipe: str, archive: Archive, damaged: list[str] | None = None
) -> Iterator[OlderReading]:
    """Yield the dossiers of which pages were read under another recipe, in the order given.

    Withheld and joined ones are left out, and those that wait to be read anyway.

    Args:
        dossiers: ids of dossiers that exist.
        recipe: the present recipe of the reader.
        archive: where the records are.
        damaged: a list that the ids of dossiers are added to whose record cannot be read.
    """
    for dossier in dossiers:
        try:
            record = stages.newest_record(dossier, archive)
        except ArchiveError as error:
            log.warning("%s cannot be read again: %s", dossier, error)
            if damaged is not None:
                damaged.append(dossier)
            continue
        if record.dossier.outcome is None or not may_hand_out(record):
            continue
        older = {
            number: plain_recipe(note.recipe)
            for number, note in enumerate(record.dossier.pages, start=1)
            if note.recipe and plain_recipe(note.recipe) != recipe
        }
        if older:
            yield OlderReading(record, tuple(older), tuple(sorted({*older.values()})))
