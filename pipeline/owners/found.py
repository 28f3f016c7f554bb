"""Finds the papers of an owner: where the index says, as the newest records have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.access import may_hand_out
from pipeline.errors import ObjectMissingError
from pipeline.model import Document, OwnedPaper, PaperValidity, Record
from pipeline.owners.numbers import is_owned_by
from pipeline.owners.validity import validity_on
from pipeline.ports import Archive
from pipeline.ports.owners import OwnerIndex
from pipeline.versions import newest_record

MOST_PAPERS = 200  # papers in one answer
_AT_ONCE = 200  # places that are asked of the index together
_MOST_LOOKED = 3_000  # places that are looked at, seen or not; the newest ones


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper of an owner, and whether it holds."""

    record: Record  # the newest one of its dossier
    document: Document
    validity: PaperValidity


def papers_held(
    number: str,
    owners: OwnerIndex,
    archive: Archive,
    day: date,
    may_see: Callable[[Record], bool] = lambda _: True,
) -> Iterator[HeldPaper]:
    """Yield the papers of an owner, those of the newest dossiers first.

    The index may be behind: a paper counts while the newest record says so, too. Whoever wants a
    limit sets it on what is yielded: what the visitor may not see does not count.

    Args:
        number: the number as ``owner_number`` gives it.
        owners: the index of owners; it is asked for more while more papers are wanted.
        archive: the store.
        day: the day on which the papers are wanted.
        may_see: tells whether the visitor may know of a dossier.
    """
    records: dict[str, Record | None] = {}
    for place in islice(_places(number, owners), _MOST_LOOKED):
        if place.dossier not in records:
            records[place.dossier] = _record(place.dossier, archive, may_see)
        record = records[place.dossier]
        if record is None:
            continue
        for document in record.dossier.documents:
            if document.pages[:1] == (place.page,) and is_owned_by(document, number):
                yield HeldPaper(record, document, validity_on(document, day))


def _places(number: str, owners: OwnerIndex) -> Iterator[OwnedPaper]:
    last: OwnedPaper | None = None
    while batch := owners.find(number, _AT_ONCE, last):
        yield from batch
        if len(batch) < _AT_ONCE:
            return
        last = batch[-1]


def _record(dossier: str, archive: Archive, may_see: Callable[[Record], bool]) -> Record | None:
    try:
        record = newest_record(dossier, archive)
    except ObjectMissingError:
        return None
    return record if may_hand_out(record) and may_see(record) else None
