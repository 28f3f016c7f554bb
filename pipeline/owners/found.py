"""Finds the papers of an owner: where the index says, as the newest records have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.access import may_hand_out
from pipeline.errors import ObjectMissingError
from pipeline.model import Document, OwnedPaper, PaperValidity, Record
from pipeline.owners.numbers import is_owned_by
from pipeline.owners.validity import validity_on
from pipeline.ports import Archive
from pipeline.versions import newest_record

MOST_PAPERS = 200  # papers in one answer


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper of an owner, and whether it holds."""

    record: Record  # the newest one of its dossier
    document: Document
    validity: PaperValidity


def papers_held(
    number: str,
    places: Sequence[OwnedPaper],
    archive: Archive,
    day: date,
    may_see: Callable[[Record], bool] = lambda _: True,
) -> Iterator[HeldPaper]:
    """Yield the papers of an owner in the order of the places.

    The index may be behind: a paper counts while the newest record says so, too.

    Args:
        number: the number as ``owner_number`` gives it.
        places: the places that the index of owners gave for that number.
        archive: the store.
        day: the day on which the papers are wanted.
        may_see: tells whether the visitor may know of a dossier.
    """
    records: dict[str, Record | None] = {}
    for place in places:
        if place.dossier not in records:
            records[place.dossier] = _record(place.dossier, archive, may_see)
        record = records[place.dossier]
        if record is None:
            continue
        for document in record.dossier.documents:
            if document.pages[:1] == (place.page,) and is_owned_by(document, number):
                yield HeldPaper(record, document, validity_on(document, day))


def _record(dossier: str, archive: Archive, may_see: Callable[[Record], bool]) -> Record | None:
    try:
        record = newest_record(dossier, archive)
    except ObjectMissingError:
        return None
    return record if may_hand_out(record) and may_see(record) else None
